import type { Whereabouts } from "../../policy/evaluation/where.ts";
import { checkAskedFor } from "../../protocol/access-request.ts";
import type { AccessGift } from "../../protocol/authorization-code.ts";
import type { Client } from "../../protocol/client.ts";
import type { Confirmation } from "../../protocol/wire/confirmation.ts";
import type { TokenBody } from "../../protocol/wire/token.ts";
import { ProtocolError } from "../../shared/error.ts";
import type { IssueServices } from "../grant/issue-rpt.ts";
import { issueAccess } from "./issue-access.ts";
import { AFTER_VISIT, type PresentAccessServices, presentAccess } from "./present-access.ts";

export interface RedeemAccessServices extends PresentAccessServices, IssueServices {}

/** A code of a client that has proved that it is meant for it. */
interface AccessRedemption {
  readonly client: Client;
  readonly gift: AccessGift;
  /** The parameters `resource` of the token request, as identifiers are compared; empty: none was sent. */
  readonly resources: readonly string[];
  readonly confirmation: Confirmation | null;
  readonly whereabouts: Whereabouts;
  readonly source: string;
}

/**
 * Turns the code that a visit ended with into an RPT: its ticket is spent in the owner's ledger as at the UMA grant.
 * @throws ProtocolError invalid_grant for a code that was used, or where the owner or their policies say no by now;
 *   invalid_target for a resource that was not asked for, temporarily_unavailable, too_many_requests
 */
export async function redeemAccess(
  services: RedeemAccessServices,
  { client, gift: { ticket, door }, resources, confirmation, whereabouts, source }: AccessRedemption,
): Promise<TokenBody & { readonly scope: string }> {
  checkAskedFor(door.resources, resources);
  const reply = await presentAccess(services, { ...AFTER_VISIT, client, ticket, whereabouts, source });
  if (reply === null) throw notGood("spent");
  if (reply.outcome !== "granted") throw notGood("not_granted");
  return issueAccess(services, { ledger: ticket.ledger, clientId: client.id, door, rpt: reply.rpt, confirmation });
}

/** Only the operator reads which it was. */
function notGood(fault: "spent" | "not_granted"): ProtocolError {
  const description = "the code is not good (any more), or access is not allowed any more: ask anew";
  return new ProtocolError("invalid_grant", description, { reason: `code_${fault}` });
}
