import type { Cut } from "../../ledger/change.ts";
import type { LedgerDirectory } from "../../ledger/contract.ts";
import type { ConnectedCaller } from "../../protocol/connection.ts";
import type { Randomness } from "../ports/secret.ts";
import { type Receipt, requireReceipt } from "../under-connection.ts";

/**
 * Ends at once whatever an owner granted to a person, to an app, for a resource, or to everyone (docs/design.md, order
 * of steps).
 */
export async function withdrawAccess(
  services: { readonly ledgers: LedgerDirectory; readonly randomness: Randomness },
  caller: ConnectedCaller,
  cut: Cut,
): Promise<Receipt> {
  const home = services.ledgers.ledger(caller.ownerId);
  return requireReceipt(await home.cut(services.randomness.id(), cut, { by: "caller", caller }));
}
