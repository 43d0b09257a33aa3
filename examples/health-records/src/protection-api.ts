import { asOwner, type OwnerTokens } from "./as-owner.ts";
import type { Settings } from "./settings.ts";
import { discover, type Metadata, UsherUnreachable } from "./usher.ts";

/** The answer to an introspected RPT (FedAuthz §5.1.1). */
export interface Introspection {
  readonly active: boolean;
  readonly permissions?: readonly {
    readonly resource_id: string;
    readonly resource_scopes: readonly string[];
    /** Epoch seconds. */
    readonly exp?: number;
  }[];
}

/**
 * The protection API as seen from a resource server (FedAuthz §1.3): three calls, each with the PAT of the owner whose
 * resource it is about. One owner's PAT knows nothing of another's resources.
 */
export class ProtectionApi {
  readonly #settings: Settings;
  readonly #pats: OwnerTokens;

  constructor(settings: Settings, pats: OwnerTokens) {
    this.#settings = settings;
    this.#pats = pats;
  }

  /** Puts a resource under Usher's protection and returns the id it goes by there (FedAuthz §3.2.1). */
  async register(description: { type: string; name: string; resource_scopes: readonly string[] }): Promise<string> {
    const response = await this.#call("resource_registration_endpoint", description);
    if (response.status !== 201) throw new UsherUnreachable(`registration was answered with ${response.status}`);
    return (await response.json<{ _id: string }>())._id;
  }

  /**
   * Asks for a permission ticket on behalf of a client that came without enough (FedAuthz §4).
   * @returns null when Usher does not know the resource (any more): register it again.
   */
  async requestTicket(resourceId: string, scope: string): Promise<string | null> {
    const permission = { resource_id: resourceId, resource_scopes: [scope] };
    const response = await this.#call("permission_endpoint", permission);
    const body = await response.json<{ ticket?: string; error?: string }>();
    if (response.status === 400 && body.error === "invalid_resource_id") return null;
    if (response.status !== 201 || !body.ticket) throw new UsherUnreachable(`no ticket: ${response.status}`);
    return body.ticket;
  }

  /**
   * Asks what an RPT is good for, now (FedAuthz §5.1). Asking each time, rather than checking the signature here,
   * is what makes a withdrawal count at once.
   */
  async introspect(rpt: string): Promise<Introspection> {
    const response = await this.#call("introspection_endpoint", new URLSearchParams({ token: rpt }));
    if (!response.ok) throw new UsherUnreachable(`introspection was answered with ${response.status}`);
    return response.json<Introspection>();
  }

  async #call(endpoint: keyof Metadata & string, body: object): Promise<Response> {
    return asOwner(this.#pats, "POST", String((await discover(this.#settings))[endpoint]), body);
  }
}
