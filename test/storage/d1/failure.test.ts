import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { isD1Failure, isRefusedForGood } from "../../../src/storage/d1/failure.ts";
import { givenOwner } from "../../support/workerd/records.ts";

const failureOf = (statement: string, ...parameters: readonly unknown[]): Promise<unknown> =>
  env.DB.batch([env.DB.prepare(statement).bind(...parameters)]).then(
    () => null,
    (error: unknown) => error,
  );
const OWNER = "INSERT INTO owners (id, kind, name, ledger, created_at) VALUES (?, 'organization', '', '', ?)";
const CONNECTION = "INSERT INTO connections (owner_id, client_id, scopes, generation, active) VALUES (?, 'c', ?, 1, 1)";

describe("the values of a statement are at fault for", () => {
  it.each([
    ["a missing value", OWNER, [crypto.randomUUID(), null]],
    ["a value of another type", OWNER, [crypto.randomUUID(), "soon"]],
    ["what refers to nothing", CONNECTION, ["nobody", "[]"]],
    ["JSON that is none", "SELECT value FROM json_each(?)", ["{"]],
    ["more than a column holds", "SELECT zeroblob(?)", [2_000_000_000]],
  ])("%s", async (_, statement, parameters) => {
    const failure = await failureOf(statement, ...parameters);
    expect([isD1Failure(failure), isRefusedForGood(failure)], String(failure)).toEqual([true, true]);
  });

  it("a repeat", async () => {
    const { id } = await givenOwner();
    expect(isRefusedForGood(await failureOf(OWNER, id, 1))).toBe(true);
  });

  it("a value that no column takes", () => {
    const bind = () => env.DB.prepare(OWNER).bind({}, 1);
    expect(bind).toThrow(expect.toSatisfy((error) => isD1Failure(error) && isRefusedForGood(error)));
  });
});

describe("the values of a statement are not at fault for", () => {
  it.each([
    ["a table that is missing while a release rolls out", "SELECT id FROM tables_to_come"],
    ["a column that is", "SELECT column_to_come FROM owners"],
    ["a statement of bad form", "SELEKT 1"],
  ])("%s", async (_, statement) => {
    const failure = await failureOf(statement);
    expect([isD1Failure(failure), isRefusedForGood(failure)], String(failure)).toEqual([true, false]);
  });

  it("an epoch out of turn", async () => {
    const { id } = await givenOwner();
    const failure = await failureOf("UPDATE owner_epochs SET epoch = 5 WHERE owner_id = ?", id);
    expect([String(failure), isRefusedForGood(failure)]).toEqual([expect.stringContaining("out of turn"), false]);
  });

  it.each(["D1_ERROR: Network connection lost.", "D1_ERROR: D1 DB is overloaded. Requests queued for too long."])(
    "%s",
    (message) => {
      expect([isD1Failure(new Error(message)), isRefusedForGood(new Error(message))]).toEqual([true, false]);
    },
  );

  it("what is no error of D1", () => {
    for (const error of [new TypeError("x is undefined"), "malformed JSON", null]) {
      expect([isD1Failure(error), isRefusedForGood(error)]).toEqual([false, false]);
    }
  });
});
