import { describe, expect, it } from "vitest";
import type { Change } from "../../src/ledger/change.ts";
import { TICKET_LIFETIME_MAX_SECONDS } from "../../src/protocol/lifetimes.ts";
import { MAX_REVOKED_TOKENS } from "../../src/shared/limits.ts";
import { DOWN } from "../support/faulty-record.ts";
import { type LedgerStage, onStage, RS } from "../support/ledger-stage.ts";

/** A caller under the resource server's connection, with a token of its own. */
const holder = (stage: LedgerStage, tokenId: string) => ({ ...stage.caller, tokenId });

/** The holder of a token asks for its end. */
function revoke(stage: LedgerStage, tokenId: string, expiresAt = stage.now + 3_600) {
  const change: Change = { kind: "revoke_token", clientId: RS, tokenId, expiresAt };
  return stage.ledger.change(stage.draw("operation"), change, { by: "caller", caller: holder(stage, tokenId) });
}

async function stands(stage: LedgerStage, tokenId: string): Promise<boolean> {
  const reply = await stage.introspect("no grant", stage.now + 300, holder(stage, tokenId));
  return reply.outcome !== "not_connected";
}

describe("what a caller may change", () => {
  it.each<[string, Change]>([
    ["starts no connection, its own neither", { kind: "put_connection", clientId: RS, scopes: [] }],
    ["ends no connection", { kind: "end_connection", clientId: "tool", resources: "keep" }],
    ["revokes no token of another client", { kind: "revoke_token", clientId: "tool", tokenId: "t", expiresAt: 2e9 }],
    ["removes no resource of another server", { kind: "delete_resource", id: "photo", resourceServerId: "rs2" }],
  ])("%s", (_, change) =>
    onStage(async (stage) => {
      const before = stage.record.content;
      const author = { by: "caller", caller: stage.caller } as const;
      expect(await stage.ledger.change("own", change, author)).toEqual({ outcome: "not_connected" });
      expect(stage.record.content).toBe(before);
      expect(await stands(stage, "pat")).toBe(true);
    })(),
  );
});

describe("a token that is revoked", () => {
  it(
    "ends alone, at once and for good",
    onStage(async (stage) => {
      expect(await revoke(stage, "one")).toEqual({ outcome: "done", version: 0 });
      stage.restart();
      expect([await stands(stage, "one"), await stands(stage, "other")]).toEqual([false, true]);
      expect(stage.record.content.revokedTokens).toEqual(["one"]);
    }),
  );

  it(
    "is dead although D1 cannot be told yet",
    onStage(async (stage) => {
      stage.record.channel = DOWN;
      expect(await revoke(stage, "one")).toEqual({ outcome: "pending" });
      expect([await stands(stage, "one"), await stands(stage, "other")]).toEqual([false, true]);
    }),
  );

  it(
    "can ask for nothing more, and starts no connection again that ended meanwhile",
    onStage(async (stage) => {
      const late = holder(stage, "late");
      await stage.change({ kind: "end_connection", clientId: RS, resources: "keep" });
      const change: Change = { kind: "revoke_token", clientId: RS, tokenId: "late", expiresAt: stage.now + 60 };
      expect(await stage.ledger.change("late", change, { by: "caller", caller: late })).toEqual({
        outcome: "not_connected",
      });
      expect(await stands(stage, "other")).toBe(false);
      expect(stage.rows("connections")).toMatchObject([{ client_id: RS, active: 0 }]);
    }),
  );

  it(
    "is forgotten when it has expired and all its tickets too, by whatever clock, and not sooner",
    onStage(async (stage) => {
      await revoke(stage, "one", stage.now + 600);
      stage.now += 600 + TICKET_LIFETIME_MAX_SECONDS;
      await stage.ledger.alarm();
      expect(await stands(stage, "one")).toBe(false);
      stage.now += 60;
      await stage.ledger.alarm();
      expect(stage.rows("revoked_tokens")).toEqual([]);
    }),
  );

  it(
    "is one of so many that can be remembered; until some expire the next is left as it is",
    onStage(async (stage) => {
      const insert = "INSERT INTO revoked_tokens (token_id, client_id, expires_at) VALUES (?, ?, ?)";
      for (let n = 0; n < MAX_REVOKED_TOKENS; n += 1) stage.storage.sql.exec(insert, `t${n}`, RS, stage.now + 60);
      expect(await revoke(stage, "one")).toEqual({ outcome: "limit_reached" });
      stage.now += 120;
      await stage.ledger.alarm();
      expect(await revoke(stage, "one")).toMatchObject({ outcome: "done" });
    }),
  );
});

describe("the book", () => {
  it(
    "names the client that wanted a change, and nobody for the operator",
    onStage(async (stage) => {
      await revoke(stage, "one");
      await stage.ledger.cut("cut", { by: "everyone" }, { by: "caller", caller: stage.caller });
      expect(stage.rows("book").map(({ author }) => author)).toEqual([null, RS, RS]);
    }),
  );
});
