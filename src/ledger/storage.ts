/** The part of a Durable Object's storage that the ledger uses: synchronous, so that a decision is one block. */
export type LedgerStorage = Pick<
  DurableObjectStorage,
  "sql" | "transactionSync" | "kv" | "getAlarm" | "setAlarm" | "deleteAll"
>;

/** Under this key stands whose ledger it is, from when it was opened until it closes. */
export const OWNER_KEY = "owner";

/** What the table classes speak SQL with, and the values that stand in rows. */
export type LedgerSql = LedgerStorage["sql"];
export type LedgerValue = SqlStorageValue;

/** Of the 10 GB that an object holds, the rest is kept for what takes away: changes, cuts and their bookkeeping. */
const ROOM_BYTES = 8 * 1_024 ** 3;

/** Whether nothing more may be granted, because only room for withdrawals is left (ledger/README.md, rule 9). */
export function isFull({ sql }: LedgerStorage): boolean {
  return sql.databaseSize > ROOM_BYTES;
}

/** Of that room, the last is kept for what brings no document of its own: deletions, cuts, ends of connections. */
const DOCUMENT_ROOM_BYTES = 9 * 1_024 ** 3;

/**
 * Whether no change may bring a document any more. Else whoever writes them could leave no room to end their
 * connection in (ledger/README.md, rule 9).
 */
export function isFullForDocuments({ sql }: LedgerStorage): boolean {
  return sql.databaseSize > DOCUMENT_ROOM_BYTES;
}

/** The one row of a query, or null. */
export function findRow<T>(sql: LedgerSql, query: string, ...bindings: LedgerValue[]): T | null {
  return listRows<T>(sql, query, ...bindings)[0] ?? null;
}

/** All rows of a query. */
export function listRows<T>(sql: LedgerSql, query: string, ...bindings: LedgerValue[]): readonly T[] {
  const rows: unknown = sql.exec(query, ...bindings).toArray();
  return rows as readonly T[];
}

/** The numbers in the names of tables that are made one after another, such as one a month: `prefix` and a number. */
export function listTableNumbers(sql: LedgerSql, prefix: string): readonly number[] {
  const query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB ?";
  return listRows<{ name: string }>(sql, query, `${prefix}*`).map(({ name }) => Number(name.slice(prefix.length)));
}
