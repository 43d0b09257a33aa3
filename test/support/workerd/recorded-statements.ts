import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import type { PlannedStatement } from "../pure/query-plan.ts";

type Exec = SqlStorage["exec"];

/**
 * Every statement that is run while `work` runs, in D1 and in the Durable Objects, with its plan. Worker and objects share
 * one isolate here, so the classes of the bindings are watched and not the bindings.
 */
export async function recordStatements(work: () => Promise<unknown>): Promise<readonly PlannedStatement[]> {
  const prepared = new Set<string>();
  const planned = new Map<string, PlannedStatement>();
  const watches = [watchDatabase(prepared), await watchObjects(planned)];
  try {
    await work();
  } finally {
    for (const watch of watches) watch.mockRestore();
  }
  return [...planned.values(), ...(await planInDatabase([...prepared]))];
}

/** What D1 runs by itself when a row is written: the statements of the migrations' triggers. */
export async function planTriggers(): Promise<readonly PlannedStatement[]> {
  const { results } = await env.DB.prepare("SELECT sql FROM sqlite_master WHERE type = 'trigger'").all<{
    sql: string;
  }>();
  const bodies = results.map(({ sql }) => /BEGIN(.*)END/s.exec(sql)?.[1] ?? "");
  const statements = bodies.flatMap((body) => body.split(";")).map((statement) => statement.trim());
  // The row that is written is given, as a parameter is.
  const running = statements.filter((sql) => sql !== "" && !sql.startsWith("SELECT RAISE"));
  return planInDatabase(running.map((sql) => sql.replaceAll(/\b(?:NEW|OLD)\.\w+/g, "?")));
}

/** The statements that made D1's tables. */
export async function databaseSchema(): Promise<readonly string[]> {
  const { results } = await env.DB.prepare(
    "SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL ORDER BY type DESC",
  ).all<{ sql: string }>();
  return results.map(({ sql }) => sql);
}

interface PlanRow {
  readonly detail: string;
}

/** A plan does not depend on what is bound. */
async function planInDatabase(statements: readonly string[]): Promise<readonly PlannedStatement[]> {
  const plans = statements.map((sql) =>
    env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`).bind(...Array.from({ length: countParameters(sql) }, () => null)),
  );
  const answers = await env.DB.batch<PlanRow>(plans);
  return statements.map((sql, index) => ({ store: "d1", sql, steps: stepsOf(answers[index]?.results ?? []) }));
}

/** A statement numbers all of its parameters or none. */
function countParameters(sql: string): number {
  const numbers = Array.from(sql.matchAll(/\?(\d*)/g), ([, number]) => Number(number));
  return numbers.includes(0) ? numbers.length : Math.max(0, ...numbers);
}

function stepsOf(rows: readonly PlanRow[]): readonly string[] {
  return rows.map(({ detail }) => detail);
}

function watchDatabase(prepared: Set<string>) {
  const prototype: D1Database = Object.getPrototypeOf(env.DB);
  const prepare = prototype.prepare;
  return vi.spyOn(prototype, "prepare").mockImplementation(function (this: D1Database, sql: string) {
    prepared.add(sql);
    return prepare.call(this, sql);
  });
}

async function watchObjects(planned: Map<string, PlannedStatement>) {
  const ring = env.KEY_RING.getByName("ring");
  const prototype: SqlStorage = await runInDurableObject(ring, (_, { storage }) => Object.getPrototypeOf(storage.sql));
  const exec: Exec = prototype.exec;
  return vi.spyOn(prototype, "exec").mockImplementation(function (this: SqlStorage, sql: string, ...values: unknown[]) {
    // Planned before it runs, while what it is about is there: some drop their table.
    if (!planned.has(sql)) {
      const rows: unknown = exec.call(this, `EXPLAIN QUERY PLAN ${sql}`, ...values).toArray();
      planned.set(sql, { store: "object", sql, steps: stepsOf(rows as PlanRow[]) });
    }
    return exec.call(this, sql, ...values);
  } as Exec);
}
