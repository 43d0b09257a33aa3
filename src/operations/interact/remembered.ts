import { type ClaimValue, parsePartyClaims, statementsOf } from "../../protocol/claims.ts";
import type { Client } from "../../protocol/client.ts";
import { hostOf } from "../../protocol/client-home.ts";
import { MAX_PRESENTED_ID_CHARACTERS } from "../../shared/limits.ts";
import type { Account } from "../ports/account.ts";
import type { AccountSeals } from "../ports/account-seal.ts";
import type { ClientStore } from "../ports/client.ts";
import type { EventSink } from "../ports/event.ts";
import type { PctStore, RememberedApp } from "../ports/pct.ts";

interface RememberedServices {
  readonly pcts: Pick<PctStore, "list" | "forgetAccount">;
  readonly clients: Pick<ClientStore, "find">;
  readonly accountSeals: AccountSeals;
  readonly events: EventSink;
}

/** Something that is remembered, with whatever anybody said of it. */
export interface RememberedFact {
  readonly name: string;
  readonly values: readonly string[];
}

/** What is remembered about somebody for one app, as they are shown it. */
export interface Remembered extends RememberedFacts {
  /** As it is registered now; null: it is not any more. */
  readonly client: Client | null;
}

/** The same, without what the app says of itself. */
export interface RememberedFacts extends Pick<RememberedApp, "clientId" | "createdAt" | "usedAt" | "expiresAt"> {
  /** Null: the app is not registered any more. */
  readonly name: string | null;
  /** Where it takes its people back to; null: to an app on their device. */
  readonly host: string | null;
  readonly facts: readonly RememberedFact[];
}

/** Values that are shown of one claim; a claim can have a thousand. */
const MAX_SHOWN_VALUES = 5;

export async function listRemembered(
  services: Omit<RememberedServices, "events">,
  account: Account,
  now: number,
): Promise<readonly Remembered[]> {
  const apps = await services.pcts.list(account.id, now);
  return Promise.all(apps.map((app) => describe(services, account, app)));
}

async function describe(
  { clients, accountSeals }: Omit<RememberedServices, "events">,
  { wrappedKey }: Account,
  { clientId, clientName: name, sealedClaims, createdAt, usedAt, expiresAt }: RememberedApp,
): Promise<Remembered> {
  const [statement, client] = await Promise.all([
    accountSeals.open(wrappedKey, "pct", sealedClaims),
    clients.find(clientId),
  ]);
  const claims = parsePartyClaims(statement);
  const entries = claims === null ? [] : statementsOf(claims).flatMap((one) => Object.entries(one.claims));
  return {
    ...{ clientId, name, client, createdAt, usedAt, expiresAt },
    host: hostOf(client?.claimsRedirectUris[0] ?? null),
    facts: joinFacts(entries.filter(([claim]) => claim !== "sub")),
  };
}

function joinFacts(entries: readonly (readonly [name: string, value: ClaimValue])[]): readonly RememberedFact[] {
  const values = Map.groupBy(entries, ([name]) => name);
  const facts = [...values].map(([name, stated]) => ({
    name,
    values: [...new Set(stated.flatMap(([, value]) => [value].flat()).map(String))].slice(0, MAX_SHOWN_VALUES),
  }));
  return [{ name: "sub", values: [] }, ...facts];
}

/**
 * Forgets what is remembered about somebody for one app, at once.
 *
 * @returns whether there was anything
 */
export async function forgetApp(
  { pcts, events }: Pick<RememberedServices, "pcts" | "events">,
  account: Account,
  clientId: string,
): Promise<boolean> {
  const count = await pcts.forgetAccount(account.id, clientId);
  if (count > 0) events.emit({ kind: "pcts_forgotten", clientId, accountId: account.id, count });
  return count > 0;
}

/**
 * What an app is called, for whoever has just had themselves forgotten for it.
 *
 * @param clientId anybody's word; only a registered name is shown
 */
export async function nameForgotten(
  { clients }: Pick<RememberedServices, "clients">,
  clientId: string | undefined,
): Promise<string | null> {
  if (clientId === undefined || clientId.length > MAX_PRESENTED_ID_CHARACTERS) return null;
  return (await clients.find(clientId))?.name ?? null;
}
