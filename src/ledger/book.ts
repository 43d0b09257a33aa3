import {
  type Author,
  type AuthorName,
  type BookContent,
  type BookEntry,
  type Change,
  type Cut,
  nameOf,
  subjectOf,
} from "./change.ts";
import type { ChangeResult, NumberedChange } from "./record.ts";
import { findRow, type LedgerSql, type LedgerStorage, type LedgerValue, listRows } from "./storage.ts";

/** pending: D1 has yet to take it. done: it stands. void: D1 took its epoch, and it changed nothing. */
type EntryState = "pending" | "done" | "void";

export interface BookedEntry extends BookEntry {
  /** Its number in D1; null for a cut, which D1 need not know. */
  readonly epoch: number | null;
  readonly operationId: string;
  readonly author: AuthorName;
  readonly state: EntryState;
  /** What became of it; null while it is pending. */
  readonly result: ChangeResult | null;
}

/** A change that D1 has yet to take, and who wanted it. */
export interface BookedChange extends NumberedChange {
  readonly author: AuthorName;
}

interface BookRow {
  readonly sequence: number;
  readonly epoch: number | null;
  readonly operation_id: string;
  readonly author: string | null;
  readonly at: number;
  readonly content: string;
  readonly state: EntryState;
  readonly result: string | null;
}

const CREATE = [
  `CREATE TABLE IF NOT EXISTS book (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    epoch INTEGER UNIQUE,
    operation_id TEXT NOT NULL UNIQUE,
    author TEXT,
    subject_id TEXT,
    at INTEGER NOT NULL,
    content TEXT NOT NULL,
    state TEXT NOT NULL,
    result TEXT
  ) STRICT`,
  // A resource server may change other resources all day: what concerns one is found without reading the rest.
  "CREATE INDEX IF NOT EXISTS book_by_subject ON book (subject_id, sequence)",
  // Each redemption asks what is pending, and the book is long.
  "CREATE INDEX IF NOT EXISTS book_pending ON book (epoch) WHERE state = 'pending'",
];

const LIST_AFTER = `
  SELECT * FROM book WHERE subject_id IS NULL AND sequence > ?1 AND state <> 'void'
  UNION ALL
  SELECT * FROM book
    WHERE subject_id IN (SELECT value FROM json_each(?2)) AND sequence > ?1 AND state <> 'void'
  ORDER BY sequence`;

/** Only what an entry may take is read later, and of a description that is its type, scopes and collections. */
const SETTLE = `
  UPDATE book SET state = ?, result = ?, content = iif(content ->> '$.change.kind' = 'update_resource',
    json_set(content, '$.change.description', json_object(
      'type', content -> '$.change.description.type',
      'resource_scopes', content -> '$.change.description.resource_scopes',
      'collections', content -> '$.change.description.collections')),
    content)
  WHERE epoch = ? AND state = 'pending'`;

/** Each by its own index; both maxima at once would walk over the whole book. */
const END = `
  SELECT coalesce((SELECT max(epoch) FROM book), 0) AS epoch, coalesce((SELECT max(sequence) FROM book), 0) AS sequence`;

const CUT_DONE: ChangeResult = { outcome: "done", version: 0 };

/** What an entry is about, if that is one resource or one token; null for whatever may concern any grant. */
function subjectIdOf(content: BookContent): string | null {
  if (!("change" in content)) return null;
  const { change } = content;
  const isConfined = "resourceServerId" in change || change.kind === "revoke_token";
  return isConfined ? subjectOf(change) : null;
}

/** What stands before the id of an account in the column that else holds a client's; no id of ours has a colon. */
const ACCOUNT = "account:";

/** An author as one text: a client's id, or an account's with its mark; null for the operator. */
function authorText({ clientId, accountId }: AuthorName): string | null {
  return accountId === null ? clientId : ACCOUNT + accountId;
}

function parseAuthor(text: string | null): AuthorName {
  const isAccount = text?.startsWith(ACCOUNT) ?? false;
  return isAccount
    ? { clientId: null, accountId: text?.slice(ACCOUNT.length) ?? null }
    : { clientId: text, accountId: null };
}

function fromRow(row: BookRow): BookedEntry {
  return {
    sequence: row.sequence,
    epoch: row.epoch,
    operationId: row.operation_id,
    author: parseAuthor(row.author),
    at: row.at,
    content: JSON.parse(row.content),
    state: row.state,
    result: row.result === null ? null : JSON.parse(row.result),
  };
}

/**
 * The owner's book of changes (ledger/README.md, rule 1). A change stands here before D1 hears of it; an entry is never
 * dropped before it has reached D1 or a void has taken its epoch there.
 */
export class Book {
  readonly #sql: LedgerSql;
  /** Where the book ends; asked for anew after each entry, so that a block which is undone leaves nothing wrong. */
  #last: { readonly epoch: number; readonly sequence: number } | null = null;

  constructor(storage: LedgerStorage) {
    this.#sql = storage.sql;
  }

  /** Makes the table and its indexes, when the ledger is opened; safe to repeat. */
  create(): void {
    for (const statement of CREATE) this.#sql.exec(statement);
  }

  appendChange(operationId: string, change: Change, author: AuthorName, at: number): BookedEntry {
    const content = { change };
    const epoch = this.lastEpoch() + 1;
    return this.#append({ epoch, operationId, author, at, content, state: "pending", result: null });
  }

  appendCut(operationId: string, cut: Cut, author: Author, at: number): BookedEntry {
    const content = { cut };
    return this.#append({
      epoch: null,
      operationId,
      author: nameOf(author),
      at,
      content,
      state: "done",
      result: CUT_DONE,
    });
  }

  find(operationId: string): BookedEntry | null {
    return this.#one("SELECT * FROM book WHERE operation_id = ?", operationId);
  }

  /** The number of the last change booked. */
  lastEpoch(): number {
    return this.#end().epoch;
  }

  /** The number up to which D1 is known to have everything. */
  recordedEpoch(): number {
    const query = "SELECT min(epoch) AS epoch FROM book WHERE state = 'pending'";
    const pending = findRow<{ epoch: number | null }>(this.#sql, query)?.epoch ?? null;
    return pending === null ? this.lastEpoch() : pending - 1;
  }

  lastSequence(): number {
    return this.#end().sequence;
  }

  #end(): { readonly epoch: number; readonly sequence: number } {
    this.#last ??= findRow(this.#sql, END) ?? { epoch: 0, sequence: 0 };
    return this.#last;
  }

  /** The place in the book up to which everything is settled and was booked before this time. */
  settledSequence(before: number): number {
    const pending = "SELECT min(sequence) - 1 FROM book WHERE state = 'pending'";
    const last = "SELECT max(sequence) FROM book WHERE at < ?";
    const query = `SELECT min(coalesce((${pending}), (${last}), 0), coalesce((${last}), 0)) AS sequence`;
    return findRow<{ sequence: number }>(this.#sql, query, before, before)?.sequence ?? 0;
  }

  /** The changes that D1 has yet to take, in order. */
  listPending(limit: number): readonly BookedChange[] {
    const query = "SELECT * FROM book WHERE state = 'pending' ORDER BY epoch LIMIT ?";
    return this.#many(query, limit).flatMap(({ epoch, operationId, author, at, content }) =>
      epoch !== null && "change" in content
        ? [{ epoch, operationId, author, administrator: author.accountId, at, change: content.change }]
        : [],
    );
  }

  /** Whether D1 has yet to take a change of this subject. */
  isPending(subject: string): boolean {
    const query = `SELECT 1 FROM book WHERE state = 'pending'
      AND coalesce(content ->> '$.change.id', content ->> '$.change.clientId') = ? LIMIT 1`;
    return findRow(this.#sql, query, subject) !== null;
  }

  countPending(): number {
    return findRow<{ n: number }>(this.#sql, "SELECT count(*) AS n FROM book WHERE state = 'pending'")?.n ?? 0;
  }

  /** Changes with a higher number that did something, or may yet; of resource changes only those of these resources. */
  listSinceEpoch(epoch: number, resourceIds: readonly string[]): readonly BookedEntry[] {
    const query = "SELECT sequence FROM book WHERE epoch <= ? ORDER BY epoch DESC LIMIT 1";
    const row = findRow<{ sequence: number }>(this.#sql, query, epoch);
    return this.listAfter(row?.sequence ?? 0, resourceIds).filter((entry) => (entry.epoch ?? 0) > epoch);
  }

  /**
   * Whether a connection was made anew or ended since, or is about to be; a consent leaves what stands. INVARIANT: a
   * connection whose end is booked is not started by a change before it, however late D1 takes that.
   */
  hasConnectionChangeSince(epoch: number, clientId: string): boolean {
    return this.listSinceEpoch(epoch, []).some(({ content }) => {
      if (!("change" in content)) return false;
      const { change } = content;
      return (change.kind === "put_connection" || change.kind === "end_connection") && change.clientId === clientId;
    });
  }

  /** Entries after a place in the book that did something, or may yet; of resource changes only those of these. */
  listAfter(sequence: number, resourceIds: readonly string[]): readonly BookedEntry[] {
    return this.#many(LIST_AFTER, sequence, JSON.stringify(resourceIds));
  }

  /** Settles a pending change. What did nothing in D1 takes nothing away either. */
  settle(epoch: number, result: ChangeResult): void {
    const state: EntryState = result.outcome === "done" ? "done" : "void";
    this.#sql.exec(SETTLE, state, JSON.stringify(result), epoch);
  }

  /**
   * Forgets what is old, settled and judged by every grant, and sooner what changed nothing; the last change stays,
   * because it holds the number.
   */
  prune(before: number, voidBefore: number, judged: number): void {
    const query = `DELETE FROM book WHERE (epoch IS NULL OR epoch < (SELECT max(epoch) FROM book))
      AND ((state = 'done' AND at < ? AND sequence <= ?) OR (state = 'void' AND at < ?))`;
    this.#sql.exec(query, before, judged, voidBefore);
  }

  /** When the oldest entry was booked, epoch seconds; null when the book is empty or holds only the last change. */
  firstAt(): number | null {
    const query = `SELECT min(at) AS at FROM book
      WHERE epoch IS NULL OR epoch < (SELECT max(epoch) FROM book)`;
    return findRow<{ at: number | null }>(this.#sql, query)?.at ?? null;
  }

  #append(entry: Omit<BookedEntry, "sequence">): BookedEntry {
    const { epoch, operationId, author, at, content, state, result } = entry;
    const query = `INSERT INTO book (epoch, operation_id, author, subject_id, at, content, state, result)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING sequence`;
    this.#last = null;
    const columns = [epoch, operationId, authorText(author), subjectIdOf(content), at, JSON.stringify(content), state];
    const row = findRow<{ sequence: number }>(this.#sql, query, ...columns, result && JSON.stringify(result));
    return { ...entry, sequence: row?.sequence ?? 0 };
  }

  #one(query: string, ...bindings: LedgerValue[]): BookedEntry | null {
    return this.#many(query, ...bindings)[0] ?? null;
  }

  #many(query: string, ...bindings: LedgerValue[]): readonly BookedEntry[] {
    return listRows<BookRow>(this.#sql, query, ...bindings).map(fromRow);
  }
}
