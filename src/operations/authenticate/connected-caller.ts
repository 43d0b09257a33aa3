import type { ConnectedCaller } from "../../protocol/connection.ts";
import type { ConnectionScope } from "../../protocol/wire/connection.ts";
import { ProtocolError } from "../../shared/error.ts";
import type { AccessTokenClaims, AccessTokenSigner } from "../ports/access-token.ts";
import type { EventSink } from "../ports/event.ts";
import { checkPossession, type PossessionServices, type PresentedToken } from "./possession.ts";

interface ConnectedCallerServices extends PossessionServices {
  readonly config: PossessionServices["config"] & { readonly issuer: string };
  readonly tokens: Pick<AccessTokenSigner, "verify">;
  readonly events: EventSink;
}

/** Who calls, and a nonce for the next proof, where the one that was used is about to be too old. */
interface AuthenticatedCaller {
  readonly caller: ConnectedCaller;
  readonly nextNonce: string | null;
}

/**
 * Who calls the protection API (a PAT, scope uma_protection) or the owner's API (scope uma_policy). That the
 * connection still stands is checked where the work is done, in the same step, so that it costs no round trip.
 * @throws ProtocolError invalid_token without a good access token, insufficient_scope for another scope (RFC 6750 §3.1),
 *   invalid_dpop_proof or use_dpop_nonce where it is bound to a key (RFC 9449 §7.1).
 */
export async function authenticateConnectedCaller(
  services: ConnectedCallerServices,
  presented: PresentedToken,
  scope: ConnectionScope,
  now: number,
): Promise<AuthenticatedCaller> {
  const claims = await services.tokens.verify(presented.accessToken, now);
  const caller = claims && connectedCaller(claims, services.config.issuer);
  if (!claims || !caller) {
    const description = "the access token is not valid here, has expired or was withdrawn";
    throw new ProtocolError("invalid_token", description, { scope });
  }
  const nextNonce = await checkPossession(services, presented, claims.cnf ?? null, scope, now);
  services.events.emit({ kind: "authenticated", clientId: caller.clientId, ownerId: caller.ownerId, proven: true });
  if (caller.scopes.includes(scope)) return { caller, nextNonce };
  throw new ProtocolError("insufficient_scope", `this needs an access token with the scope ${scope}`, { scope });
}

/** An RPT has no connection, and an ID Token another type and audience: neither speaks for a resource server. */
export function connectedCaller(claims: AccessTokenClaims, issuer: string): ConnectedCaller | null {
  if (claims.iss !== issuer || claims.aud !== issuer || claims.connection_generation === undefined) return null;
  return {
    ownerId: claims.sub,
    clientId: claims.client_id,
    generation: claims.connection_generation,
    tokenId: claims.jti,
    scopes: claims.scope?.split(" ") ?? [],
  };
}
