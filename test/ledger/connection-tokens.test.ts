import { describe, expect, it } from "vitest";
import type { ConnectionRefreshRequest, RedeemCodeRequest } from "../../src/ledger/contract.ts";
import { tokenIdInFamily } from "../../src/protocol/connection.ts";
import { MAX_REVOKED_TOKENS } from "../../src/shared/limits.ts";
import { DAY } from "../../src/shared/time.ts";
import { DOWN } from "../support/faulty-record.ts";
import { type LedgerStage, onClosedStage, onStage, RS } from "../support/ledger-stage.ts";

const SPENT = { outcome: "invalid", fault: "spent" };
const ENDED = { outcome: "invalid" };
const REUSED = { outcome: "invalid", isReused: true };
const FAMILY = "family-of-the-code-000";

/** A code for the resource server's connection, as it stands. */
function codeFor(stage: LedgerStage, changes: Partial<RedeemCodeRequest["code"]> = {}): RedeemCodeRequest["code"] {
  return {
    id: FAMILY,
    clientId: RS,
    accountId: "ana",
    connectionGeneration: stage.caller.generation,
    scopes: ["uma_protection", "uma_policy"],
    expiresAt: stage.now + 60,
    ...changes,
  };
}

function redeem(stage: LedgerStage, code = codeFor(stage), changes: Partial<RedeemCodeRequest> = {}) {
  return stage.ledger.redeemCode({ attemptId: stage.draw("attempt"), code, mayRefresh: true, ...changes });
}

function refresh(stage: LedgerStage, generation = 0, changes: Partial<ConnectionRefreshRequest> = {}) {
  return stage.ledger.refreshConnection({
    attemptId: stage.draw("attempt"),
    clientId: RS,
    familyId: FAMILY,
    connectionGeneration: stage.caller.generation,
    generation,
    rotate: false,
    scopes: null,
    ...changes,
  });
}

/** Whether an access token of this family, or of none, is taken. */
async function stands(stage: LedgerStage, tokenId = tokenIdInFamily(FAMILY, "one")): Promise<boolean> {
  const reply = await stage.introspect("no grant", stage.now + 300, { ...stage.caller, tokenId });
  return reply.outcome !== "not_connected";
}

const lastKinds = async (stage: LedgerStage) =>
  ((await stage.ledger.activity(stage.caller, null, 3)) ?? []).map(({ kind }) => kind);

describe("a code", () => {
  it(
    "gives its tokens once, and the owner reads who consented",
    onStage(async (stage) => {
      const code = codeFor(stage);
      expect(await redeem(stage, code)).toEqual({ outcome: "redeemed", issuedAt: stage.now, refreshGeneration: 0 });
      const [entry] = (await stage.ledger.activity(stage.caller, null, 1)) ?? [];
      expect(entry).toMatchObject({ kind: "authorized", clientId: RS, detail: { accountId: "ana" } });
      expect(await redeem(stage, code)).toEqual(SPENT);
    }),
  );

  it(
    "finds the same answer for the same attempt, and ends nothing by that",
    onStage(async (stage) => {
      const [code, attempt] = [codeFor(stage), { attemptId: "again" }];
      const first = await redeem(stage, code, attempt);
      stage.restart();
      expect(await redeem(stage, code, attempt)).toEqual(first);
      expect([await stands(stage), await refresh(stage)]).toMatchObject([true, { outcome: "refreshed" }]);
    }),
  );

  it(
    "is redeemed by one of twenty at once",
    onStage(async (stage) => {
      const code = codeFor(stage);
      const replies = await Promise.all(Array.from({ length: 20 }, () => redeem(stage, code)));
      expect(replies.filter(({ outcome }) => outcome === "redeemed")).toHaveLength(1);
    }),
  );

  it(
    "that comes again ends what it gave, and nothing else of the connection (RFC 6749 §4.1.2)",
    onStage(async (stage) => {
      const code = codeFor(stage);
      await redeem(stage, code);
      expect(await stands(stage)).toBe(true);
      expect(await redeem(stage, code)).toEqual(SPENT);
      expect([await stands(stage), await stands(stage, "of no family")]).toEqual([false, true]);
      expect(await refresh(stage)).toEqual(ENDED);
      expect(stage.record.content.revokedTokens).toEqual([FAMILY]);
      expect(await lastKinds(stage)).toContain("code_replayed");
      await redeem(stage, code);
      expect(stage.rows("book").filter(({ operation_id }) => operation_id === `end:${FAMILY}`)).toHaveLength(1);
    }),
  );

  it(
    "that comes again ends what it gave although D1 cannot be told yet",
    onStage(async (stage) => {
      const code = codeFor(stage);
      await redeem(stage, code);
      stage.record.channel = DOWN;
      expect(await redeem(stage, code)).toEqual(SPENT);
      expect([await stands(stage), await refresh(stage)]).toEqual([false, ENDED]);
    }),
  );

  it(
    "ends its refresh token even where no more access tokens can be remembered as revoked",
    onStage(async (stage) => {
      const code = codeFor(stage);
      await redeem(stage, code);
      const insert = "INSERT INTO revoked_tokens (token_id, client_id, expires_at) VALUES (?, ?, ?)";
      for (let n = 0; n < MAX_REVOKED_TOKENS; n += 1) stage.storage.sql.exec(insert, `t${n}`, RS, stage.now + 60);
      stage.restart();
      expect(await redeem(stage, code)).toEqual(SPENT);
      expect(await refresh(stage)).toEqual(ENDED);
    }),
  );

  it(
    "expires, and stays expired when it was forgotten and the clock is set back",
    onStage(async (stage) => {
      const [code, late] = [codeFor(stage), codeFor(stage, { id: "another" })];
      await redeem(stage, code);
      stage.now += 60;
      expect(await redeem(stage, late)).toEqual({ outcome: "invalid", fault: "expired" });
      stage.now += 2_000;
      await stage.ledger.alarm();
      expect(stage.tables().filter((name) => name.startsWith("spent_"))).toEqual([]);
      stage.now -= 2_050;
      expect(await redeem(stage, code)).toEqual({ outcome: "invalid", fault: "expired" });
    }),
  );

  it(
    "ends with the connection that was consented to",
    onStage(async (stage) => {
      const code = codeFor(stage);
      await stage.change({ kind: "put_connection", clientId: RS, scopes: ["uma_protection"] });
      expect(await redeem(stage, code)).toEqual({ outcome: "invalid", fault: "not_connected" });
    }),
  );

  it(
    "gives no refresh token to a client that may have none",
    onStage(async (stage) => {
      expect(await redeem(stage, codeFor(stage), { mayRefresh: false })).toMatchObject({ refreshGeneration: null });
      expect(await refresh(stage)).toEqual(ENDED);
      expect(await stands(stage)).toBe(true);
    }),
  );

  it(
    "is nothing to a ledger that nobody opened",
    onClosedStage(async (stage) => {
      expect(await redeem(stage)).toEqual({ outcome: "invalid", fault: "closed" });
      expect(await refresh(stage)).toEqual(ENDED);
      expect(stage.tables()).toEqual([]);
    }),
  );

  it(
    "finds its table also in a ledger that is older than that",
    onStage(async (stage) => {
      stage.storage.sql.exec("DROP TABLE families");
      stage.restart();
      expect(await redeem(stage)).toMatchObject({ outcome: "redeemed" });
      expect(await refresh(stage)).toMatchObject({ outcome: "refreshed" });
      stage.storage.sql.exec("DROP TABLE families");
      stage.restart();
      await stage.ledger.alarm();
      await stage.change({ kind: "end_connection", clientId: RS, resources: "keep" });
      expect(await redeem(stage)).toMatchObject({ outcome: "invalid" });
    }),
  );
});

describe("the refresh of a connection", () => {
  it(
    "goes on for years, and keeps or limits the scopes",
    onStage(async (stage) => {
      await redeem(stage);
      stage.now += 5 * 365 * DAY;
      const all = ["uma_protection", "uma_policy"];
      expect(await refresh(stage)).toEqual({
        outcome: "refreshed",
        issuedAt: stage.now,
        scopes: all,
        refreshGeneration: 0,
      });
      expect(await refresh(stage, 0, { scopes: ["uma_policy"] })).toMatchObject({ scopes: ["uma_policy"] });
      expect(await refresh(stage, 0, { scopes: ["admin"] })).toEqual({ outcome: "invalid_scope" });
      expect(await refresh(stage)).toMatchObject({ scopes: all });
    }),
  );

  it(
    "is for its own client, connection and family",
    onStage(async (stage) => {
      await redeem(stage);
      const foreign = [{ clientId: "other" }, { familyId: "other" }, { connectionGeneration: 99 }];
      for (const changes of foreign) expect(await refresh(stage, 0, changes)).toEqual(ENDED);
      expect(await refresh(stage)).toMatchObject({ outcome: "refreshed" });
    }),
  );

  it(
    "rotates for public clients, forgives a repeat at once, and takes a late one for theft (RFC 9700 §4.14.2)",
    onStage(async (stage) => {
      await redeem(stage);
      const rotate = { rotate: true };
      expect(await refresh(stage, 0, rotate)).toMatchObject({ refreshGeneration: 1 });
      stage.now += 10;
      expect(await refresh(stage, 0, rotate)).toMatchObject({ refreshGeneration: 1 });
      stage.now += 1;
      expect(await refresh(stage, 0, rotate)).toEqual(REUSED);
      expect(await refresh(stage, 1, rotate)).toEqual(ENDED);
      expect(await stands(stage)).toBe(false);
      expect(await lastKinds(stage)).toContain("refresh_reused");
    }),
  );

  it(
    "goes on once for many at once",
    onStage(async (stage) => {
      await redeem(stage);
      const replies = await Promise.all(Array.from({ length: 20 }, () => refresh(stage, 0, { rotate: true })));
      expect(replies).toEqual(Array(20).fill(expect.objectContaining({ refreshGeneration: 1 })));
    }),
  );

  it(
    "ends at once with the connection, however it ends, and is gone from storage",
    onStage(async (stage) => {
      await redeem(stage);
      stage.record.channel = DOWN;
      await stage.change({ kind: "end_connection", clientId: RS, resources: "keep" });
      expect(await refresh(stage)).toEqual(ENDED);
      expect(stage.rows("families")).toEqual([]);
    }),
  );

  it(
    "ends when it lay idle for as long as the operator allows, and the alarm clears up",
    onStage(async (stage) => {
      stage.settings = { ...stage.settings, connectionIdleDays: 30 };
      stage.restart();
      await redeem(stage);
      stage.now += 30 * DAY - 1;
      expect(await refresh(stage)).toMatchObject({ outcome: "refreshed" });
      stage.now += 30 * DAY;
      expect(await refresh(stage)).toEqual(ENDED);
      await stage.ledger.alarm();
      expect(stage.rows("families")).toEqual([]);
    }),
  );

  it(
    "is one of a hundred of its client: the one that lay idle longest goes",
    onStage(async (stage) => {
      await redeem(stage);
      for (let n = 1; n <= 100; n += 1) {
        stage.now += 1;
        await redeem(stage, codeFor(stage, { id: `family-${n}` }));
      }
      expect(await refresh(stage)).toEqual(ENDED);
      expect(await refresh(stage, 0, { familyId: "family-1" })).toMatchObject({ outcome: "refreshed" });
    }),
  );
});

describe("a consent", () => {
  const allow = { kind: "allow_connection", clientId: RS, scopes: ["uma_policy"] } as const;
  const ana = { by: "administrator", accountId: "ana" } as const;

  it(
    "takes nothing from a connection that stands",
    onStage(async (stage) => {
      const { generation } = stage.caller;
      await redeem(stage);
      expect(await stage.ledger.change("allow", allow, ana)).toEqual({ outcome: "done", version: generation });
      expect([await stands(stage), await refresh(stage)]).toMatchObject([true, { outcome: "refreshed" }]);
    }),
  );

  it(
    "takes nothing while D1 cannot be told",
    onStage(async (stage) => {
      await redeem(stage);
      stage.record.channel = DOWN;
      expect(await stage.ledger.change("allow", allow, ana)).toEqual({ outcome: "pending" });
      expect([await stands(stage), await refresh(stage)]).toMatchObject([true, { outcome: "refreshed" }]);
    }),
  );

  it(
    "begins a connection where none stands, and the owner reads by whom",
    onStage(async (stage) => {
      await stage.change({ kind: "end_connection", clientId: RS, resources: "keep" });
      expect(await stage.ledger.change("allow", allow, ana)).toEqual({ outcome: "done", version: 3 });
      expect(await stands(stage, "pat")).toBe(true);
      const [entry] = (await stage.ledger.activity(stage.caller, null, 1)) ?? [];
      expect(entry).toMatchObject({
        kind: "changed",
        clientId: null,
        detail: { change: "allow_connection", subject: RS, accountId: "ana" },
      });
      expect(stage.rows("book").at(-1)).toMatchObject({ author: "account:ana" });
    }),
  );

  it(
    "comes to nothing where the end of the connection was booked after it",
    onStage(async (stage) => {
      stage.record.channel = DOWN;
      await stage.ledger.change("allow", allow, ana);
      await stage.change({ kind: "end_connection", clientId: RS, resources: "keep" });
      stage.record.channel = async (_call, reach) => reach();
      await stage.ledger.alarm();
      expect(await stands(stage, "pat")).toBe(false);
    }),
  );

  it(
    "is an administrator's to give and to end, and neither a caller's to give nor an administrator's to do more with",
    onStage(async (stage) => {
      const caller = { by: "caller", caller: stage.caller } as const;
      expect(await stage.ledger.change("caller", allow, caller)).toEqual({ outcome: "not_connected" });
      const put = { kind: "put_connection", clientId: RS, scopes: [] } as const;
      expect(await stage.ledger.change("put", put, ana)).toEqual({ outcome: "not_connected" });
      const end = { kind: "end_connection", clientId: RS, resources: "keep" } as const;
      expect(await stage.ledger.change("end", end, ana)).toMatchObject({ outcome: "done" });
    }),
  );
});
