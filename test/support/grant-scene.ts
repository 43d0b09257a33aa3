import type { JWTPayload } from "jose";
import type { Answer } from "./http-site.ts";
import type { Cast, Credentials, Permission, World } from "./world.ts";

/** The scopes of alice's photos (RES1 and RES2 of the requirements) and of her album. */
export const PHOTO = ["view", "resize", "print", "download"];
export const ALBUM = ["view", "edit", "download"];

type Document = Readonly<Record<string, unknown>>;
/** What goes along with a ticket; with an `idToken` that is pushed. */
type Extras = Parameters<World["uma"]>[2];

/** Bob, by the address his provider has verified. */
export const BOB: Document = { claim: "email", equals: "bob@example.com" };
export const ANYONE: Document = { anyone: true };

/** What the grant's tests stand on: a cast with its tokens, and short words for what they do. */
export class GrantScene {
  readonly world: World;
  readonly cast: Cast;
  readonly pat: string;
  readonly tool: string;

  private constructor(world: World, cast: Cast, pat: string, tool: string) {
    this.world = world;
    this.cast = cast;
    this.pat = pat;
    this.tool = tool;
  }

  static async open(world: World): Promise<GrantScene> {
    const cast = await world.cast();
    const [pat, tool] = await Promise.all([world.connectedToken(cast.rs1), world.connectedToken(cast.tool)]);
    return new GrantScene(world, cast, pat, tool);
  }

  resource(scopes: readonly string[] = PHOTO, more: Document = {}): Promise<string> {
    return this.world.registerResource(this.pat, { resource_scopes: scopes, ...more });
  }

  /** @returns the policy's id. */
  permit(resource: string, scopes: readonly string[] | "all", who: Document = BOB, more: Document = {}) {
    return this.world.policy(this.tool, { effect: "permit", target: { resources: [resource] }, scopes, who, ...more });
  }

  deny(resource: string, who: Document = BOB): Promise<string> {
    const target = { resources: [resource] };
    return this.world.policy(this.tool, { effect: "deny", target, scopes: "all", who });
  }

  async removePolicy(id: string): Promise<void> {
    await this.world.send("DELETE", `/owner/policies/${id}`, { bearer: this.tool });
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
