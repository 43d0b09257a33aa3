import type { Cut } from "../../ledger/change.ts";
import type { LedgerDirectory } from "../../ledger/contract.ts";
import type { ConnectedCaller } from "../../protocol/connection.ts";
import type { EventSink } from "../ports/event.ts";
import type { Randomness } from "../ports/secret.ts";
import { type Receipt, requireReceipt } from "../under-connection.ts";

/**
 * Ends at once whatever an owner granted to a person, to an app, for a resource, or to everyone (docs/design.md, order
 * of steps).
 */
export async function withdrawAccess(
  services: { readonly ledgers: LedgerDirectory; readonly randomness: Randomness; readonly events: EventSink },
  caller: ConnectedCaller,
  cut: Cut,
): Promise<Receipt> {
  const home = services.ledgers.ledger(caller.ownerId);
  const receipt = requireReceipt(await home.cut(services.randomness.id(), cut, { by: "caller", caller }));
  services.events.emit({ kind: "cut", ...cut, ownerId: caller.ownerId, clientId: caller.clientId });
  return receipt;
}
