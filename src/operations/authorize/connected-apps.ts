import type { LedgerDirectory } from "../../ledger/contract.ts";
import { ProtocolError } from "../../shared/error.ts";
import { isId } from "../../shared/ids.ts";
import { noteSeen } from "../account/sessions.ts";
import type { ClientStore } from "../ports/client.ts";
import type { ConnectedApps, ConsentStore } from "../ports/consent.ts";
import type { EventSink } from "../ports/event.ts";
import type { Randomness, Secrets } from "../ports/secret.ts";
import type { SessionStore } from "../ports/session.ts";
import { tellChange } from "../tell-change.ts";
import { type Receipt, requireReceipt } from "../under-connection.ts";
import { type ConsenterServices, findConsenter } from "./consenter.ts";

interface FindAppsServices {
  readonly consents: Pick<ConsentStore, "findApps">;
  readonly sessions: Pick<SessionStore, "touch">;
  readonly secrets: Pick<Secrets, "hash">;
}

interface EndAppServices extends ConsenterServices {
  readonly ledgers: LedgerDirectory;
  readonly randomness: Randomness;
  readonly events: EventSink;
}

const APPS_PER_PAGE = 50;

/**
 * The apps that are connected to those whom somebody acts for, and what each may do.
 * @param session the secret that the browser holds; null: none
 * @returns null when nobody is signed in
 */
export async function findConnectedApps(
  { consents, sessions, secrets }: FindAppsServices,
  session: string | null,
  cursor: string | null,
  now: number,
): Promise<ConnectedApps | null> {
  if (session === null) return null;
  const hash = await secrets.hash(session);
  const apps = await consents.findApps(hash, cursor, APPS_PER_PAGE, now);
  if (apps !== null) await noteSeen(sessions, hash, apps.session, now);
  return apps;
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
 * @param session the secret that the browser holds; null: none
 * @param app of which owner, null for the person's own, and which
 * @returns null when nobody is signed in
 * @throws ProtocolError not_found for an owner whom the person does not act for, or an app that never was connected
 */
export async function endConnectedApp(
  services: EndAppServices,
  session: string | null,
  app: { readonly ownerId: string | null; readonly clientId: string },
  now: number,
): Promise<Receipt | null> {
  const { clientId } = app;
  const person = await findConsenter(services, session, clientId, now);
  if (person === null) return null;
  const { account, owners } = person;
  const ownerId = app.ownerId ?? account.ownerId;
  if (!owners.some((owner) => owner.ownerId === ownerId)) {
    throw new ProtocolError("not_found", "you do not act for this owner (any more)");
  }
  const change = { kind: "end_connection", clientId, resources: "keep" } as const;
  const author = { by: "administrator", accountId: account.id } as const;
  const reply = await services.ledgers.ledger(ownerId).change(services.randomness.id(), change, author);
  tellChange(services.events, change, reply, { ownerId, clientId: null, accountId: account.id });
  return requireReceipt(reply);
}
