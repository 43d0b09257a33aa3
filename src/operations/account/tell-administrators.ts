import type { AdministratorsChange } from "../../events/event.ts";
import type { LedgerDirectory } from "../../ledger/contract.ts";
import type { EventSink } from "../ports/event.ts";

interface TellServices {
  readonly ledgers: LedgerDirectory;
  readonly events: EventSink;
  readonly isOutage: (error: unknown) => boolean;
}

/**
 * Tells operator and owner who may act for the owner now. It has happened already, so an outage of the ledger undoes
 * nothing: D1 says who stands and who let them in, and the log that the owner's activity lacks it.
 */
export async function tellAdministrators(
  services: TellServices,
  ownerId: string,
  change: AdministratorsChange,
): Promise<void> {
  services.events.emit({ kind: "administrators_changed", ownerId, clientId: null, ...change });
  try {
    await services.ledgers.ledger(ownerId).tellAdministrators(change);
  } catch (error) {
    if (!services.isOutage(error)) throw error;
    services.events.emit({ kind: "owner_untold", ownerId, what: change.what });
  }
}
