import type { InactiveCause } from "../../events/event.ts";
import type { Introspector } from "../../ledger/contract.ts";
import type { ConnectedCaller } from "../../protocol/connection.ts";
import { describeAccessToken } from "../../protocol/introspection.ts";
import type { Choices } from "../../protocol/profile.ts";
import { CONNECTION_SCOPES, PROTECTION_SCOPE } from "../../protocol/wire/connection.ts";
import type { IntrospectionBody } from "../../protocol/wire/introspection.ts";
import { connectedCaller } from "../authenticate/connected-caller.ts";
import type { AccessTokenClaims, AccessTokenSigner } from "../ports/access-token.ts";
import type { ConnectionStore } from "../ports/connection.ts";
import { connectionEnded } from "../under-connection.ts";

export interface IntrospectAccessTokenServices {
  readonly config: { readonly issuer: string; readonly profile: Pick<Choices, "bearerName"> };
  readonly tokens: Pick<AccessTokenSigner, "verify">;
  readonly connections: Pick<ConnectionStore, "stands">;
}

/**
 * What is told of an access token that is no RPT (RFC 7662): to the client that it was issued to, and with a PAT only of
 * tokens for that owner, because nobody else has to know of it.
 * @returns the answer, or why there is none
 * @throws ProtocolError invalid_token when the connection of the caller's PAT has ended
 */
export async function introspectAccessToken(
  { config, tokens, connections }: IntrospectAccessTokenServices,
  caller: Introspector,
  token: string,
  now: number,
): Promise<IntrospectionBody | InactiveCause> {
  const claims = await tokens.verify(token, now);
  const holder = claims && connectedCaller(claims, config.issuer);
  if (claims === null || holder === null) return "not_good";
  if (!isOwn(holder, caller)) return "elsewhere";
  const [isCallerStanding, isHolderStanding] = await Promise.all([
    caller.generation === null || connections.stands(caller, PROTECTION_SCOPE),
    stands(connections, holder),
  ]);
  if (!isCallerStanding) throw connectionEnded();
  return isHolderStanding ? describe(config, claims) : "ended";
}

function isOwn(holder: ConnectedCaller, caller: Introspector): boolean {
  return holder.clientId === caller.clientId && (caller.generation === null || holder.ownerId === caller.ownerId);
}

/** Under the first of its scopes: whatever ends one of them ends all (docs/design.md, "Connection, client, issuer"). */
async function stands(connections: Pick<ConnectionStore, "stands">, holder: ConnectedCaller): Promise<boolean> {
  const scope = CONNECTION_SCOPES.find((one) => holder.scopes.includes(one));
  return scope !== undefined && connections.stands(holder, scope);
}

function describe(
  { issuer, profile }: IntrospectAccessTokenServices["config"],
  claims: AccessTokenClaims,
): IntrospectionBody {
  return describeAccessToken({
    issuer,
    bearerName: profile.bearerName,
    ownerId: claims.sub,
    clientId: claims.client_id,
    scope: claims.scope ?? "",
    issuedAt: claims.iat,
    expiresAt: claims.exp,
    confirmation: claims.cnf ?? null,
  });
}
