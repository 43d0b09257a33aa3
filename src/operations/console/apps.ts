import type { LedgerDirectory } from "../../ledger/contract.ts";
import type { ActingAdministrator, Actor } from "../../protocol/actor.ts";
import { MAX_PRESENTED_ID_CHARACTERS } from "../../shared/limits.ts";
import type { ClientStore } from "../ports/client.ts";
import type { ConnectedAppStore, ConnectedApps } from "../ports/connected-app.ts";
import type { EventSink } from "../ports/event.ts";
import type { Randomness } from "../ports/secret.ts";
import { tellChange } from "../tell-change.ts";
import { type Receipt, requireReceipt, requireStanding } from "../under-connection.ts";

/** The apps that are connected to an owner, what each may do, and how much it keeps. @throws ProtocolError invalid_token */
export async function listConnectedApps(
  { connectedApps }: { readonly connectedApps: ConnectedAppStore },
  actor: Actor,
  { cursor, limit }: { readonly cursor: string | null; readonly limit: number },
): Promise<ConnectedApps> {
  return requireStanding(await connectedApps.list(actor, cursor, limit));
}

/** What the app is called that was ended just now; null where there is none of this id. */
export async function nameOfApp(
  { clients }: { readonly clients: Pick<ClientStore, "find"> },
  clientId: string | null,
): Promise<string | null> {
  return clientId === null || clientId.length > MAX_PRESENTED_ID_CHARACTERS
    ? null
    : ((await clients.find(clientId))?.name ?? null);
}

interface EndAppServices {
  readonly ledgers: LedgerDirectory;
  readonly randomness: Randomness;
  readonly events: EventSink;
}

/**
 * Ends the connection of an app, and with it every token that was made under it, at once. What the app registered as a
 * resource server waits for it to be connected again.
 * @throws ProtocolError not_found for an app that never was connected
 */
export async function endConnectedApp(
  services: EndAppServices,
  { ownerId, accountId }: ActingAdministrator,
  clientId: string,
): Promise<Receipt> {
  const change = { kind: "end_connection", clientId, resources: "keep" } as const;
  const author = { by: "administrator", accountId } as const;
  const reply = await services.ledgers.ledger(ownerId).change(services.randomness.id(), change, author);
  tellChange(services.events, change, reply, { ownerId, clientId: null, accountId });
  return requireReceipt(reply);
}
