import type { Answer } from "./http-site.ts";
import type { Credentials, Permission, World } from "./world.ts";

/** The protection API as one resource server calls it for one owner. */
export class ProtectionApi {
  readonly pat: string;
  readonly #world: World;

  constructor(world: World, pat: string) {
    this.#world = world;
    this.pat = pat;
  }

  /** With an access token of its own. */
  static async of(world: World, resourceServer: Credentials): Promise<ProtectionApi> {
    return new ProtectionApi(world, await world.connectedToken(resourceServer));
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

  patch(id: string, json: unknown): Promise<Answer> {
    return this.#world.send("PATCH", `/resources/${id}`, { bearer: this.pat, json });
  }

  remove(id: string): Promise<Answer> {
    return this.#world.send("DELETE", `/resources/${id}`, { bearer: this.pat });
  }

  /** @param query such as `?limit=1`. */
  list(query = ""): Promise<Answer> {
    return this.#world.send("GET", `/resources${query}`, { bearer: this.pat });
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

/** A permission as requests name it. */
export function permission(resourceId: string, ...scopes: readonly string[]): Permission {
  return { resource_id: resourceId, resource_scopes: scopes };
}
