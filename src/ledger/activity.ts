import type { OwnerEvent } from "../events/event.ts";
import { hostOfClientUrl } from "../protocol/client-document.ts";
import type { PartyCard } from "../protocol/party-card.ts";
import { RecentlyUsed } from "../shared/recently-used.ts";
import { findRow, type LedgerSql, type LedgerStorage, listRows, listTableNumbers } from "./storage.ts";

/** An entry of the owner's activity log. Parties are named by reference only. */
export interface Activity {
  readonly id: number;
  /** When it happened first, epoch seconds. */
  readonly at: number;
  /** When it happened last, and how often in all: the same thing within an hour is one entry. */
  readonly lastAt: number;
  readonly count: number;
  readonly kind: OwnerEvent["kind"];
  /** The client that did it; null for the operator. */
  readonly clientId: string | null;
  readonly partyReference: string | null;
  /** Who that is; left out where the reference is all there is. */
  readonly card?: PartyCard;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** From a time, and up to another one and not at it: epoch seconds. */
export interface TimeRange {
  readonly from: number;
  readonly until: number;
}

export const ALWAYS: TimeRange = { from: 0, until: Number.MAX_SAFE_INTEGER };

/** Whom an entry names: who did it, or to whom it was done. */
export function partyOf({ partyReference, detail }: Pick<Activity, "partyReference" | "detail">): string | null {
  return partyReference ?? (typeof detail.partyReference === "string" ? detail.partyReference : null);
}

/** What is told to the log: something that happened once. */
export interface Happening extends Pick<Activity, "at" | "clientId" | "partyReference"> {
  readonly event: OwnerEvent;
}

/** What stands in an entry. */
type Content = Omit<Activity, "id" | "lastAt" | "count" | "card">;

function contentOf({ at, clientId, partyReference, event: { kind, ...detail } }: Happening): Content {
  return { at, kind, clientId, partyReference, detail };
}

interface ActivityRow {
  readonly id: number;
  readonly at: number;
  readonly last_at: number;
  readonly count: number;
  readonly kind: string;
  readonly client_id: string | null;
  readonly party_reference: string | null;
  readonly detail: string;
}

/**
 * So many merged entries may a client bring about in a month, and as many may nobody known in its name; what more they
 * do is counted, day by day and by kind.
 */
const MERGED_ENTRIES_PER_CLIENT = 2_000;
/** Of clients, months, and whether somebody is known; of those used before them the entries are counted anew. */
const COUNTS_KEPT = 1_000;
/** The ids of clients that nobody registered, as a range of the index and what else may lie in it. */
const UNREGISTERED = "client_id >= 'http' AND client_id < 'httq' AND instr(client_id, '/') > 0";
/** The detail of an entry that counts what a client did beyond that. */
const REST = { rest: true };
/** Entries that a count walks over. */
const COUNTED_AT_MOST = 10_000;
const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
/** Ids are the month and a number within it: 202611 * 10^9 + n; so they grow with time. */
const IDS_PER_MONTH = 1_000_000_000;
const MONTHS_KEPT = 13;
const PREFIX = "activity_";

/** A month as a number such as 202611. */
function monthOf(at: number): number {
  const date = new Date(at * 1_000);
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1;
}

/** When the month so many months after this one begins, epoch seconds. */
function startOf(month: number, after: number): number {
  return Date.UTC(Math.floor(month / 100), (month % 100) - 1 + after) / 1_000;
}

function tableOf(month: number): string {
  return `${PREFIX}${month}`;
}

/**
 * What makes an entry another one. What strangers were refused may be anything they thought of asking for, so it makes
 * none: the last of it is told.
 */
function likeness(party: string, detail: string): string {
  return `iif(${party} IS NULL, json_remove(${detail}, '$.refused'), ${detail})`;
}
const LIKENESS = likeness("party_reference", "detail");

/** Whether a stranger did it by a client of which anybody makes any number: one that nobody registered. */
function isAnybodys({ clientId, partyReference }: Content): boolean {
  return partyReference === null && clientId !== null && hostOfClientUrl(clientId) !== null;
}

/** `since` is when the hour or day began in which the like is merged; null for an entry that stands for itself. */
function createStatements(month: number): readonly string[] {
  const table = tableOf(month);
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (
      id INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      last_at INTEGER NOT NULL,
      count INTEGER NOT NULL,
      since INTEGER,
      kind TEXT NOT NULL,
      client_id TEXT,
      party_reference TEXT,
      detail TEXT NOT NULL
    ) STRICT`,
    `CREATE INDEX IF NOT EXISTS ${table}_merged ON ${table} (client_id, since, kind, party_reference, ${LIKENESS})
      WHERE since IS NOT NULL`,
  ];
}

function fromRow(row: ActivityRow): Activity {
  return {
    id: row.id,
    at: row.at,
    lastAt: row.last_at,
    count: row.count,
    kind: row.kind as Activity["kind"],
    clientId: row.client_id,
    partyReference: row.party_reference,
    detail: JSON.parse(row.detail),
  };
}

/** What happened at this owner's, a table per month; parties by reference only (ledger/README.md, rule 9). */
export class ActivityLog {
  readonly #sql: LedgerSql;
  #months: readonly number[] | null = null;
  /** The month whose table was made here. Its block may be undone, so it is looked for each time. */
  #made: number | null = null;
  /**
   * By month, client and whether the party is known; counted once, because to count them is to walk over them. An entry
   * that is undone with its block stays counted, so that at worst a client has a little less room until the ledger starts
   * anew.
   */
  readonly #mergedEntries = new RecentlyUsed<number>(COUNTS_KEPT);
  /** By day and kind, which client the rest of what strangers do by clients that nobody registered is told of. */
  readonly #restClients = new RecentlyUsed<string | null>(COUNTS_KEPT);
  #last: { readonly month: number; readonly id: number } | null = null;

  readonly #onEntry: () => void;

  /** @param onEntry called in the block that makes an entry, or counts one again. */
  constructor(storage: LedgerStorage, onEntry: () => void = () => undefined) {
    this.#sql = storage.sql;
    this.#onEntry = onEntry;
  }

  /** INVARIANT: what changes who can see what stands for itself, and nothing that others do keeps it out. */
  append(happening: Happening): void {
    this.#insert(contentOf(happening), null);
  }

  /**
   * What clients do all day: the like within an hour is one entry, and each client has room for so many of them.
   * INVARIANT: strangers, who may give the name of a public client, take no room from whoever is known; and by clients that
   * nobody registered, of which anybody has any number, all strangers together have the room of one (rule 9).
   */
  merge(happening: Happening): void {
    const content = contentOf(happening);
    const { at, kind, clientId } = content;
    this.#create(monthOf(at));
    const hour = at - (at % HOUR_SECONDS);
    if (this.#countAgain(content, hour) || this.#insertMerged(content, hour)) return;
    const day = at - (at % DAY_SECONDS);
    const restClientId = isAnybodys(content) ? this.#findRestClient(content, day) : clientId;
    const rest: Content = { at, kind, clientId: restClientId, partyReference: null, detail: REST };
    if (!this.#countAgain(rest, day)) this.#insert(rest, day);
  }

  /**
   * What happens again is the newest entry again. INVARIANT: the like is found by the index alone, because a client may
   * have entries by the thousand in an hour.
   * @returns false when there is no entry yet of the like
   */
  #countAgain({ at, kind, clientId, partyReference, detail }: Content, since: number): boolean {
    const month = monthOf(at);
    const table = tableOf(month);
    const id = this.#nextId(month);
    const query = `UPDATE ${table} SET id = ?7, count = count + 1, last_at = max(last_at, ?1), detail = ?6 WHERE id = (
        SELECT id FROM ${table}
        WHERE client_id IS ?2 AND since = ?3 AND kind = ?4 AND party_reference IS ?5
          AND ${LIKENESS} = ${likeness("?5", "?6")} LIMIT 1)
      RETURNING id`;
    const values = [clientId, since, kind, partyReference, JSON.stringify(detail)];
    if (findRow(this.#sql, query, at, ...values, id) === null) return false;
    this.#last = { month, id };
    this.#onEntry();
    return true;
  }

  /** @returns false when there is no room for another entry */
  #insertMerged(content: Content, since: number): boolean {
    const month = monthOf(content.at);
    const isNobody = content.partyReference === null;
    const isShared = isAnybodys(content);
    const key = `${month} ${isNobody} ${isShared ? "unregistered" : content.clientId}`;
    const merged = this.#mergedEntries.find(key, () =>
      isShared ? this.#countUnregistered(month) : this.#countMerged(month, content.clientId, isNobody),
    );
    if (merged >= MERGED_ENTRIES_PER_CLIENT) return false;
    this.#insert(content, since);
    this.#mergedEntries.keep(key, merged + 1);
    return true;
  }

  #countMerged(month: number, clientId: string | null, isNobody: boolean): number {
    const query = `SELECT count(*) AS n FROM ${tableOf(month)}
      WHERE client_id IS ? AND since IS NOT NULL AND (party_reference IS NULL) = ?`;
    return findRow<{ n: number }>(this.#sql, query, clientId, Number(isNobody))?.n ?? 0;
  }

  #countUnregistered(month: number): number {
    const query = `SELECT count(*) AS n FROM ${tableOf(month)}
      WHERE ${UNREGISTERED} AND since IS NOT NULL AND party_reference IS NULL`;
    return findRow<{ n: number }>(this.#sql, query)?.n ?? 0;
  }

  /** The one that such an entry of this day names already, or else this one. */
  #findRestClient({ at, kind, clientId }: Content, day: number): string | null {
    const query = `SELECT client_id FROM ${tableOf(monthOf(at))}
      WHERE ${UNREGISTERED} AND since = ? AND kind = ? AND party_reference IS NULL AND detail = ? LIMIT 1`;
    return this.#restClients.find(`${day} ${kind}`, () => {
      const found = findRow<{ client_id: string }>(this.#sql, query, day, kind, JSON.stringify(REST));
      return found?.client_id ?? clientId;
    });
  }

  #insert({ at, kind, clientId, partyReference, detail }: Content, since: number | null): void {
    const month = monthOf(at);
    this.#create(month);
    const id = this.#nextId(month);
    const query = `INSERT INTO ${tableOf(month)}
        (id, at, last_at, count, since, kind, client_id, party_reference, detail)
      VALUES (?1, ?2, ?2, 1, ?3, ?4, ?5, ?6, ?7)`;
    this.#sql.exec(query, id, at, since, kind, clientId, partyReference, JSON.stringify(detail));
    this.#last = { month, id };
    this.#onEntry();
  }

  /** An entry that is undone leaves a gap, and nothing else. */
  #nextId(month: number): number {
    if (this.#last?.month === month) return this.#last.id + 1;
    const [row] = listRows<{ id: number | null }>(this.#sql, `SELECT max(id) AS id FROM ${tableOf(month)}`);
    return (row?.id ?? month * IDS_PER_MONTH) + 1;
  }

  /** Newest first. @param before an id; null: from the newest */
  list(before: number | null, limit: number, { from, until }: TimeRange = ALWAYS): readonly Activity[] {
    const found: Activity[] = [];
    const months = this.#known().filter((month) => startOf(month, 1) > from && startOf(month, 0) < until);
    for (const month of months.sort((one, other) => other - one)) {
      const query = `SELECT * FROM ${tableOf(month)} WHERE id < ? AND last_at >= ? AND last_at < ? ORDER BY id DESC LIMIT ?`;
      const values = [before ?? Number.MAX_SAFE_INTEGER, from, until, limit - found.length];
      const rows = listRows<ActivityRow>(this.#sql, query, ...values);
      found.push(...rows.map(fromRow));
      if (found.length >= limit) break;
    }
    return found;
  }

  /** How often each kind happened since a time, epoch seconds; of very much the latest counts. */
  countSince(since: number): ReadonlyMap<OwnerEvent["kind"], number> {
    const counts = new Map<OwnerEvent["kind"], number>();
    for (const month of this.#known().filter((known) => startOf(known, 1) > since)) {
      const query = `SELECT kind, sum(count) AS n FROM (
          SELECT kind, count, last_at FROM ${tableOf(month)} ORDER BY id DESC LIMIT ${COUNTED_AT_MOST})
        WHERE last_at >= ? GROUP BY kind`;
      for (const { kind, n } of listRows<{ kind: OwnerEvent["kind"]; n: number }>(this.#sql, query, since)) {
        counts.set(kind, (counts.get(kind) ?? 0) + n);
      }
    }
    return counts;
  }

  dropOld(now: number): void {
    const ended = this.#known().filter((month) => startOf(month, MONTHS_KEPT + 1) <= now);
    for (const month of ended) this.#sql.exec(`DROP TABLE ${tableOf(month)}`);
    this.#months = null;
  }

  /** When the oldest month is to be dropped, epoch seconds; null when there is none. */
  firstEnd(): number | null {
    const months = this.#known();
    return months.length > 0 ? startOf(Math.min(...months), MONTHS_KEPT + 1) : null;
  }

  #create(month: number): void {
    if (this.#known().includes(month)) return;
    for (const statement of createStatements(month)) this.#sql.exec(statement);
    this.#made = month;
    this.#months = null;
  }

  #known(): readonly number[] {
    const months = this.#months ?? listTableNumbers(this.#sql, PREFIX);
    if (this.#made === null) this.#months = months;
    return months;
  }
}
