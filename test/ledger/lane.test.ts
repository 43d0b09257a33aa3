import { beforeEach, describe, expect, it, vi } from "vitest";
import { type Change, OPERATOR } from "../../src/ledger/change.ts";
import { DOWN, GatedChannel, LateChannel, losesAnswersOf } from "../support/faulty-record.ts";
import { type LedgerStage, onStage, permit, RS } from "../support/ledger-stage.ts";

function put(id: string, document: Parameters<typeof permit>[0], expected: "absent" | "any" | number = "any"): Change {
  return { kind: "put_policy", id, document: permit(document), expected };
}

const create = (id: string) => put(id, {}, "absent");

/** The epochs that the record took, with what took them. */
function taken(stage: LedgerStage) {
  return stage.record.history.map(({ epoch, operationId }) => [epoch, operationId]);
}

describe("rule 1: book first, then D1", () => {
  it(
    "sends changes in order, several in a batch",
    onStage(async (stage) => {
      const gate = new GatedChannel("apply");
      stage.record.channel = gate.channel;
      stage.record.calls.length = 0;
      const changes = ["a", "b", "c", "d"].map((id) => stage.change(create(id), id));
      gate.open();
      for (const change of await Promise.all(changes)) expect(change).toEqual({ outcome: "done", version: 1 });
      expect(taken(stage).slice(1)).toEqual([
        [2, "a"],
        [3, "b"],
        [4, "c"],
        [5, "d"],
      ]);
      expect(stage.record.calls).toEqual(["apply", "apply"]);
    }),
  );

  it(
    "answers one operation once, however often it is sent, also after a restart",
    onStage(async (stage) => {
      const change = create("a");
      const replies = await Promise.all([stage.change(change, "one"), stage.change(change, "one")]);
      replies.push(await stage.restart().change("one", change, OPERATOR));
      expect(replies).toEqual(Array(3).fill({ outcome: "done", version: 1 }));
      expect(stage.rows("book").filter(({ operation_id }) => operation_id === "one")).toHaveLength(1);
    }),
  );

  it(
    "takes changes under a standing connection only",
    onStage(async (stage) => {
      const caller = { ...stage.caller, generation: 99 };
      expect(await stage.ledger.change("no", create("a"), { by: "caller", caller })).toEqual({
        outcome: "not_connected",
      });
      expect(await stage.ledger.cut("no", { by: "everyone" }, { by: "caller", caller })).toEqual({
        outcome: "not_connected",
      });
      expect(await stage.ledger.change("yes", create("a"), { by: "caller", caller: stage.caller })).toMatchObject({
        outcome: "done",
      });
    }),
  );

  it(
    "rolls forward what was booked before a crash",
    onStage(async (stage) => {
      const { channel } = stage.record;
      stage.record.channel = () => new Promise(() => {});
      void stage.change(create("a"), "a");
      await scheduler.wait(0);
      stage.record.channel = channel;
      stage.restart();
      expect(await stage.change(create("b"), "b")).toMatchObject({ outcome: "done" });
      expect(taken(stage).slice(1)).toEqual([
        [2, "a"],
        [3, "b"],
      ]);
    }),
  );
});

describe("an owner's change", () => {
  it(
    "waits for itself, and not for what a resource server goes on changing after it",
    onStage(async (stage) => {
      let writes = 0;
      const write = () => {
        writes += 1;
        const description = { resource_scopes: ["view"], name: String(writes) };
        void stage.change({ kind: "update_resource", id: "photo", resourceServerId: RS, description });
      };
      stage.record.channel = async (call, reach) => {
        await scheduler.wait(0);
        if (call === "apply" && writes < 60) write();
        return reach();
      };
      write();
      expect(await stage.change(create("a"), "a")).toMatchObject({ outcome: "done" });
      expect(writes).toBeLessThan(10);
      while ((await stage.ledger.counts()).pendingChanges > 0) await scheduler.wait(1);
    }),
  );
});

describe("rule 2: D1 takes only the next", () => {
  it(
    "an answer that was lost is found again",
    onStage(async (stage) => {
      await stage.change(create("a"));
      await stage.change({ kind: "put_group", id: "g", document: { name: "g", members: [] }, expected: "absent" });
      stage.record.channel = losesAnswersOf("foresee", "apply");
      const description = { resource_scopes: ["view"] };
      const changes: readonly [Change, object][] = [
        [create("b"), { outcome: "done", version: 1 }],
        [put("a", {}), { outcome: "done", version: 2 }],
        [put("a", {}, 7), { outcome: "version_mismatch", version: 2 }],
        [put("x", {}), { outcome: "not_found" }],
        [
          { kind: "delete_policy", id: "a", expected: 9 },
          { outcome: "version_mismatch", version: 2 },
        ],
        [
          { kind: "delete_policy", id: "a", expected: "any" },
          { outcome: "done", version: 0 },
        ],
        [
          { kind: "delete_group", id: "g", expected: 1 },
          { outcome: "done", version: 0 },
        ],
        [
          { kind: "update_resource", id: "photo", resourceServerId: RS, description },
          { outcome: "done", version: 2 },
        ],
        [{ kind: "update_resource", id: "gone", resourceServerId: RS, description }, { outcome: "not_found" }],
        [
          { kind: "delete_resource", id: "photo", resourceServerId: RS },
          { outcome: "done", version: 0 },
        ],
        [
          { kind: "put_connection", clientId: "c", scopes: [] },
          { outcome: "done", version: 14 },
        ],
        [
          { kind: "end_connection", clientId: "c", resources: "keep" },
          { outcome: "done", version: 15 },
        ],
        [{ kind: "end_connection", clientId: "x", resources: "keep" }, { outcome: "not_found" }],
      ];
      for (const [change, result] of changes) expect(await stage.change(change)).toEqual(result);
    }),
  );

  it(
    "a batch that arrives late fails whole, or is found to have arrived",
    onStage(async (stage) => {
      const { channel } = stage.record;
      const late = new LateChannel("apply");
      stage.record.channel = late.channel;
      expect(await stage.change(create("a"), "a")).toEqual({ outcome: "pending" });
      stage.record.channel = channel;
      expect(await stage.change(create("b"), "b")).toEqual({ outcome: "done", version: 1 });
      const told = late.arrive();
      expect(told.length).toBeGreaterThan(0);
      for (const error of told) expect(error?.message).toBe("epoch out of turn");
      expect(taken(stage).slice(1)).toEqual([
        [2, "a"],
        [3, "b"],
      ]);
    }),
  );

  it(
    "a batch that arrives while a longer one is on its way is not sent for ever",
    onStage(async (stage) => {
      const { channel } = stage.record;
      const late = new LateChannel("apply");
      stage.record.channel = late.channel;
      await stage.change(create("a"), "a");
      await stage.change(create("b"), "b");
      late.arrive();
      stage.record.channel = channel;
      expect(await stage.change(create("c"), "c")).toEqual({ outcome: "done", version: 1 });
      expect(taken(stage).slice(1)).toEqual([
        [2, "a"],
        [3, "b"],
        [4, "c"],
      ]);
      expect(stage.rows("book").map(({ state }) => state)).toEqual(Array(4).fill("done"));
    }),
  );

  it(
    "changes of one subject go one batch each, so that a lost answer can be told",
    onStage(async (stage) => {
      await stage.change(create("a"));
      const grantId = await stage.grant();
      stage.record.channel = DOWN;
      await stage.change(put("a", { scopes: ["print"] }, 1), "narrow");
      await stage.change(put("a", {}), "widen");
      stage.record.channel = losesAnswersOf("apply");
      expect(await stage.change(create("b"), "b")).toMatchObject({ outcome: "done" });
      expect(await stage.change(put("a", {}), "narrow")).toEqual({ outcome: "done", version: 2 });
      expect(await stage.change(put("a", {}), "widen")).toEqual({ outcome: "done", version: 3 });
      expect(await stage.held(grantId)).toEqual([]);
    }),
  );

  it(
    "nothing is taken for done where D1 is beyond the book",
    onStage(async (stage) => {
      await stage.change({ kind: "put_connection", clientId: "c", scopes: [] });
      stage.record.epoch = 9;
      expect(await stage.change({ kind: "end_connection", clientId: "c", resources: "keep" })).toEqual({
        outcome: "pending",
      });
    }),
  );
});

describe("a change that D1 refuses for good", () => {
  beforeEach(() => {
    // The operator is told; a test's output need not say it again.
    vi.spyOn(console, "error").mockImplementation(() => {});
    return () => vi.restoreAllMocks();
  });

  it(
    "gets a void, holds up no other, and takes nothing",
    onStage(async (stage) => {
      const id = await stage.share();
      const grantId = await stage.grant();
      const { channel } = stage.record;
      stage.record.channel = DOWN;
      stage.record.refused.add("bad");
      const bad = put(id, { scopes: ["print"] });
      expect(await stage.change(create("a"), "a")).toEqual({ outcome: "pending" });
      expect(await stage.change(bad, "bad")).toEqual({ outcome: "pending" });
      expect(await stage.held(grantId)).toEqual([]);
      stage.record.channel = channel;
      expect(await stage.change(create("b"), "b")).toEqual({ outcome: "done", version: 1 });
      expect(taken(stage).slice(2)).toEqual([
        [3, "a"],
        [4, "void:bad"],
        [5, "b"],
      ]);
      expect(await stage.change(bad, "bad")).toEqual({ outcome: "not_found" });
      expect(await stage.held(grantId)).toEqual(["photo:view"]);
    }),
  );

  it(
    "whose void was lost on the way is found",
    onStage(async (stage) => {
      stage.record.refused.add("bad");
      stage.record.channel = losesAnswersOf("applyVoid");
      expect(await stage.change(create("a"), "bad")).toEqual({ outcome: "not_found" });
      expect(await stage.restart().change("b", create("b"), OPERATOR)).toEqual({ outcome: "done", version: 1 });
      expect(taken(stage).slice(1)).toEqual([
        [2, "void:bad"],
        [3, "b"],
      ]);
    }),
  );
});
