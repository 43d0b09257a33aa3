import { authorOf, byAccount, type Cut, nameOf } from "../../ledger/change.ts";
import type { LedgerDirectory } from "../../ledger/contract.ts";
import type { Actor } from "../../protocol/actor.ts";
import type { EventSink } from "../ports/event.ts";
import type { Randomness } from "../ports/secret.ts";
import { type Receipt, requireReceipt } from "../under-connection.ts";

/**
 * Ends at once whatever an owner granted to a person, to an app, for a resource, or to everyone (docs/design.md, order
 * of steps).
 */
export async function withdrawAccess(
  services: { readonly ledgers: LedgerDirectory; readonly randomness: Randomness; readonly events: EventSink },
  caller: Actor,
  cut: Cut,
): Promise<Receipt> {
  const home = services.ledgers.ledger(caller.ownerId);
  const author = authorOf(caller);
  const receipt = requireReceipt(await home.cut(services.randomness.id(), cut, author));
  const { clientId, accountId } = nameOf(author);
  // Of an app that is cut off the id comes last, because the story of the request tells who called.
  const by = { ownerId: caller.ownerId, clientId, ...byAccount(accountId) };
  services.events.emit({ kind: "cut", ...by, ...cut });
  return receipt;
}
