import { byAccount, type Change, subjectOf } from "../ledger/change.ts";
import type { ChangeReply } from "../ledger/contract.ts";
import type { EventSink } from "./ports/event.ts";

/** Tells the operator of a change that an owner's ledger took, as the ledger tells the owner; what is refused is told as such. */
export function tellChange(
  events: EventSink,
  change: Change,
  reply: ChangeReply,
  at: { readonly ownerId: string; readonly clientId: string | null; readonly accountId?: string | null },
): void {
  if (reply.outcome !== "done" && reply.outcome !== "pending") return;
  const version = reply.outcome === "done" ? { version: reply.version } : {};
  const { ownerId, clientId, accountId = null } = at;
  const by = { ownerId, clientId, ...byAccount(accountId) };
  events.emit({ kind: "changed", change: change.kind, subject: subjectOf(change), ...version, ...by });
}
