import type { Actor } from "../../protocol/actor.ts";
import type { ActivityNameStore } from "../ports/activity-names.ts";
import { requireStanding } from "../under-connection.ts";

/**
 * What clients, and resources and documents of the owner's, are called. One round trip, and none where nothing is asked.
 * @returns by id; what is gone or was never named is left out.
 * @throws ProtocolError invalid_token when the connection has ended.
 */
export async function nameIds(
  { activityNames }: { readonly activityNames: ActivityNameStore },
  actor: Actor,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  return requireStanding(await activityNames.load(actor, [...new Set(ids)])).names;
}
