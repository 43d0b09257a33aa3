import type { LedgerDirectory } from "../../ledger/contract.ts";
import { isId } from "../../shared/ids.ts";
import { actsFor } from "../account/administrators.ts";
import type { AdministratorStore } from "../ports/administrator.ts";
import type { ClientStore } from "../ports/client.ts";
import type { ConnectedApp, ConsentStore, CountedPage } from "../ports/consent.ts";
import type { EventSink } from "../ports/event.ts";
import type { Randomness } from "../ports/secret.ts";
import { tellChange } from "../tell-change.ts";
import { type Receipt, requireReceipt } from "../under-connection.ts";

interface EndAppServices {
  readonly administrators: Pick<AdministratorStore, "find">;
  readonly ledgers: LedgerDirectory;
  readonly randomness: Randomness;
  readonly events: EventSink;
}

const APPS_PER_PAGE = 50;

/** The apps that are connected to those whom an account acts for, and what each may do. */
export function listConnectedApps(
  { consents }: { readonly consents: Pick<ConsentStore, "listApps"> },
  accountId: string,
  cursor: string | null,
  now: number,
): Promise<CountedPage<ConnectedApp>> {
  return consents.listApps(accountId, cursor, APPS_PER_PAGE, now);
}

/** What the app is called that was ended just now; null where there is none of this id. */
export async function nameOfApp(
  { clients }: { readonly clients: Pick<ClientStore, "find"> },
  clientId: string | null,
): Promise<string | null> {
  return clientId === null || !isId(clientId) ? null : ((await clients.find(clientId))?.name ?? null);
}

/**
 * Ends the connection of an app, and with it every token that was made under it, at once. What the app registered as a
 * resource server waits for it to be connected again.
 * @throws ProtocolError not_found for an owner whom the account does not act for, or an app that never was connected
 */
export async function endConnectedApp(
  services: EndAppServices,
  accountId: string,
  { ownerId, clientId }: { readonly ownerId: string; readonly clientId: string },
  now: number,
): Promise<Receipt> {
  await actsFor(services, { account: { id: accountId } }, ownerId, now);
  const change = { kind: "end_connection", clientId, resources: "keep" } as const;
  const author = { by: "administrator", accountId } as const;
  const reply = await services.ledgers.ledger(ownerId).change(services.randomness.id(), change, author);
  tellChange(services.events, change, reply, { ownerId, clientId: null, accountId });
  return requireReceipt(reply);
}
