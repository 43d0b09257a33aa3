import type { InactiveCause } from "../../events/event.ts";
import type { Introspector } from "../../ledger/contract.ts";
import type { ConnectedCaller } from "../../protocol/connection.ts";
import { isTokenEnded } from "../../protocol/identity.ts";
import { describeAccessToken, hasBegun } from "../../protocol/introspection.ts";
import type { Choices } from "../../protocol/profile.ts";
import { CONNECTION_SCOPES, PROTECTION_SCOPE } from "../../protocol/wire/connection.ts";
import type { IntrospectionBody } from "../../protocol/wire/introspection.ts";
import { connectedCaller } from "../authenticate/connected-caller.ts";
import { openPerson } from "../identify/open-person.ts";
import type { AccessTokenClaims, AccessTokenSigner } from "../ports/access-token.ts";
import type { ConnectionStore } from "../ports/connection.ts";
import type { IdentityConsentStore } from "../ports/identity-consent.ts";
import type { Sealer } from "../ports/seal.ts";
import { connectionEnded } from "../under-connection.ts";

export interface IntrospectAccessTokenServices {
  readonly config: { readonly issuer: string; readonly profile: Pick<Choices, "bearerName"> };
  readonly tokens: Pick<AccessTokenSigner, "verify">;
  readonly sealer: Sealer;
  readonly connections: Pick<ConnectionStore, "stands">;
  readonly identityConsents: Pick<IdentityConsentStore, "find">;
}

/**
 * What is told of an access token that is no RPT (RFC 7662): to the client that it was issued to, and with a PAT only of
 * tokens for that owner, because nobody else has to know of it.
 * @returns the answer, or why there is none
 * @throws ProtocolError invalid_token when the connection of the caller's PAT has ended
 */
export async function introspectAccessToken(
  services: IntrospectAccessTokenServices,
  caller: Introspector,
  token: string,
  now: number,
): Promise<IntrospectionBody | InactiveCause> {
  const claims = await services.tokens.verify(token, now);
  if (claims === null || !hasBegun(claims.iat, now)) return "not_good";
  const holder = connectedCaller(claims, services.config.issuer);
  if (claims.client_id !== caller.clientId || !isOfSameOwner(holder, caller)) return "elsewhere";
  const [isCallerStanding, isActive] = await Promise.all([
    caller.generation === null || services.connections.stands(caller, PROTECTION_SCOPE),
    holder === null ? isOfStandingConsent(services, claims) : stands(services, holder),
  ]);
  if (!isCallerStanding) throw connectionEnded();
  return isActive ? describe(services.config, claims) : "ended";
}

function isOfSameOwner(holder: ConnectedCaller | null, caller: Introspector): boolean {
  return caller.generation === null || holder?.ownerId === caller.ownerId;
}

/** Under the first of its scopes: whatever ends one of them ends all (docs/design.md, "Connection, client, issuer"). */
async function stands({ connections }: IntrospectAccessTokenServices, holder: ConnectedCaller): Promise<boolean> {
  const scope = CONNECTION_SCOPES.find((one) => holder.scopes.includes(one));
  return scope !== undefined && connections.stands(holder, scope);
}

/** Of one that only tells who signed in. */
async function isOfStandingConsent(
  { sealer, identityConsents }: IntrospectAccessTokenServices,
  claims: AccessTokenClaims,
): Promise<boolean> {
  const person = await openPerson(sealer, claims);
  const found = person && (await identityConsents.find(person.consentId));
  return found !== null && !isTokenEnded(found, claims.iat);
}

function describe(
  { issuer, profile }: IntrospectAccessTokenServices["config"],
  claims: AccessTokenClaims,
): IntrospectionBody {
  return describeAccessToken({
    issuer,
    bearerName: profile.bearerName,
    subject: claims.sub,
    clientId: claims.client_id,
    scope: claims.scope ?? "",
    issuedAt: claims.iat,
    expiresAt: claims.exp,
    confirmation: claims.cnf ?? null,
  });
}
