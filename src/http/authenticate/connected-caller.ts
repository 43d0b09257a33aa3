import type { AccessTokenClaims, AccessTokenSigner } from "../../operations/ports/access-token.ts";
import type { ConnectedCaller } from "../../protocol/connection.ts";
import type { ConnectionScope } from "../../protocol/wire/connection.ts";
import { ProtocolError } from "../../shared/error.ts";

const MAX_TOKEN_LENGTH = 8 * 1024;

export interface ConnectedCallerDependencies {
  readonly config: { readonly issuer: string };
  readonly tokens: AccessTokenSigner;
}

/**
 * Who calls the protection API (a PAT, scope uma_protection) or the owner's API (scope uma_policy). That the
 * connection still stands is checked where the work is done, in the same step, so that it costs no round trip.
 * @throws ProtocolError invalid_token without a good access token, insufficient_scope for another scope (RFC 6750 §3.1).
 */
export async function authenticateConnectedCaller(
  request: Request,
  scope: ConnectionScope,
  dependencies: ConnectedCallerDependencies,
  now: number,
): Promise<ConnectedCaller> {
  const token = bearerToken(request, scope);
  const claims = token.length > MAX_TOKEN_LENGTH ? null : await dependencies.tokens.verify(token, now);
  const caller = claims && connectedCaller(claims, dependencies.config.issuer);
  if (!caller) throw invalidToken("the access token is not valid here, has expired or was withdrawn", scope);
  if (caller.scopes.includes(scope)) return caller;
  throw new ProtocolError("insufficient_scope", `this needs an access token with the scope ${scope}`, { scope });
}

/** RFC 6750 §2: the header only, since URLs end up in logs; and never two tokens in one request. */
function bearerToken(request: Request, scope: ConnectionScope): string {
  const token = /^bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (token === undefined) throw invalidToken("send the access token as Authorization: Bearer", scope);
  if (new URL(request.url).searchParams.has("access_token")) throw sentTwice();
  return token;
}

/** An RPT has no connection, and an ID Token another type and audience: neither speaks for a resource server. */
function connectedCaller(claims: AccessTokenClaims, issuer: string): ConnectedCaller | null {
  if (claims.iss !== issuer || claims.aud !== issuer || claims.connection_generation === undefined) return null;
  return {
    ownerId: claims.sub,
    clientId: claims.client_id,
    generation: claims.connection_generation,
    scopes: claims.scope?.split(" ") ?? [],
  };
}

/** The refusal of a request that carries its access token more than once (RFC 6750 §2). */
export function sentTwice(): ProtocolError {
  return new ProtocolError("invalid_request", "send the access token once, in the Authorization header");
}

/** Also for a token whose connection has ended since it was made. */
export function invalidToken(description: string, scope: ConnectionScope): ProtocolError {
  return new ProtocolError("invalid_token", description, { scope });
}
