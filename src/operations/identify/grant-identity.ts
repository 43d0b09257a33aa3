import type { IdentityRequest } from "../../protocol/authorization-request.ts";
import type { GrantedIdentity } from "../../protocol/identity.ts";
import { IDENTITY_SCOPES } from "../../protocol/wire/identity.ts";
import { ProtocolError } from "../../shared/error.ts";
import type { Consenter } from "../ports/consent.ts";
import type { IdentityConsentStore } from "../ports/identity-consent.ts";
import type { Randomness } from "../ports/secret.ts";
import type { SignedIn } from "../ports/session.ts";

export interface KeepIdentityConsentServices {
  readonly identityConsents: Pick<IdentityConsentStore, "keep">;
  readonly randomness: Randomness;
}

/** What a client is told of a sign-in that was consented to. */
export function grantIdentity(
  { scopes, nonce }: IdentityRequest,
  consentId: string,
  { session }: SignedIn,
): GrantedIdentity {
  return { consentId, scopes, nonce, authenticatedAt: session.authenticatedAt, methods: session.methods };
}

/**
 * Keeps that somebody lets a client learn who they are, beside what it may know already.
 * @throws ProtocolError not_found where the client, or the account, has gone meanwhile
 */
export async function keepIdentityConsent(
  { identityConsents, randomness }: KeepIdentityConsentServices,
  clientId: string,
  identity: IdentityRequest,
  person: Consenter,
  now: number,
): Promise<GrantedIdentity> {
  const known = person.identityConsent?.scopes ?? [];
  const scopes = IDENTITY_SCOPES.filter((scope) => known.includes(scope) || identity.scopes.includes(scope));
  const consent = { id: randomness.id(), accountId: person.account.id, clientId, scopes, consentedAt: now };
  const consentId = await identityConsents.keep(consent);
  if (consentId === null) throw new ProtocolError("not_found", "the client, or your account, is not there any more");
  return grantIdentity(identity, consentId, person);
}
