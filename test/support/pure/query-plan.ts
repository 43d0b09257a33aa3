/** A statement that somebody ran, and the steps in which SQLite runs it. */
export interface PlannedStatement {
  /** Where it ran: D1 and the Durable Objects have tables of the same name. */
  readonly store: "d1" | "object";
  readonly sql: string;
  readonly steps: readonly string[];
}

/** For each table the sets of columns that name one row of it. */
export type Keys = ReadonlyMap<string, readonly (readonly string[])[]>;

const CREATION = /^\s*CREATE (?:TABLE (?:IF NOT EXISTS )?(\w+)|UNIQUE INDEX \w+ ON (\w+) \(([^)]*)\))/;
const KEY_OF_TABLE = /(?:PRIMARY KEY|UNIQUE)\s*\(([^)]*)\)/g;
const KEY_OF_COLUMN = /(?:\(|,)\s*(\w+) [^,(]*?(?:PRIMARY KEY|UNIQUE)/g;

/** Reads the keys of tables off the statements that made them and their indexes. */
export function keysOf(schema: readonly string[]): Keys {
  const keys = new Map<string, (readonly string[])[]>();
  for (const sql of schema) {
    const [, table, index, columns = ""] = CREATION.exec(sql) ?? [];
    if (table !== undefined) keys.set(table, [["rowid"], ...keysIn(sql)]);
    if (index !== undefined) keys.get(index)?.push(columns.split(/\s*,\s*/));
  }
  return keys;
}

function keysIn(sql: string): readonly (readonly string[])[] {
  const named = Array.from(sql.matchAll(KEY_OF_TABLE), ([, columns = ""]) => columns.split(/\s*,\s*/));
  return [...named, ...Array.from(sql.matchAll(KEY_OF_COLUMN), ([, column = ""]) => [column])];
}

/**
 * The steps of a plan that go over rows: each SCAN of a table, and each SEARCH that is not for one row by its whole key. A
 * SEARCH without a column is a minimum or maximum, which without an index goes over everything.
 */
export function walksOf({ steps }: PlannedStatement, keys: Keys): readonly string[] {
  return steps.map(plainly).filter((step) => {
    const [, verb, table = "", how = ""] = /^(SCAN|SEARCH) (\w+)(.*)$/.exec(step) ?? [];
    if (verb === undefined || table === "CONSTANT" || how.includes("VIRTUAL TABLE")) return false;
    const given = new Set(Array.from(how.matchAll(/(\w+)=\?/g), ([, column]) => column));
    return !keys.get(table)?.some((key) => key.every((column) => given.has(column)));
  });
}

/** Without line breaks, and without the numbers of tables that are made one after another. */
export function plainly(sql: string): string {
  return sql
    .trim()
    .replace(/\s+/g, " ")
    .replaceAll(/_\d{6,}/g, "_N");
}
