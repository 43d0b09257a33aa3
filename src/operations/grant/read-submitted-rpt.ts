import type { SubmittedRpt } from "../../ledger/contract.ts";
import type { Client } from "../../protocol/client.ts";
import { isSameConfirmation } from "../../protocol/confirmation.ts";
import type { PermissionTicket } from "../../protocol/ticket.ts";
import type { Confirmation } from "../../protocol/wire/confirmation.ts";
import { type FindRptServices, readRpt } from "../find-rpt.ts";

/** An RPT that comes with a ticket to be upgraded (Grant §3.3.5.1). */
interface Submission {
  readonly client: Client;
  readonly rpt: string;
  /** What the new RPT is to be bound to; null: nothing. */
  readonly confirmation: Confirmation | null;
}

/**
 * Where the permissions of a submitted RPT are kept. It may have expired: what its grant still holds counts. INVARIANT: what
 * is bound to a key goes into nothing that is bound to less (RFC 9449 §5).
 *
 * @returns null for what cannot be upgraded with this ticket, which is no error
 */
export async function readSubmittedRpt(
  services: FindRptServices,
  { client, rpt, confirmation }: Submission,
  ticket: PermissionTicket,
  now: number,
): Promise<SubmittedRpt | null> {
  const locator = await readRpt(services, rpt, now);
  if (locator === null || locator.clientId !== client.id || locator.ledger !== ticket.ledger) return null;
  if (locator.confirmation !== null && !isSameConfirmation(locator.confirmation, confirmation)) return null;
  const { grantId, expiresAt, scopes } = locator;
  return { grantId, expiresAt, scopes };
}
