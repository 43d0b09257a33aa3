import { describe, expect, it } from "vitest";
import { LateTable } from "../../src/ledger/late-table.ts";
import { onStage } from "../support/ledger-stage.ts";

const CREATE = ["CREATE TABLE IF NOT EXISTS late (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID"];

describe("a table that is made late", () => {
  it(
    "is there once it is made, and not when that was undone with its block",
    onStage(async ({ storage }) => {
      const table = new LateTable(storage.sql, "late", CREATE);
      expect(table.exists()).toBe(false);
      const undone = () =>
        storage.transactionSync(() => {
          table.make();
          expect(table.exists()).toBe(true);
          throw new Error("undone");
        });
      expect(undone).toThrow("undone");
      expect(table.exists()).toBe(false);
      storage.transactionSync(() => table.make());
      expect(table.exists()).toBe(true);
      table.drop();
      expect(table.exists()).toBe(false);
    }),
  );
});
