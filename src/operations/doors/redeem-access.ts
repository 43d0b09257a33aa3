import type { Whereabouts } from "../../policy/evaluation/where.ts";
import { checkAskedFor } from "../../protocol/access-request.ts";
import type { AccessGift } from "../../protocol/authorization-code.ts";
import type { Client } from "../../protocol/client.ts";
import { audienceOf, locationsIn } from "../../protocol/door.ts";
import type { Confirmation } from "../../protocol/wire/confirmation.ts";
import type { TokenBody } from "../../protocol/wire/token.ts";
import { ProtocolError } from "../../shared/error.ts";
import type { IssueServices } from "../grant/issue-rpt.ts";
import { type IssueIdTokenServices, issueIdToken } from "../identify/issue-identity.ts";
import { describePerson } from "../identify/read-user-info.ts";
import type { AccountSeals } from "../ports/account-seal.ts";
import type { IdentityConsentStore } from "../ports/identity-consent.ts";
import { issueAccess } from "./issue-access.ts";
import { AFTER_VISIT, type PresentAccessServices, presentAccess } from "./present-access.ts";

export interface RedeemAccessServices extends PresentAccessServices, IssueServices, IssueIdTokenServices {
  readonly config: IssueServices["config"] & IssueIdTokenServices["config"];
  readonly identityConsents: Pick<IdentityConsentStore, "find">;
  readonly accountSeals: AccountSeals;
}

/** A code of a client that has proved that it is meant for it. */
interface AccessRedemption {
  readonly client: Client;
  readonly gift: AccessGift;
  /** Whose visit it came of. */
  readonly accountId: string;
  /** The parameters `resource` of the token request, as identifiers are compared; empty: none was sent. */
  readonly resources: readonly string[];
  readonly confirmation: Confirmation | null;
  readonly whereabouts: Whereabouts;
  readonly source: string;
}

/**
 * Turns the code that a visit ended with into an RPT: its ticket is spent in the owner's ledger as at the UMA grant. One
 * that comes again ends what it gave (RFC 6749 §4.1.2).
 * @throws ProtocolError invalid_grant for a code that was used, or where the owner or their policies say no by now;
 *   invalid_target for a resource that was not asked for, temporarily_unavailable, too_many_requests
 */
export async function redeemAccess(
  services: RedeemAccessServices,
  redemption: AccessRedemption,
): Promise<TokenBody & { readonly scope: string }> {
  const { client, gift, resources, confirmation, whereabouts, source } = redemption;
  const { ticket, door, identity } = gift;
  checkAskedFor(locationsIn(audienceOf(door)), resources);
  const person = identity && (await services.identityConsents.find(identity.consentId));
  if (identity !== null && person === null) throw notGood("consent_ended");
  const reply = await presentAccess(services, { ...AFTER_VISIT, client, ticket, inCode: true, whereabouts, source });
  if (reply === null) throw notGood("spent");
  if (reply.outcome !== "granted") throw notGood("not_granted");
  const order = { ledger: ticket.ledger, clientId: client.id, door, rpt: reply.rpt, confirmation };
  const body = await issueAccess(services, order);
  if (identity === null || person === null) return body;
  // Its access token is for elsewhere, so what else may be known stands in the ID Token (OpenID Connect Core §5.4).
  const claims = await describePerson(services, person, identity.scopes);
  const known = { client, accountId: redemption.accountId, identity };
  return { ...body, id_token: await issueIdToken(services, known, reply.rpt.issuedAt, claims) };
}

/** Only the operator reads which it was. */
function notGood(fault: "spent" | "not_granted" | "consent_ended"): ProtocolError {
  const description = "the code is not good (any more), or access is not allowed any more: ask anew";
  return new ProtocolError("invalid_grant", description, { reason: `code_${fault}` });
}
