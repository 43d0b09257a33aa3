import * as oauth from "oauth4webapi";
import type { Settings } from "./settings.ts";

/** What a resource server reads from the discovery document (FedAuthz §2). */
interface Metadata extends oauth.AuthorizationServer {
  readonly resource_registration_endpoint: string;
  readonly permission_endpoint: string;
  readonly introspection_endpoint: string;
}

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

/** Usher cannot be asked, so nobody can be let in. */
export class UsherUnreachable extends Error {
  override readonly name = "UsherUnreachable";
}

/**
 * The protection API as seen from a resource server (FedAuthz §1.3): three calls, each with the PAT. The PAT and the
 * discovery document are kept for as long as this Worker stays in memory.
 */
export class ProtectionApi {
  readonly #settings: Settings;
  #metadata: Metadata | null = null;
  #pat: string | null = null;

  constructor(settings: Settings) {
    this.#settings = settings;
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
    const url = String((await this.#discover())[endpoint]);
    const response = await this.#send(url, body, this.#pat ?? (await this.#renewPat()));
    // The PAT has expired, or the clinic's connection was renewed.
    return response.status === 401 ? this.#send(url, body, await this.#renewPat()) : response;
  }

  async #send(url: string, body: object, pat: string): Promise<Response> {
    const form = body instanceof URLSearchParams;
    const headers = new Headers({ Authorization: `Bearer ${pat}` });
    if (!form) headers.set("Content-Type", "application/json");
    return reach(fetch(url, { method: "POST", headers, body: form ? body : JSON.stringify(body) }));
  }

  /** The issuer must say its own name: a document of somebody else's would hand them our secret (RFC 8414 §3.3). */
  async #discover(): Promise<Metadata> {
    if (this.#metadata !== null) return this.#metadata;
    const response = await reach(fetch(`${this.#settings.USHER}/.well-known/uma2-configuration`));
    const metadata = await response.json<Metadata>();
    if (metadata.issuer !== this.#settings.USHER) throw new UsherUnreachable("discovery names another issuer");
    this.#metadata = metadata;
    return metadata;
  }

  /** The clinic is an organisation, so its consent stands at Usher and no person is asked (RFC 6749 §4.4). */
  async #renewPat(): Promise<string> {
    const server = await this.#discover();
    const client = { client_id: this.#settings.CLIENT_ID };
    const secret = oauth.ClientSecretBasic(this.#settings.CLIENT_SECRET);
    // http counts on loopback only: never outside development.
    const options = { [oauth.allowInsecureRequests]: new URL(server.issuer).hostname === "localhost" };
    const scope = { scope: "uma_protection" };
    const response = await reach(oauth.clientCredentialsGrantRequest(server, client, secret, scope, options));
    const answer = await oauth.processClientCredentialsResponse(server, client, response).catch((cause: unknown) => {
      throw new UsherUnreachable("Usher gives us no PAT", { cause });
    });
    this.#pat = answer.access_token;
    return answer.access_token;
  }
}

async function reach(sent: Promise<Response>): Promise<Response> {
  const response = await sent.catch((cause: unknown) => {
    throw new UsherUnreachable("the connection failed", { cause });
  });
  if (response.status >= 500) throw new UsherUnreachable(`the answer was ${response.status}`);
  return response;
}
