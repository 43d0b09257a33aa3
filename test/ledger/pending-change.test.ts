import { describe, expect, it } from "vitest";
import { DOWN } from "../support/faulty-record.ts";
import { ALL_HELD, grantAll } from "../support/ledger-changes.ts";
import { onStage, PHOTO, PRINTER } from "../support/ledger-stage.ts";

const CHANGE_ON_ITS_WAY = { outcome: "unavailable", cause: "change_on_its_way" };

describe("rule 1: a change takes away from the moment it is booked", () => {
  it(
    "while D1 is down; and nothing is granted on it, and it is recorded later",
    onStage(async (stage) => {
      const { channel } = stage.record;
      const id = await stage.share();
      const grantId = await stage.grant();
      stage.record.channel = DOWN;
      expect(await stage.change({ kind: "delete_policy", id, expected: "any" }, "revoke")).toEqual({
        outcome: "pending",
      });
      expect(await stage.held(grantId)).toEqual([]);
      expect(await stage.restart().counts()).toMatchObject({ pendingChanges: 1 });
      expect(await stage.held(grantId)).toEqual([]);
      expect(await stage.redeem()).toMatchObject({ outcome: "unavailable" });
      stage.record.channel = channel;
      await stage.ledger.alarm();
      expect(stage.record.content.policies).toEqual({});
      const again = { kind: "delete_policy", id, expected: "any" } as const;
      expect(await stage.change(again, "revoke")).toEqual({ outcome: "done", version: 0 });
    }),
  );

  it(
    "and takes nothing if it turns out to do nothing",
    onStage(async (stage) => {
      const { channel } = stage.record;
      const id = await stage.share();
      const grantId = await stage.grant();
      stage.record.channel = DOWN;
      expect(await stage.change({ kind: "delete_policy", id, expected: 7 })).toEqual({ outcome: "pending" });
      expect(await stage.held(grantId)).toEqual([]);
      expect(await stage.refresh(grantId)).toEqual(CHANGE_ON_ITS_WAY);
      stage.record.channel = channel;
      await stage.ledger.alarm();
      expect(await stage.held(grantId)).toEqual(["photo:view"]);
      expect(await stage.refresh(grantId)).toMatchObject({ outcome: "refreshed" });
    }),
  );

  it(
    "gives nothing before D1 has it",
    onStage(async (stage) => {
      stage.record.channel = DOWN;
      await stage.share();
      expect(await stage.redeem()).toMatchObject({ outcome: "unavailable" });
    }),
  );
});

describe("a cut", () => {
  it.each([
    ["everyone", { by: "everyone" }, []],
    ["this client", { by: "client", clientId: PRINTER.id }, []],
    ["another client", { by: "client", clientId: "other" }, ALL_HELD],
    ["this party", { by: "party", partyReference: "pairwise-bob" }, []],
    ["another party", { by: "party", partyReference: "pairwise-carol" }, ALL_HELD],
    ["a resource", { by: "resource", resourceId: PHOTO.id }, ["album:view"]],
  ] as const)("ends what %s holds, with D1 down too, and leaves the policies", (_case, cut, left) =>
    onStage(async (stage) => {
      await stage.share();
      const { channel } = stage.record;
      const grantId = await grantAll(stage);
      stage.record.channel = DOWN;
      expect(await stage.cut(cut)).toEqual({ outcome: "done", version: 0 });
      expect(await stage.held(grantId)).toEqual(left);
      stage.record.channel = channel;
      expect(await stage.held(await grantAll(stage))).toEqual(ALL_HELD);
    })(),
  );

  it(
    "is one row however many grants live",
    onStage(async (stage) => {
      await stage.share();
      for (let count = 0; count < 5; count += 1) await stage.grant();
      const before = stage.rows("grants");
      await stage.cut({ by: "everyone" });
      expect(stage.rows("grants")).toEqual(before);
      stage.now += 100_000;
      await stage.ledger.alarm();
      expect(stage.rows("grants")).toEqual([]);
    }),
  );
});
