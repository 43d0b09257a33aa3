import * as oauth from "oauth4webapi";
import type { Settings } from "./settings.ts";

/** What a resource server reads from the discovery document (RFC 8414 §2, FedAuthz §2). */
export interface Metadata extends oauth.AuthorizationServer {
  readonly resource_registration_endpoint: string;
  readonly permission_endpoint: string;
  readonly introspection_endpoint: string;
}

/** Usher cannot be asked, or nobody's consent to ask is left: either way nobody can be let in. */
export class UsherUnreachable extends Error {
  override readonly name = "UsherUnreachable";
}

let known: Metadata | null = null;

/** The issuer must say its own name: a document of somebody else's would hand them our secret (RFC 8414 §3.3). */
export async function discover(settings: Settings): Promise<Metadata> {
  if (known?.issuer === settings.USHER) return known;
  const response = await reach(fetch(`${settings.USHER}/.well-known/uma2-configuration`));
  const metadata = await response.json<Metadata>();
  if (metadata.issuer !== settings.USHER) throw new UsherUnreachable("discovery names another issuer");
  known = metadata;
  return metadata;
}

/** Who we are at Usher, for the functions of oauth4webapi. */
export function credentials(settings: Settings) {
  return {
    client: { client_id: settings.CLIENT_ID },
    secret: oauth.ClientSecretBasic(settings.CLIENT_SECRET),
    // Plain http is for development: it counts on loopback only.
    options: { [oauth.allowInsecureRequests]: new URL(settings.USHER).hostname === "localhost" },
  };
}

export async function reach(sent: Promise<Response>): Promise<Response> {
  const response = await sent.catch((cause: unknown) => {
    throw new UsherUnreachable("the connection failed", { cause });
  });
  if (response.status >= 500) throw new UsherUnreachable(`the answer was ${response.status}`);
  return response;
}
