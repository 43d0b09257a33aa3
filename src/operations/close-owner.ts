import type { CloseReply, LedgerDirectory } from "../ledger/contract.ts";
import type { DeletionStore } from "./ports/deletion.ts";
import type { EventSink } from "./ports/event.ts";

export interface CloseServices {
  readonly deletions: DeletionStore;
  readonly ledgers: LedgerDirectory;
  readonly events: EventSink;
}

/**
 * Ends an owner whose end was asked for. When this returns, everything about the owner is no; the rest follows by itself
 * (docs/design.md, "Order of steps"). Safe to repeat.
 */
export async function closeOwner(services: CloseServices, ownerId: string, now: number): Promise<CloseReply> {
  const accountId = await services.deletions.findAccountId(ownerId);
  const reply = await services.ledgers.ledger(ownerId).close({ ownerId, accountId, closedAt: now });
  services.events.emit({ kind: "owner_gone", ownerId });
  if (accountId !== null) services.events.emit({ kind: "account_deleted", accountId, ownerId });
  return reply;
}
