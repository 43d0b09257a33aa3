import { describe, expect, it } from "vitest";
import type { Change, VersionExpectation } from "../../src/ledger/change.ts";
import { DOWN } from "../support/faulty-record.ts";
import { ALL_HELD, grantAll } from "../support/ledger-changes.ts";
import { onStage, PHOTO, PRINTER, permit, RS } from "../support/ledger-stage.ts";

const put = (id: string, document: Parameters<typeof permit>[0], expected: VersionExpectation = "any"): Change => {
  return { kind: "put_policy", id, document: permit(document), expected };
};
const remove = (id: string, expected: VersionExpectation = "any"): Change => {
  return { kind: "delete_policy", id, expected };
};
const photo = { id: PHOTO.id, resourceServerId: RS };
const update = (version: number): Change => {
  return { kind: "update_resource", ...photo, description: { resource_scopes: [] }, version };
};
const drop = (version: number): Change => ({ kind: "delete_resource", ...photo, version });
const end = (clientId: string): Change => ({ kind: "end_connection", clientId, resources: "keep" });

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

describe("a change that comes to nothing", () => {
  it.each<[string, (id: string) => Change, object]>([
    ["of another version", (id) => put(id, { scopes: ["print"] }, 7), { outcome: "version_mismatch", version: 1 }],
    ["a deletion of another version", (id) => remove(id, 7), { outcome: "version_mismatch", version: 1 }],
    ["of another version of a resource", () => update(7), { outcome: "version_mismatch", version: 1 }],
    ["a deletion of another version of a resource", () => drop(7), { outcome: "version_mismatch", version: 1 }],
    ["of an id that is not there", () => put("elsewhere", { effect: "deny" }), { outcome: "not_found" }],
    ["the end of a connection that never was", () => end(PRINTER.id), { outcome: "not_found" }],
  ])("takes nothing, not even for a moment: %s", (_, changeOf, result) =>
    onStage(async (stage) => {
      const id = await stage.share();
      const grantId = await stage.grant();
      const seen: string[] = [];
      stage.record.channel = async (_call, reach) => {
        for (let turn = 0; turn < 5; turn += 1) {
          seen.push((await stage.held(grantId)).join(), (await stage.refresh(grantId)).outcome);
        }
        return reach();
      };
      expect(await stage.change(changeOf(id))).toEqual(result);
      seen.push((await stage.held(grantId)).join(), (await stage.refresh(grantId)).outcome);
      expect(new Set(seen)).toEqual(new Set(["photo:view", "refreshed"]));
      expect((await stage.ledger.counts()).pendingChanges).toBe(0);
    })(),
  );

  it(
    "is booked all the same when D1 is where it was before a backup: then it has no say in what can be ended",
    onStage(async (stage) => {
      const id = await stage.share();
      const grantId = await stage.grant();
      stage.record.content = { ...stage.record.content, policies: {} };
      stage.record.epoch = 1;
      expect(await stage.change(remove(id))).toEqual({ outcome: "pending" });
      expect(await stage.held(grantId)).toEqual([]);
    }),
  );

  it(
    "is booked all the same when D1 takes its time to say so",
    onStage(async (stage) => {
      const id = await stage.share();
      const grantId = await stage.grant();
      stage.record.channel = () => new Promise(() => {});
      void stage.change(remove(id));
      await scheduler.wait(0);
      stage.wake();
      await scheduler.wait(0);
      expect(await stage.held(grantId)).toEqual([]);
    }),
  );

  it(
    "is told by what is on its way to D1, not by what D1 has yet to hear",
    onStage(async (stage) => {
      const { channel } = stage.record;
      stage.record.channel = DOWN;
      const id = await stage.share();
      stage.record.channel = channel;
      expect(await stage.change(put(id, {}))).toMatchObject({ outcome: "done", version: 2 });
    }),
  );

  it(
    "has its own answer when it was booked, and is asked for again",
    onStage(async (stage) => {
      const id = await stage.share();
      expect(await stage.change(remove(id), "once")).toMatchObject({ outcome: "done" });
      expect(await stage.change(remove(id), "once")).toMatchObject({ outcome: "done" });
      expect(await stage.change(remove(id), "again")).toEqual({ outcome: "not_found" });
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
