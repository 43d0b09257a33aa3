import type { LedgerDirectory } from "../ledger/contract.ts";
import { removeFromOwner } from "./administer/owners.ts";
import type { ClientStore } from "./ports/client.ts";
import type { ConnectionStore } from "./ports/connection.ts";
import type { EventSink } from "./ports/event.ts";
import type { IdentityConsentStore } from "./ports/identity-consent.ts";
import type { PctStore } from "./ports/pct.ts";
import type { RegistrationStore } from "./ports/registration.ts";
import type { Randomness } from "./ports/secret.ts";
import type { Receipt } from "./under-connection.ts";

/** A client may be connected to as many owners as there are. */
const OWNERS_AT_A_TIME = 50;

export interface RemovalServices {
  readonly clients: Pick<ClientStore, "findCurrent" | "remove" | "leasesRunOut">;
  readonly registrations: Pick<RegistrationStore, "end" | "remove">;
  readonly connections: Pick<ConnectionStore, "listOwnersOf">;
  readonly pcts: Pick<PctStore, "forgetClient">;
  readonly identityConsents: Pick<IdentityConsentStore, "removeClient">;
  readonly ledgers: LedgerDirectory;
  readonly randomness: Randomness;
  readonly events: EventSink;
}

/** What became of a removal. */
export interface Removal {
  /** Whether the client was there. */
  readonly removed: boolean;
  /** Of the last of its connections; null: there was none. */
  readonly receipt: Receipt | null;
}

/**
 * Removes a client, every connection of it, and every resource that it registered. The client goes first: from then on
 * nobody can connect it, so that nothing is made behind the back of whoever clears up, and a repeat finishes what was
 * broken off. What a client managed its registration by goes last, as that lets it repeat.
 * @param version the only one to be removed; null: any
 * @returns null where the client is there in another version
 */
export async function removeClientWholly(
  services: RemovalServices,
  id: string,
  version: number | null,
  now: number,
): Promise<Removal | null> {
  const removed = await services.clients.remove(id, version);
  if (!removed && (await services.clients.findCurrent(id)) !== null) return null;
  await services.registrations.end(id, now);
  const [receipt] = await Promise.all([removeTraces(services, id), removed && services.clients.leasesRunOut()]);
  // Only now does nobody have themselves remembered for it any more.
  await services.pcts.forgetClient(id);
  await services.identityConsents.removeClient(id);
  if (receipt === null || receipt.recorded) await services.registrations.remove(id);
  return { removed, receipt };
}

/** @returns null when there was nothing left of the client at any owner */
async function removeTraces(services: RemovalServices, id: string): Promise<Receipt | null> {
  let receipt: Receipt | null = null;
  while (receipt === null || receipt.recorded) {
    const owners = await services.connections.listOwnersOf(id, OWNERS_AT_A_TIME);
    if (owners.length === 0) return receipt;
    const receipts = await Promise.all(owners.map((ownerId) => removeFromOwner(services, ownerId, id)));
    receipt = receipts.find(({ recorded }) => !recorded) ?? { recorded: true, version: 0 };
  }
  return receipt;
}
