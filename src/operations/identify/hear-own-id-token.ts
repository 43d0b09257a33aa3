import type { HeardParty } from "../../ledger/contract.ts";
import type { ClaimTokenFault } from "../../protocol/claim-token-fault.ts";
import { namesIdToken } from "../../protocol/claim-token-format.ts";
import { parsePerson } from "../../protocol/identity.ts";
import { partyKey } from "../../protocol/party.ts";
import type { PermissionTicket } from "../../protocol/ticket.ts";
import { type AccountClaimsServices, readAccountClaims } from "../account/account-claims.ts";
import { readName } from "../account/create-account.ts";
import { makePartyCard } from "../party-card.ts";
import type { PushedToken } from "../ports/claim-token.ts";
import type { IdTokenSigner } from "../ports/id-token.ts";
import type { ConsentedPerson, IdentityConsentStore } from "../ports/identity-consent.ts";
import type { PairwiseSubjects } from "../ports/party.ts";
import type { Sealer } from "../ports/seal.ts";

export interface HearOwnIdTokenServices extends AccountClaimsServices {
  readonly idTokens: Pick<IdTokenSigner, "read">;
  readonly sealer: Sealer;
  readonly identityConsents: Pick<IdentityConsentStore, "find">;
  readonly pairwise: PairwiseSubjects;
}

/** A token that says that this server issued it. */
interface OwnIdToken extends Pick<PushedToken, "client" | "name"> {
  /** In compact form. */
  readonly jwt: string;
}

/** What an ID Token of this server says of the requesting party, or why it does not count. */
export type OwnIdTokenVerdict =
  | { readonly accepted: true; readonly heard: HeardParty }
  | { readonly accepted: false; readonly fault: ClaimTokenFault };

/**
 * Hears who somebody is from an ID Token that this server gave the pushing client when they signed in there. It leads to
 * the account, so the party is the one that the claims page knows, with what is said of it now; only when its person
 * proved who they are is as the token says.
 */
export async function hearOwnIdToken(
  services: HearOwnIdTokenServices,
  { client, jwt, name }: OwnIdToken,
  place: Pick<PermissionTicket, "ledger" | "resourceServerId">,
  now: number,
): Promise<OwnIdTokenVerdict> {
  if (!namesIdToken(name)) return { accepted: false, fault: "format" };
  const claims = await services.idTokens.read(jwt, now);
  if (claims === null) return { accepted: false, fault: "signature" };
  if (claims.aud !== client.id) return { accepted: false, fault: "aud" };
  if (claims.exp <= now) return { accepted: false, fault: "exp" };
  const person = parsePerson(await services.sealer.open("person", claims.jti));
  const found = person === null ? null : await services.identityConsents.find(person.consentId);
  // The consent was taken back, or the account is gone.
  if (found === null) return { accepted: false, fault: "inactive" };
  return { accepted: true, heard: await hear(services, found, claims.auth_time, place, now) };
}

async function hear(
  services: HearOwnIdTokenServices,
  found: ConsentedPerson,
  authenticatedAt: number,
  { ledger, resourceServerId }: Pick<PermissionTicket, "ledger" | "resourceServerId">,
  now: number,
): Promise<HeardParty> {
  const { account } = found;
  const [{ claims, trustedUntil }, name] = await Promise.all([
    readAccountClaims(services, { ...found, session: { authenticatedAt } }, now),
    readName(services, account),
  ]);
  const [partyReference, card] = await Promise.all([
    services.pairwise.subject(resourceServerId, partyKey(claims)),
    makePartyCard(services, ledger, claims, name),
  ]);
  return { claims, trustedUntil, partyReference, card, isOwner: account.ownerId === ledger };
}
