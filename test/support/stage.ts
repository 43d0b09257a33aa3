import type { LoadRequest } from "../bench/load.ts";
import { basicCredentials } from "./http-site.ts";
import { ADMIN_SECRET } from "./server.ts";
import { type Cast, ID_TOKEN_FORMAT, type Permission, UMA_GRANT, World } from "./world.ts";

const DESCRIPTION = { name: "Lab report", type: "lab-report", resource_scopes: ["view", "edit"] };
const SCOPES = ["view"];
const ID_TOKEN_LIFETIME_SECONDS = 3_600;
const MINTING_LANES = 16;

export interface Redemption {
  readonly status: number;
  /** Empty unless the status is 200. */
  readonly rpt: string;
}

/** The access tokens of the cast: the resource server's PAT, and the token of the owner's tool. */
interface Tokens {
  readonly pat: string;
  readonly tool: string;
}

/** A policy that permits to view one resource. */
function viewPolicy(resourceId: string, who: object): Readonly<Record<string, unknown>> {
  return { effect: "permit", target: { resources: [resourceId] }, scopes: SCOPES, who };
}

function permissionOn(resourceId: string): Permission {
  return { resource_id: resourceId, resource_scopes: SCOPES };
}

/** The scene that soaks and benches play in: a cast of its own and what happens between them, by name. */
export class Stage {
  readonly requests: HotRequests;
  /** An ID Token of bob's that opens the guarded resource, for an hour. */
  readonly claimToken: string;
  readonly #world: World;
  readonly #cast: Cast;
  readonly #tokens: Tokens;

  constructor(world: World, cast: Cast, tokens: Tokens, claimToken: string) {
    this.#world = world;
    this.#cast = cast;
    this.#tokens = tokens;
    this.claimToken = claimToken;
    this.requests = new HotRequests(world.site.issuer, tokens.pat, basicCredentials(cast.c1));
  }

  get issuer(): string {
    return this.#world.site.issuer;
  }

  get ownerId(): string {
    return this.#cast.alice;
  }

  get resourceServerId(): string {
    return this.#cast.rs1.id;
  }

  registerResource(): Promise<string> {
    return this.#world.registerResource(this.#tokens.pat, DESCRIPTION);
  }

  async hasResource(id: string): Promise<boolean> {
    const answer = await this.#world.send("GET", `/resources/${id}`, { bearer: this.#tokens.pat });
    return answer.status === 200;
  }

  /** Lets anyone view a resource. @returns the policy's id */
  permitAnyone(resourceId: string): Promise<string> {
    return this.#world.policy(this.#tokens.tool, viewPolicy(resourceId, { anyone: true }));
  }

  /** Lets bob view a resource, who has to show his e-mail address. */
  permitBob(resourceId: string): Promise<string> {
    const who = { claim: "email", equals: "bob@example.com" };
    return this.#world.policy(this.#tokens.tool, viewPolicy(resourceId, who));
  }

  async hasPolicy(id: string): Promise<boolean> {
    const answer = await this.#world.send("GET", `/owner/policies/${id}`, { bearer: this.#tokens.tool });
    return answer.status === 200;
  }

  async withdraw(policyId: string): Promise<void> {
    const answer = await this.#world.send("DELETE", `/owner/policies/${policyId}`, { bearer: this.#tokens.tool });
    if (answer.status !== 204) throw new Error(`the withdrawal was answered ${answer.status}: ${answer.text}`);
  }

  mintTicket(resourceId: string): Promise<string> {
    return this.#world.ticket(this.#tokens.pat, permissionOn(resourceId));
  }

  async mintTickets(resourceId: string, count: number): Promise<readonly string[]> {
    const tickets: string[] = [];
    const lane = async () => {
      for (let left = count / MINTING_LANES; left > 0; left -= 1) tickets.push(await this.mintTicket(resourceId));
    };
    await Promise.all(Array.from({ length: MINTING_LANES }, lane));
    return tickets.slice(0, count);
  }

  async redeem(ticket: string): Promise<Redemption> {
    const { status, body } = await this.#world.uma(this.#cast.c1, ticket);
    return { status, rpt: status === 200 ? String(body.access_token) : "" };
  }

  async isActive(rpt: string): Promise<boolean> {
    return (await this.#world.introspect(this.#tokens.pat, rpt)).active === true;
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
    const body = JSON.stringify(permissionOn(resourceId));
    return { method: "POST", url: `${this.#issuer}/permission`, headers, body, expectedStatus: 201 };
  }

  redemption(ticket: string, claimToken: string | null): LoadRequest {
    const pushed = claimToken === null ? {} : { claim_token: claimToken, claim_token_format: ID_TOKEN_FORMAT };
    return this.#form("/token", this.#client, { grant_type: UMA_GRANT, ticket, ...pushed });
  }

  introspection(rpt: string): LoadRequest {
    return this.#form("/introspection", this.#pat, { token: rpt });
  }

  #form(path: string, authorization: string, fields: Record<string, string>): LoadRequest {
    const headers = { authorization, "content-type": "application/x-www-form-urlencoded" };
    const body = new URLSearchParams(fields).toString();
    return { method: "POST", url: this.#issuer + path, headers, body, expectedStatus: 200 };
  }
}

/** A fresh cast on the server at this origin. */
export async function createStage(origin: string): Promise<Stage> {
  const world = new World({ fetch: (request) => fetch(request), issuer: origin, adminSecret: ADMIN_SECRET });
  const cast = await world.cast();
  const tokens = { pat: await world.connectedToken(cast.rs1), tool: await world.connectedToken(cast.tool) };
  const expiry = Math.floor(Date.now() / 1_000) + ID_TOKEN_LIFETIME_SECONDS;
  return new Stage(world, cast, tokens, await world.idToken(cast, { exp: expiry }));
}
