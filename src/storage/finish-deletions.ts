import type { LedgerDirectory } from "../ledger/contract.ts";
import type { DeletionStore } from "../operations/ports/deletion.ts";
import { DELETION_KEPT_SECONDS } from "../protocol/lifetimes.ts";
import { HOUR } from "../shared/time.ts";

/** Ledgers that are woken in one run; those beyond wait for the next. */
const WOKEN_AT_A_TIME = 100;

/**
 * An end that was asked for and has not come, because something failed before the ledger heard of it, is brought about;
 * and what is known of those who are gone is forgotten in time. Safe to repeat.
 */
export async function finishDeletions(deletions: DeletionStore, ledgers: LedgerDirectory, now: number): Promise<void> {
  for (const ownerId of await deletions.listUnfinished(now - HOUR, WOKEN_AT_A_TIME)) {
    const accountId = await deletions.findAccountId(ownerId);
    await ledgers.ledger(ownerId).close({ ownerId, accountId, closedAt: now });
  }
  await deletions.removeErasedBefore(now - DELETION_KEPT_SECONDS);
}
