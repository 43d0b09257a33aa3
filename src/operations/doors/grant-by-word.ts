import { describeAsk, describeDenial } from "../../events/describe-for-client.ts";
import type { Whereabouts } from "../../policy/evaluation/where.ts";
import { type AccessRequest, invalidTarget } from "../../protocol/access-request.ts";
import { describeTokenFault } from "../../protocol/claim-token-fault.ts";
import { type Client, isPublic, mayUseCode } from "../../protocol/client.ts";
import type { Confirmation } from "../../protocol/wire/confirmation.ts";
import type { TokenBody } from "../../protocol/wire/token.ts";
import { invalidRequest, type ProtocolError } from "../../shared/error.ts";
import type { Evidence, Place } from "../grant/hear-token.ts";
import type { IssueServices } from "../grant/issue-rpt.ts";
import { type AskForAccessServices, askForAccess } from "./ask-for-access.ts";
import { issueAccess } from "./issue-access.ts";
import { type PresentAccessServices, presentAccess } from "./present-access.ts";

export interface GrantByWordServices extends AskForAccessServices, PresentAccessServices, IssueServices {
  readonly config: AskForAccessServices["config"] & IssueServices["config"];
}

/** A client that asks by name, and brings somebody's word about its user. */
export interface WordOrder {
  readonly client: Client;
  readonly access: AccessRequest;
  /** What is its user's own, where they have an account here; null: nobody knows. */
  readonly ownOwnerId: string | null;
  /** Hears the word, as it counts there. */
  readonly hear: (place: Place) => Promise<Evidence>;
  readonly confirmation: Confirmation | null;
  readonly whereabouts: Whereabouts;
  readonly source: string;
}

/**
 * Grants what a client asks for by name to somebody of whom it brings a word, in one step: there is no ticket with which it
 * could bring more.
 * @throws ProtocolError invalid_target also where the policies do not let them in, or the owner has to decide (RFC 8693
 *   §2.2.2); invalid_request for a word that does not count; as askForAccess and presentAccess
 */
export async function grantByWord(
  services: GrantByWordServices,
  { client, access, ownOwnerId, hear, confirmation, whereabouts, source }: WordOrder,
  now: number,
): Promise<TokenBody & { readonly scope: string }> {
  const { ticket, door } = await askForAccess(services, { clientId: client.id, access, ownOwnerId }, now);
  const evidence = await hear(ticket);
  if (evidence.fault !== null) throw doesNotCount(client, evidence.fault);
  const means = { mayPushClaims: client.mayPushClaims, maySignIn: mayUseCode(client), mayRedirect: false };
  const reply = await presentAccess(services, { client, ticket, inCode: false, evidence, means, whereabouts, source });
  const isAuthenticated = !isPublic(client);
  switch (reply?.outcome) {
    case "granted":
      return issueAccess(services, { ledger: ticket.ledger, clientId: client.id, door, rpt: reply.rpt, confirmation });
    case "need_info":
      throw invalidTarget(describeAsk(evidence, reply.needs, isAuthenticated));
    case "denied": {
      const { denial, word = null } = reply;
      throw invalidTarget(describeDenial(evidence, denial?.cause ?? "policies", { isAuthenticated, word }));
    }
    case "submitted":
      throw invalidTarget("the resource owner has to decide, and has been asked: try again later");
    case undefined:
      throw invalidTarget("what was asked for is no longer protected here");
  }
}

function doesNotCount(client: Client, fault: NonNullable<Evidence["fault"]>): ProtocolError {
  const told = isPublic(client) ? "" : `: ${describeTokenFault(fault)}`;
  return invalidRequest(`the token about your user does not count${told}`, `claim_token_${fault}`);
}
