import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { DatabaseSync } from "node:sqlite";

/**
 * What anybody may bring about who sends a request: counters of failures, the pace of letters, what was used once, and
 * the story of the request. None of it is anybody's.
 */
const OPEN_TO_STRANGERS =
  /FailureCounterObject|PacerObject|ReplayGuardObject|RequestLogObject|EmailCodeObject|\/kv\/|\/cache\//;

/** What others are yet to be told goes out in its own time, and is tried again: nobody's request takes it away. */
const OUTBOX = "outbox";

/** What stands in each table of D1 and of the Durable Objects, as a digest by place. */
export function digestState(state: string): ReadonlyMap<string, string> {
  const copy = mkdtempSync(join(tmpdir(), "usher-state-"));
  try {
    // With their write-ahead logs, and apart from the server, which goes on meanwhile.
    cpSync(state, copy, { recursive: true });
    const files = readdirSync(copy, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".sqlite"));
    const kept = files.filter((name) => !OPEN_TO_STRANGERS.test(`/${name}`));
    return new Map(kept.flatMap((name) => digestFile(copy, join(copy, name))));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function digestFile(root: string, file: string): readonly (readonly [place: string, digest: string])[] {
  const database = new DatabaseSync(file);
  try {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
    return tables.flatMap(({ name }): readonly (readonly [place: string, digest: string])[] => {
      const table = String(name);
      if (/^(sqlite_|_cf_|_mf_)/.test(table)) return [];
      const rows = database.prepare(`SELECT * FROM "${table.replaceAll('"', '""')}"`).all();
      if (table === OUTBOX) return rows.map(({ id }) => [`${relative(root, file)} ${OUTBOX} ${id}`, ""] as const);
      const lines = rows.map((row) =>
        JSON.stringify(row, (_, value) => (typeof value === "bigint" ? `${value}n` : value)),
      );
      const digest = createHash("sha256").update(lines.toSorted().join("\n")).digest("hex");
      return [[`${relative(root, file)} ${table} (${rows.length})`, digest] as const];
    });
  } finally {
    database.close();
  }
}

/** The places where two digests are not the same; a message that has gone out leaves none. */
export function differences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const places = new Set([...before.keys(), ...after.keys()]);
  const hasGoneOut = (place: string) => place.includes(` ${OUTBOX} `) && !after.has(place);
  return [...places].filter((place) => before.get(place) !== after.get(place) && !hasGoneOut(place));
}
