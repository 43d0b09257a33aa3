import type { Answer } from "./http-site.ts";
import { type Cast, type Credentials, type Permission, text, type World } from "./world.ts";

/** The protection API as one resource server calls it for one owner. */
export class ProtectionApi {
  readonly pat: string;
  readonly #world: World;

  constructor(world: World, pat: string) {
    this.#world = world;
    this.pat = pat;
  }

  create(json: unknown): Promise<Answer> {
    return this.#world.send("POST", "/resources", { bearer: this.pat, json });
  }

  /** @returns the new resource's id. */
  register(...scopes: readonly string[]): Promise<string> {
    return this.#world.registerResource(this.pat, { resource_scopes: scopes });
  }

  read(id: string): Promise<Answer> {
    return this.#world.send("GET", `/resources/${id}`, { bearer: this.pat });
  }

  update(id: string, json: unknown): Promise<Answer> {
    return this.#world.send("PUT", `/resources/${id}`, { bearer: this.pat, json });
  }

  remove(id: string): Promise<Answer> {
    return this.#world.send("DELETE", `/resources/${id}`, { bearer: this.pat });
  }

  list(): Promise<Answer> {
    return this.#world.send("GET", "/resources", { bearer: this.pat });
  }

  /** A request to the permission endpoint. */
  ask(json: unknown): Promise<Answer> {
    return this.#world.send("POST", "/permission", { bearer: this.pat, json });
  }

  introspect(token: string): Promise<Answer> {
    return this.#world.send("POST", "/introspection", { bearer: this.pat, form: { token } });
  }

  /** The permissions of an RPT; null when it is not active. */
  async permissionsOf(rpt: string): Promise<unknown> {
    const { active, permissions } = await this.#world.introspect(this.pat, rpt);
    return active === true ? permissions : null;
  }
}

/** A cast with its tokens, where RPTs are got in one step. */
export class ProtectionScene {
  readonly world: World;
  readonly cast: Cast;
  /** Alice's resources at RS1. */
  readonly rs1: ProtectionApi;
  /** The access token of alice's tool. */
  readonly tool: string;

  constructor(world: World, cast: Cast, rs1: ProtectionApi, tool: string) {
    this.world = world;
    this.cast = cast;
    this.rs1 = rs1;
    this.tool = tool;
  }

  /** Lets anyone do everything with everything of alice's; `more` narrows it. @returns the policy's id. */
  permit(more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const everything = { effect: "permit", target: { all: true }, scopes: "all", who: { anyone: true } };
    return this.world.policy(this.tool, { ...everything, ...more });
  }

  redeem(ticket: string): Promise<Answer> {
    return this.world.uma(this.cast.c1, ticket);
  }

  /** An RPT for what RS1 asks. */
  async rpt(...permissions: readonly Permission[]): Promise<string> {
    return text(await this.redeem(await this.world.ticket(this.rs1.pat, permissions)), "access_token");
  }

  /** Connects one more resource server to alice. */
  async connectResourceServer(registration: Readonly<Record<string, unknown>> = {}): Promise<ProtectionApi> {
    return connectResourceServer(this.world, this.cast.alice, registration);
  }
}

/** @param registration of RS1, where it differs from the usual. */
export async function createProtectionScene(
  world: World,
  registration: Readonly<Record<string, unknown>> = {},
): Promise<ProtectionScene> {
  const cast = await world.cast();
  const [rs1, tool] = await Promise.all([
    Object.keys(registration).length > 0
      ? connectResourceServer(world, cast.alice, registration)
      : protectionApi(world, cast.rs1),
    world.connectedToken(cast.tool),
  ]);
  return new ProtectionScene(world, cast, rs1, tool);
}

async function connectResourceServer(
  world: World,
  owner: string,
  registration: Readonly<Record<string, unknown>>,
): Promise<ProtectionApi> {
  const client = await world.client({ client_name: "RS", grant_types: ["client_credentials"], ...registration });
  await world.connect(owner, client, ["uma_protection"]);
  return protectionApi(world, client);
}

async function protectionApi(world: World, client: Credentials): Promise<ProtectionApi> {
  return new ProtectionApi(world, await world.connectedToken(client));
}

/** A permission as requests name it. */
export function permission(resourceId: string, ...scopes: readonly string[]): Permission {
  return { resource_id: resourceId, resource_scopes: scopes };
}
