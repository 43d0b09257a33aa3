import type { ListedKey } from "../../keys/key.ts";
import type { Counts, RecordCounts } from "../ports/counts.ts";
import type { EventSink } from "../ports/event.ts";
import type { Keys } from "../ports/keys.ts";

interface KeyServices {
  readonly keys: Pick<Keys, "list" | "rotate">;
}

/** Every key of the ring that is kept, without the key itself. */
export function listKeys({ keys }: KeyServices): Promise<readonly ListedKey[]> {
  return keys.list();
}

/** Gives the keys in use successors; a repeat names those that already wait for their turn. */
export async function rotateKeys({
  keys,
  events,
}: KeyServices & { readonly events: EventSink }): Promise<readonly ListedKey[]> {
  const rotated = await keys.rotate();
  events.emit({ kind: "administered", what: "rotate_keys" });
  return rotated;
}

/** How much the system of record holds. */
export function countRecords({ counts }: { readonly counts: Counts }): Promise<RecordCounts> {
  return counts.all();
}
