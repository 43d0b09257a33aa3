import { describe, expect, it } from "vitest";
import { OPERATOR } from "../../src/ledger/change.ts";
import { BOOK_KEPT_SECONDS, PROCESS_LIFETIME_SECONDS } from "../../src/protocol/lifetimes.ts";
import { DOWN } from "../support/faulty-record.ts";
import {
  type LedgerStage,
  onClosedStage,
  onStage,
  PRINTER,
  permit,
  plainSealer,
  pushed,
  RS,
  START,
} from "../support/ledger-stage.ts";

const DAY = 86_400;

async function alarmAt(stage: LedgerStage): Promise<number | null> {
  const alarm = await stage.storage.getAlarm();
  return alarm === null ? null : alarm / 1_000;
}

describe("rule 8: closed unless opened", () => {
  it(
    "every call says no, and none of them makes anything",
    onClosedStage(async (stage) => {
      const { ledger, caller } = stage;
      expect(await stage.redeem()).toEqual({ outcome: "invalid_ticket", fault: "closed" });
      expect(await stage.introspect("grant")).toEqual({ outcome: "not_connected" });
      expect(await stage.refresh("grant")).toEqual({ outcome: "invalid" });
      expect(await stage.change({ kind: "end_connection", clientId: RS, resources: "keep" })).toEqual({
        outcome: "closed",
      });
      expect(await stage.cut({ by: "everyone" })).toEqual({ outcome: "closed" });
      expect(await ledger.activity(caller, null, 10)).toBeNull();
      expect(await ledger.counts()).toEqual({ grants: 0, processes: 0, pendingChanges: 0, bytes: 0 });
      await ledger.revoke(PRINTER.id, "grant");
      await ledger.alarm();
      expect(stage.tables()).toEqual([]);
      expect(await alarmAt(stage)).toBeNull();
      expect(stage.record.calls).toEqual([]);
    }),
  );

  it(
    "an open ledger stays open, and opening it again changes nothing",
    onStage(async (stage) => {
      await stage.share();
      const grantId = await stage.grant();
      await stage.restart().open("alice");
      expect(await stage.held(grantId)).toEqual(["photo:view"]);
    }),
  );
});

describe("the alarm", () => {
  it(
    "comes when the first bucket of spent tickets has ended, and drops it whole",
    onStage(async (stage) => {
      stage.now = START + 899;
      await stage.redeem(stage.ticket({ expiresAt: START + 900 }));
      await stage.redeem(stage.ticket({ expiresAt: START + 901 }));
      expect(stage.tables()).toEqual(expect.arrayContaining([`spent_${START + 900}`, `spent_${START + 1_800}`]));
      expect(await alarmAt(stage)).toBeLessThanOrEqual(START + 900);
      stage.now = START + 900;
      await stage.ledger.alarm();
      expect(stage.tables().filter((name) => name.startsWith("spent_"))).toEqual([`spent_${START + 1_800}`]);
      expect(await alarmAt(stage)).toBe(START + 1_800);
    }),
  );

  it(
    "removes grants and processes that have ended",
    onStage(async (stage) => {
      await stage.share({ target: { resources: ["photo"] }, scopes: ["view"], who: { claim: "age", exists: true } });
      await stage.redeem(stage.ticket(), { pushed: pushed("bob") });
      await stage.grant({ pushed: pushed("bob", { age: 1 }), client: { ...PRINTER, mayRefresh: false } });
      expect(await stage.ledger.counts()).toMatchObject({ grants: 1, processes: 1 });
      stage.now += 300;
      await stage.ledger.alarm();
      expect(await stage.ledger.counts()).toMatchObject({ grants: 0, processes: 1 });
      stage.now = START + PROCESS_LIFETIME_SECONDS;
      await stage.ledger.alarm();
      expect(await stage.ledger.counts()).toMatchObject({ processes: 0 });
    }),
  );

  it(
    "sends what D1 has not taken, every two seconds until it has",
    onStage(async (stage) => {
      const { channel } = stage.record;
      stage.record.channel = DOWN;
      await stage.share();
      expect(await alarmAt(stage)).toBe(stage.now + 2);
      stage.now += 2;
      await stage.restart().alarm();
      expect(await alarmAt(stage)).toBe(stage.now + 2);
      stage.record.channel = channel;
      await stage.ledger.alarm();
      expect(await stage.ledger.counts()).toMatchObject({ pendingChanges: 0 });
    }),
  );

  it(
    "keeps the book for 31 days, and the last change, which holds the number",
    onStage(async (stage) => {
      const id = await stage.share();
      await stage.grant();
      await stage.cut({ by: "client", clientId: "other" });
      stage.now += BOOK_KEPT_SECONDS;
      await stage.ledger.alarm();
      expect(stage.rows("book")).toHaveLength(3);
      stage.now += 1;
      await stage.ledger.alarm();
      expect(stage.rows("book")).toMatchObject([{ epoch: 2 }]);
      await stage.restart().change("later", { kind: "delete_policy", id, expected: "any" }, OPERATOR);
      expect(stage.rows("book")).toMatchObject([{ epoch: 2 }, { epoch: 3, sequence: 4, state: "done" }]);
    }),
  );

  it(
    "rule 6: forgets no entry that a grant has yet to be judged by",
    onStage(async (stage) => {
      const policyId = await stage.share();
      await stage.grant();
      stage.now += BOOK_KEPT_SECONDS - 10;
      const grantId = await stage.grant();
      const { channel } = stage.record;
      stage.record.channel = DOWN;
      await stage.change({ kind: "delete_policy", id: policyId, expected: "any" });
      await stage.cut({ by: "everyone" });
      stage.now += 20;
      await stage.ledger.alarm();
      expect(await stage.held(grantId)).toEqual([]);
      stage.record.channel = channel;
      stage.now += 86_400;
      await stage.ledger.alarm();
      expect(stage.rows("grants")).toEqual([]);
    }),
  );

  it(
    "cleans up and comes again though claims cannot be opened, and judges when they can",
    onStage(async (stage) => {
      const id = await stage.share({ who: { claim: "email", exists: true } });
      await stage.grant({ pushed: pushed("bob") });
      const document = permit({ who: { claim: "email", domain: "example.net" } });
      await stage.change({ kind: "put_policy", id, document, expected: "any" });
      await stage.redeem(stage.ticket({ expiresAt: START + 900 }));
      stage.now += 2 * DAY;
      stage.restart({ sealer: { ...plainSealer, open: () => Promise.reject(new Error("no keys")) } });
      await stage.ledger.alarm();
      expect(stage.tables().filter((name) => name.startsWith("spent_"))).toEqual([]);
      expect(await alarmAt(stage)).toBe(stage.now + 60);
      expect(await stage.ledger.counts()).toMatchObject({ grants: 1 });
      stage.restart();
      await stage.ledger.alarm();
      expect(await stage.ledger.counts()).toMatchObject({ grants: 0 });
    }),
  );

  it(
    "is kept at the earliest time that anything needs, also after a restart",
    onStage(async (stage) => {
      await stage.redeem(stage.ticket({ expiresAt: START + 10_000 }));
      const first = await alarmAt(stage);
      stage.restart();
      await stage.redeem(stage.ticket({ expiresAt: START + 20_000 }));
      expect(await alarmAt(stage)).toBe(first);
    }),
  );
});

describe("rule 9: the activity log", () => {
  it(
    "is listed newest first, in pages, over the turn of the month",
    onStage(async (stage) => {
      for (let count = 0; count < 3; count += 1) {
        await stage.cut({ by: "client", clientId: String(count) });
        stage.now += 31 * DAY;
      }
      const list = async (before: number | null) => (await stage.ledger.activity(stage.caller, before, 2)) ?? [];
      const first = await list(null);
      const second = await list(first.at(-1)?.id ?? null);
      expect([...first, ...second].map(({ kind, detail }) => [kind, detail.clientId])).toEqual([
        ["cut", "2"],
        ["cut", "1"],
        ["cut", "0"],
        ["changed", undefined],
      ]);
      expect(await list(second.at(-1)?.id ?? null)).toEqual([]);
    }),
  );

  it(
    "is shown under a standing connection only",
    onStage(async (stage) => {
      expect(await stage.ledger.activity({ ...stage.caller, generation: 99 }, null, 10)).toBeNull();
    }),
  );

  it(
    "drops a month when 13 more have gone by, though nothing else happens",
    onStage(async (stage) => {
      expect(stage.tables()).toContain("activity_202901");
      await stage.ledger.alarm();
      const end = Date.UTC(2030, 2, 1) / 1_000;
      stage.now = end - 1;
      await stage.ledger.alarm();
      expect(stage.tables()).toContain("activity_202901");
      expect(await alarmAt(stage)).toBeLessThanOrEqual(end + 60);
      stage.now = end;
      await stage.ledger.alarm();
      expect(stage.tables()).not.toContain("activity_202901");
    }),
  );
});
