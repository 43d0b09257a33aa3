import { type LedgerSql, type LedgerStorage, listRows, listTableNumbers } from "./storage.ts";

/** An entry of the owner's activity log. Parties are named by reference only. */
export interface Activity {
  readonly id: number;
  /** Epoch seconds. */
  readonly at: number;
  readonly kind: "granted" | "denied" | "submitted" | "replayed" | "refresh_reused" | "revoked" | "changed" | "cut";
  readonly clientId: string | null;
  readonly partyReference: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

interface ActivityRow {
  readonly id: number;
  readonly at: number;
  readonly kind: string;
  readonly client_id: string | null;
  readonly party_reference: string | null;
  readonly detail: string;
}

/** A month's log stops here, so that nobody can fill an owner's ledger with it. */
const ENTRIES_PER_MONTH = 100_000;
/** The rest of it is for what took something away, which others cannot bring about at will. */
const ROUTINE_ENTRIES_PER_MONTH = 90_000;
const ROUTINE: ReadonlySet<Activity["kind"]> = new Set(["granted", "denied", "submitted", "replayed", "changed"]);
/** Ids are the month and a number within it: 202611 * 10^6 + n; so they grow with time. */
const IDS_PER_MONTH = 1_000_000;
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

function createStatement(month: number): string {
  return `
    CREATE TABLE IF NOT EXISTS ${tableOf(month)} (
      id INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      kind TEXT NOT NULL,
      client_id TEXT,
      party_reference TEXT,
      detail TEXT NOT NULL
    ) STRICT`;
}

function fromRow(row: ActivityRow): Activity {
  return {
    id: row.id,
    at: row.at,
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
  #last: { readonly month: number; readonly id: number } | null = null;

  constructor(storage: LedgerStorage) {
    this.#sql = storage.sql;
  }

  append(entry: Omit<Activity, "id">): void {
    const month = monthOf(entry.at);
    this.#create(month);
    const id = this.#nextId(month);
    const { at, kind, clientId, partyReference, detail } = entry;
    const limit = ROUTINE.has(kind) ? ROUTINE_ENTRIES_PER_MONTH : ENTRIES_PER_MONTH;
    if (id > month * IDS_PER_MONTH + limit) return;
    const query = `INSERT INTO ${tableOf(month)} (id, at, kind, client_id, party_reference, detail) VALUES (?, ?, ?, ?, ?, ?)`;
    this.#sql.exec(query, id, at, kind, clientId, partyReference, JSON.stringify(detail));
    this.#last = { month, id };
  }

  /** An entry that is undone leaves a gap, and nothing else. */
  #nextId(month: number): number {
    if (this.#last?.month === month) return this.#last.id + 1;
    const [row] = listRows<{ id: number | null }>(this.#sql, `SELECT max(id) AS id FROM ${tableOf(month)}`);
    return (row?.id ?? month * IDS_PER_MONTH) + 1;
  }

  /** Newest first. @param before an id; null: from the newest */
  list(before: number | null, limit: number): readonly Activity[] {
    const found: Activity[] = [];
    for (const month of [...this.#known()].sort((one, other) => other - one)) {
      const query = `SELECT * FROM ${tableOf(month)} WHERE id < ? ORDER BY id DESC LIMIT ?`;
      const rows = listRows<ActivityRow>(this.#sql, query, before ?? Number.MAX_SAFE_INTEGER, limit - found.length);
      found.push(...rows.map(fromRow));
      if (found.length >= limit) break;
    }
    return found;
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
    this.#sql.exec(createStatement(month));
    // Forgotten again on purpose: if this block is rolled back, the next call looks for itself.
    this.#months = null;
  }

  #known(): readonly number[] {
    this.#months ??= listTableNumbers(this.#sql, PREFIX);
    return this.#months;
  }
}
