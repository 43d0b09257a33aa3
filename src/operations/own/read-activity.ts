import type { Activity } from "../../ledger/activity.ts";
import type { LedgerDirectory } from "../../ledger/contract.ts";
import type { Actor } from "../../protocol/actor.ts";
import { connectionEnded } from "../under-connection.ts";

/**
 * What happened to what an owner shares, newest first.
 * @param before the id of an entry: only older ones are asked for; null: from the newest on.
 * @throws ProtocolError invalid_token when the connection has ended.
 */
export async function readActivity(
  services: { readonly ledgers: LedgerDirectory },
  caller: Actor,
  before: number | null,
  limit: number,
): Promise<readonly Activity[]> {
  const entries = await services.ledgers.ledger(caller.ownerId).activity(caller, before, limit);
  if (entries === null) throw connectionEnded();
  return entries;
}
