import type { JWTPayload } from "jose";
import type { Answer } from "./http-site.ts";
import { ProtectionApi } from "./protection-api.ts";
import { type Cast, type Credentials, type Permission, text, type World } from "./world.ts";

/** The scopes of alice's photos (RES1 and RES2 of the requirements) and of her album. */
export const PHOTO = ["view", "resize", "print", "download"];
export const ALBUM = ["view", "edit", "download"];

type Document = Readonly<Record<string, unknown>>;
/** What goes along with a ticket; with an `idToken` that is pushed. */
type Extras = Parameters<World["uma"]>[2];

/** Bob, by the address his provider has verified. */
export const BOB: Document = { claim: "email", equals: "bob@example.com" };
export const ANYONE: Document = { anyone: true };

/** A cast with its tokens, and short words for what happens between them. */
export class Scene {
  readonly world: World;
  readonly cast: Cast;
  /** Alice's resources at RS1. */
  readonly rs1: ProtectionApi;
  /** The access token of alice's tool. */
  readonly tool: string;

  private constructor(world: World, cast: Cast, rs1: ProtectionApi, tool: string) {
    this.world = world;
    this.cast = cast;
    this.rs1 = rs1;
    this.tool = tool;
  }

  /** @param registration of RS1, where it differs from the usual. */
  static async open(world: World, registration: Document = {}): Promise<Scene> {
    const cast = await world.cast(registration);
    const [rs1, tool] = await Promise.all([ProtectionApi.of(world, cast.rs1), world.connectedToken(cast.tool)]);
    return new Scene(world, cast, rs1, tool);
  }

  /** The access token of RS1. */
  get pat(): string {
    return this.rs1.pat;
  }

  /** Connects one more resource server to alice. */
  async connectResourceServer(registration: Document = {}): Promise<ProtectionApi> {
    const client = await this.world.client({ client_name: "RS", grant_types: ["client_credentials"], ...registration });
    await this.world.connect(this.cast.alice, client, ["uma_protection"]);
    return ProtectionApi.of(this.world, client);
  }

  /** RS1 for another owner: from then on RS1 has to say for whom it wants a token. */
  async connectOwner(name = "carol"): Promise<ProtectionApi> {
    const owner = await this.world.owner(name);
    await this.world.connect(owner, this.cast.rs1, ["uma_protection"]);
    return new ProtectionApi(this.world, await this.world.connectedToken(this.cast.rs1, { resource_owner: owner }));
  }

  /** Alice's tool asks the owner's API. */
  ask(method: string, path: string, json?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const call = { bearer: this.tool, headers, ...(json === undefined ? {} : { json }) };
    return this.world.send(method, `/owner${path}`, call);
  }

  async disconnectTool(): Promise<void> {
    await this.world.admin("DELETE", `/owners/${this.cast.alice}/connections/${this.cast.tool.id}`);
  }

  resource(scopes: readonly string[] = PHOTO, more: Document = {}): Promise<string> {
    return this.world.registerResource(this.pat, { resource_scopes: scopes, ...more });
  }

  /** @returns the policy's id. */
  permit(resource: string, scopes: readonly string[] | "all", who: Document = BOB, more: Document = {}) {
    return this.world.policy(this.tool, { effect: "permit", target: { resources: [resource] }, scopes, who, ...more });
  }

  /** Lets anyone do everything with everything of alice's; `more` narrows it. @returns the policy's id. */
  permitAnyone(more: Document = {}): Promise<string> {
    const everything = { effect: "permit", target: { all: true }, scopes: "all", who: ANYONE };
    return this.world.policy(this.tool, { ...everything, ...more });
  }

  deny(resource: string, who: Document = BOB): Promise<string> {
    const target = { resources: [resource] };
    return this.world.policy(this.tool, { effect: "deny", target, scopes: "all", who });
  }

  async removePolicy(id: string): Promise<void> {
    await this.ask("DELETE", `/policies/${id}`);
  }

  /** A photo with the usual policy: bob may view it. */
  async sharedPhoto(): Promise<string> {
    const photo = await this.resource();
    await this.permit(photo, ["view"]);
    return photo;
  }

  /** A ticket that stands for viewing, unless scopes are given. */
  ticket(resource: string, scopes: readonly string[] = ["view"]): Promise<string> {
    return this.world.ticket(this.pat, { resource_id: resource, resource_scopes: scopes });
  }

  ticketForAll(sets: readonly Permission[]): Promise<string> {
    return this.world.ticket(this.pat, sets);
  }

  /** C1 redeems a ticket. */
  redeem(ticket: string, extras: Extras = {}): Promise<Answer> {
    return this.world.uma(this.cast.c1, ticket, extras);
  }

  redeemAs(client: Credentials, ticket: string, extras: Extras = {}): Promise<Answer> {
    return this.world.uma(client, ticket, extras);
  }

  /** An RPT for what RS1 asks, where no claims are needed. */
  async rpt(...permissions: readonly Permission[]): Promise<string> {
    return text(await this.redeem(await this.ticketForAll(permissions)), "access_token");
  }

  /** An ID Token about bob for C1. */
  bob(claims: JWTPayload = {}): Promise<string> {
    return this.world.idToken(this.cast, claims);
  }

  mallory(claims: JWTPayload = {}): Promise<string> {
    return this.bob({ sub: "mallory", email: "mallory@example.com", ...claims });
  }

  introspect(token: unknown, pat = this.pat): Promise<Readonly<Record<string, unknown>>> {
    return this.world.introspect(pat, String(token));
  }

  /** Alice decides, by her tool, about the request that came last. */
  async decide(decision: Document): Promise<Answer> {
    const { items } = (await this.ask("GET", "/requests?status=waiting&limit=1")).body;
    const [request] = items ?? [];
    return this.ask("POST", `/requests/${request?.request_id}/decision`, { version: request?.version, ...decision });
  }

  /** What introspection says an answer's RPT permits: resource id to its scopes, sorted. */
  async granted({ body }: Answer): Promise<Readonly<Record<string, readonly string[]>>> {
    const { permissions } = await this.introspect(body.access_token);
    const list = (permissions ?? []) as readonly Permission[];
    return Object.fromEntries(list.map((one) => [one.resource_id, [...one.resource_scopes].sort()]));
  }

  refresh(client: Credentials, token: unknown, more: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.world.token(client, { grant_type: "refresh_token", refresh_token: String(token), ...more });
  }
}

/** What a refusal looks like: status, code, and other members of its body. */
export function refused(status: number, error: string, members: Document = {}): object {
  return { status, body: { error, ...members } };
}

export function needInfo(members: Document): object {
  return refused(403, "need_info", members);
}

export const INVALID_GRANT = refused(400, "invalid_grant");
export const NEED_INFO = needInfo({});
export const REQUEST_DENIED = refused(403, "request_denied");
export const REQUEST_SUBMITTED = refused(403, "request_submitted");
