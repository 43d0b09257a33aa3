import { formRequest, type LoadRequest } from "../../bench/load.ts";
import { basicCredentials } from "./http-site.ts";
import { permission } from "./protection-api.ts";
import type { Prover } from "./prover.ts";
import { ANYONE, BOB, Scene } from "./scene.ts";
import { ADMIN_SECRET } from "./start-server.ts";
import { expectStatus, ID_TOKEN_FORMAT, text, UMA_GRANT, World } from "./world.ts";

const SCOPES = ["view"];
const ID_TOKEN_LIFETIME_SECONDS = 3_600;
const MINTING_LANES = 16;

export interface Redemption {
  readonly status: number;
  /** Empty unless the status is 200. */
  readonly rpt: string;
}

/** The scene that soaks and benches play in: a cast of its own, and what happens between them many times. */
export class LoadScene {
  readonly requests: HotRequests;
  /** An ID Token of bob's that opens the guarded resource, for an hour. */
  readonly claimToken: string;
  readonly #scene: Scene;

  private constructor(scene: Scene, claimToken: string) {
    const { world, cast, pat } = scene;
    this.#scene = scene;
    this.claimToken = claimToken;
    this.requests = new HotRequests(world.site.issuer, pat, basicCredentials(cast.c1));
  }

  /** A fresh cast on the server at this origin. */
  static async open(origin: string, adminSecret = ADMIN_SECRET): Promise<LoadScene> {
    const site = { fetch: (request: Request) => fetch(request), issuer: origin, adminSecret };
    const scene = await Scene.open(new World(site));
    const expiry = Math.floor(Date.now() / 1_000) + ID_TOKEN_LIFETIME_SECONDS;
    return new LoadScene(scene, await scene.bob({ exp: expiry }));
  }

  get issuer(): string {
    return this.#scene.world.site.issuer;
  }

  get world(): World {
    return this.#scene.world;
  }

  get ownerId(): string {
    return this.#scene.cast.alice;
  }

  get resourceServerId(): string {
    return this.#scene.cast.rs1.id;
  }

  registerResource(): Promise<string> {
    return this.#scene.resource(["view", "edit"], { name: "Lab report", type: "lab-report" });
  }

  /** Whatever is kept of the resource somewhere is dropped. */
  async describeAnew(id: string, description: Readonly<Record<string, unknown>>): Promise<void> {
    expectStatus(await this.#scene.rs1.update(id, description), 200);
  }

  async hasResource(id: string): Promise<boolean> {
    return (await this.#scene.rs1.read(id)).status === 200;
  }

  /** Whether its owner still has a resource, of whichever resource server. */
  async isOwned(id: string): Promise<boolean> {
    return (await this.#scene.ask("GET", `/resources/${id}`)).status === 200;
  }

  /** Lets anyone view a resource. @returns the policy's id */
  permitAnyone(resourceId: string): Promise<string> {
    return this.#scene.permit(resourceId, SCOPES, ANYONE);
  }

  /** Lets bob view a resource, who has to show his e-mail address. */
  permitBob(resourceId: string): Promise<string> {
    return this.#scene.permit(resourceId, SCOPES, BOB);
  }

  /** Lets whoever has verified an address view a resource. @returns the policy's id */
  permitAddress(resourceId: string, address: string): Promise<string> {
    return this.#scene.permit(resourceId, SCOPES, { claim: "email", equals: address });
  }

  async hasPolicy(id: string): Promise<boolean> {
    return (await this.#scene.ask("GET", `/policies/${id}`)).status === 200;
  }

  async withdraw(policyId: string): Promise<void> {
    expectStatus(await this.#scene.ask("DELETE", `/policies/${policyId}`), 204);
  }

  mintTicket(resourceId: string): Promise<string> {
    return this.#scene.ticket(resourceId, SCOPES);
  }

  mintTickets(resourceId: string, count: number): Promise<readonly string[]> {
    return this.mintTicketsFor(Array.from({ length: count }, () => resourceId));
  }

  /** One ticket for each of these resources, in no order. */
  async mintTicketsFor(resourceIds: readonly string[]): Promise<readonly string[]> {
    const tickets: string[] = [];
    const waiting = resourceIds.values();
    const lane = async () => {
      for (const id of waiting) tickets.push(await this.mintTicket(id));
    };
    await Promise.all(Array.from({ length: MINTING_LANES }, lane));
    return tickets;
  }

  /** An access token of the resource server that is bound to a key. */
  async boundPat(prover: Prover): Promise<string> {
    const answer = await prover.token(this.#scene.cast.rs1, { grant_type: "client_credentials" });
    return text(expectStatus(answer, 200), "access_token");
  }

  /** Requests that upgrade an RPT, each for a party of its own: one party has no more grants than some. */
  async prepareUpgrades(resourceId: string, count: number): Promise<readonly LoadRequest[]> {
    const parties = Array.from({ length: count }, (_, index) => `party-${index}-${crypto.randomUUID()}`);
    const prepared: LoadRequest[] = [];
    const waiting = parties.values();
    const exp = Math.floor(Date.now() / 1_000) + ID_TOKEN_LIFETIME_SECONDS;
    const lane = async () => {
      for (const sub of waiting) {
        const idToken = await this.#scene.bob({ sub, exp });
        const { body } = await this.#scene.redeem(await this.mintTicket(resourceId), { idToken });
        const ticket = await this.mintTicket(resourceId);
        prepared.push(this.requests.redemption(ticket, idToken, String(body.access_token)));
      }
    };
    await Promise.all(Array.from({ length: MINTING_LANES }, lane));
    return prepared;
  }

  async redeem(ticket: string): Promise<Redemption> {
    const { status, body } = await this.#scene.redeem(ticket);
    return { status, rpt: status === 200 ? String(body.access_token) : "" };
  }

  /** Bob's app redeems a ticket, with the RPT that is to go into the new one; null: none. */
  async upgrade(ticket: string, rpt: string | null): Promise<Redemption & { readonly upgraded: boolean }> {
    const submitted = rpt === null ? {} : { rpt };
    const { status, body } = await this.#scene.redeem(ticket, { idToken: this.claimToken, ...submitted });
    return { status, rpt: status === 200 ? String(body.access_token) : "", upgraded: body.upgraded === true };
  }

  /** The resources that an RPT permits something of. */
  async permitted(rpt: string): Promise<readonly string[]> {
    const { permissions = [] } = await this.#scene.introspect(rpt);
    return (permissions as readonly { readonly resource_id: string }[]).map(({ resource_id }) => resource_id);
  }

  async isActive(rpt: string): Promise<boolean> {
    return (await this.#scene.introspect(rpt)).active === true;
  }
}

/** The requests of the hot paths, ready to be sent many times. */
export class HotRequests {
  readonly discovery: LoadRequest;
  readonly #issuer: string;
  readonly #pat: string;
  readonly #client: string;

  constructor(issuer: string, pat: string, client: string) {
    this.#issuer = issuer;
    this.#pat = `Bearer ${pat}`;
    this.#client = client;
    this.discovery = { method: "GET", url: `${issuer}/.well-known/uma2-configuration`, expectedStatus: 200 };
  }

  permission(resourceId: string): LoadRequest {
    const headers = { authorization: this.#pat, "content-type": "application/json" };
    const body = JSON.stringify(permission(resourceId, ...SCOPES));
    return { method: "POST", url: `${this.#issuer}/permission`, headers, body, expectedStatus: 201 };
  }

  redemption(ticket: string, claimToken: string | null, rpt: string | null = null): LoadRequest {
    const pushed = claimToken === null ? {} : { claim_token: claimToken, claim_token_format: ID_TOKEN_FORMAT };
    const fields = { grant_type: UMA_GRANT, ticket, ...pushed, ...(rpt === null ? {} : { rpt }) };
    return formRequest(`${this.#issuer}/token`, this.#client, fields);
  }

  introspection(rpt: string): LoadRequest {
    return formRequest(`${this.#issuer}/introspection`, this.#pat, { token: rpt });
  }
}
