import { snakeCased } from "../../events/render-event.ts";
import { type ActivityPage, idsIn, type NamedActivity } from "../../operations/own/read-activity.ts";
import { renderPartyCard } from "./render-party-card.ts";

/** Newest first; `next` is left out on the last page. */
export function renderActivityPage({ items, next }: ActivityPage): object {
  return { items: items.map(renderActivityEntry), ...(next === null ? {} : { next }) };
}

/** An entry of the log; `names` has what is called by a name of all that it names by an id. */
export function renderActivityEntry(entry: NamedActivity): object {
  const { id, at, lastAt, count, kind, clientId, partyReference, card, detail } = entry;
  return {
    id,
    at,
    last_at: lastAt,
    count,
    kind,
    client_id: clientId,
    party: partyReference,
    ...renderPartyCard(card),
    detail: snakeCased(detail),
    names: Object.fromEntries(namesIn(entry)),
  };
}

/** By id, what has a name of all that an entry names. */
export function namesIn(entry: NamedActivity): readonly (readonly [id: string, name: string])[] {
  return [...new Set(idsIn(entry))].flatMap((id) => {
    const name = entry.names.get(id);
    return name === undefined ? [] : [[id, name] as const];
  });
}
