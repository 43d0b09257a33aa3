import { type Activity, ALWAYS, partyOf, type TimeRange } from "../../ledger/activity.ts";
import type { LedgerDirectory } from "../../ledger/contract.ts";
import type { Actor } from "../../protocol/actor.ts";
import { hostOfClientUrl } from "../../protocol/client-document.ts";
import type { ScopeNames } from "../../protocol/scope-names.ts";
import { isId } from "../../shared/ids.ts";
import { readName } from "../account/create-account.ts";
import type { AccountSeals } from "../ports/account-seal.ts";
import type { ActivityNameStore } from "../ports/activity-names.ts";
import { connectionEnded, requireStanding } from "../under-connection.ts";

export interface ActivityServices {
  readonly ledgers: LedgerDirectory;
  readonly activityNames: ActivityNameStore;
  readonly accountSeals: AccountSeals;
}

/** An entry of the log, with what there is to call by a name of all that it names. */
export interface NamedActivity extends Activity {
  /** Of clients, resources, policies, groups and accounts, by id; what is gone or was never named has none. */
  readonly names: ReadonlyMap<string, string>;
  /** What the resource servers call the scopes of resources, by the id of the resource. */
  readonly scopeNames: ReadonlyMap<string, ScopeNames>;
}

/** Which part of the log is asked for. */
export interface ActivityQuery extends TimeRange {
  /** The id of an entry: only older ones are asked for; null: from the newest on. */
  readonly before: number | null;
  readonly limit: number;
}

/** `next` is the id to go on before; null: there is nothing older. */
export interface ActivityPage {
  readonly items: readonly NamedActivity[];
  readonly next: number | null;
}

/** Entries that are looked at together, and in one call, when some of them are sought. */
const SLICE = 500;
const LOOKED_AT = 2_000;

/**
 * What happened to what an owner shares, newest first.
 * @param isSought which entries are asked for; null: all. Many are looked at and no more, so a page may hold few, or none,
 *   and still have a next.
 * @throws ProtocolError invalid_token when the connection has ended.
 */
export async function readActivity(
  services: ActivityServices,
  actor: Actor,
  query: ActivityQuery,
  isSought: ((entry: NamedActivity) => boolean) | null = null,
): Promise<ActivityPage> {
  const slice = isSought === null ? query.limit : SLICE;
  const most = isSought === null ? query.limit : LOOKED_AT;
  const items: NamedActivity[] = [];
  let before = query.before;
  for (let looked = 0; looked < most; looked += slice) {
    const entries = await readSlice(services, actor, { ...query, before, limit: slice });
    for (const entry of entries) {
      before = entry.id;
      if (isSought === null || isSought(entry)) items.push(entry);
      if (items.length === query.limit) return { items, next: before };
    }
    if (entries.length < slice) return { items, next: null };
  }
  return { items, next: before };
}

/** The whole of it, newest first, as much at a time as is read at once. @throws ProtocolError as above */
export async function* readAllActivity(
  services: ActivityServices,
  actor: Actor,
  range: TimeRange = ALWAYS,
): AsyncGenerator<readonly NamedActivity[], void> {
  for (let before: number | null = null; ; ) {
    const entries: readonly NamedActivity[] = await readSlice(services, actor, { ...range, before, limit: SLICE });
    yield entries;
    before = entries.at(-1)?.id ?? null;
    if (entries.length < SLICE) return;
  }
}

async function readSlice(
  services: ActivityServices,
  actor: Actor,
  { before, limit, from, until }: ActivityQuery,
): Promise<readonly NamedActivity[]> {
  const ledger = services.ledgers.ledger(actor.ownerId);
  const entries = await ledger.activity(actor, before, limit, { from, until });
  if (entries === null) throw connectionEnded();
  return nameAll(services, actor, entries);
}

async function nameAll(
  { activityNames, accountSeals }: ActivityServices,
  actor: Actor,
  entries: readonly Activity[],
): Promise<readonly NamedActivity[]> {
  const ids = new Set(entries.flatMap(idsIn));
  const stored = requireStanding(await activityNames.load(actor, [...ids]));
  const opened = await Promise.all(
    [...stored.sealedNames].map(async ([id, sealed]) => [id, await readName({ accountSeals }, sealed)] as const),
  );
  const names = new Map([...stored.names, ...opened.filter(([, name]) => name !== "")]);
  return entries.map((entry) => ({ ...entry, names, scopeNames: stored.scopeNames }));
}

/** Every id that stands in an entry, wherever its kind of event has it. */
export function idsIn(entry: Activity): readonly string[] {
  const ids: string[] = [];
  const look = (value: unknown): void => {
    if (typeof value === "string" && isId(value)) ids.push(value);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(look);
  };
  look([entry.clientId, entry.detail]);
  if (entry.clientId !== null && hostOfClientUrl(entry.clientId) !== null) ids.push(entry.clientId);
  const party = partyOf(entry);
  return ids.filter((id) => id !== party);
}
