import { describe, expect, it } from "vitest";
import { GatedChannel } from "../support/faulty-record.ts";
import { ALBUM, asking, onStage, PHOTO, permit, RS } from "../support/ledger-stage.ts";

describe("what an assessment looks at", () => {
  it(
    "is read once and kept, resource by resource",
    onStage(async (stage) => {
      await stage.share();
      stage.record.calls.length = 0;
      await stage.grant();
      await stage.grant();
      expect(stage.record.calls).toEqual(["load"]);
      await stage.grant({}, stage.ticket({ permissions: [asking(PHOTO.id, "view"), asking(ALBUM.id, "view")] }));
      expect(stage.record.calls).toEqual(["load", "load"]);
    }),
  );

  it(
    "is forgotten when a change touches it, and only then",
    onStage(async (stage) => {
      await stage.share({ target: { resources: [PHOTO.id] } });
      await stage.grant();
      await stage.share({ target: { resources: [ALBUM.id] } });
      stage.record.calls.length = 0;
      await stage.grant();
      expect(stage.record.calls).toEqual([]);
      await stage.share({ target: { type: "picture" }, effect: "deny" });
      expect(await stage.redeem()).toMatchObject({ outcome: "denied" });
    }),
  );

  it(
    "decision 3: is not kept for a resource that is not there yet",
    onStage(async (stage) => {
      await stage.share();
      const asked = stage.ticket({ permissions: [asking("new", "view")] });
      expect(await stage.redeem(asked)).toMatchObject({ outcome: "denied" });
      const resources = { ...stage.record.content.resources, new: { ...PHOTO, id: "new" } };
      stage.record.content = { ...stage.record.content, resources };
      expect(await stage.redeem({ ...asked, id: "t2", processId: "p2" })).toMatchObject({ outcome: "granted" });
    }),
  );

  it(
    "rule 3: is read again when a change overtook it on its way",
    onStage(async (stage) => {
      const policyId = await stage.share();
      const answer = Promise.withResolvers<void>();
      stage.record.channel = async (call, reach) => {
        const result = reach();
        if (call === "load") await answer.promise;
        return result;
      };
      const reply = stage.redeem();
      while (!stage.record.calls.includes("load")) await Promise.resolve();
      expect(await stage.change({ kind: "delete_policy", id: policyId, expected: "any" })).toMatchObject({
        outcome: "done",
      });
      answer.resolve();
      expect(await reply).toMatchObject({ outcome: "denied" });
    }),
  );
});

describe("a redemption waits", () => {
  it(
    "rule 4: for a change on its way to D1 that touches it",
    onStage(async (stage) => {
      const policyId = await stage.share();
      const gate = new GatedChannel("apply");
      stage.record.channel = gate.channel;
      const deleted = stage.change({ kind: "delete_policy", id: policyId, expected: "any" });
      const reply = stage.redeem();
      gate.open();
      expect(await reply).toMatchObject({ outcome: "denied" });
      expect(await deleted).toMatchObject({ outcome: "done" });
    }),
  );

  it(
    "no longer than it may, and is not spent",
    onStage(async (stage) => {
      const policyId = await stage.share();
      const gate = new GatedChannel("apply");
      stage.record.channel = gate.channel;
      const narrowed = permit({ scopes: ["view"] });
      const changed = stage.change({ kind: "put_policy", id: policyId, document: narrowed, expected: "any" });
      const ticket = stage.ticket();
      const reply = stage.redeem(ticket);
      await stage.passing(reply);
      expect(await reply).toEqual({ outcome: "unavailable", cause: "change_on_its_way" });
      gate.open();
      await changed;
      expect(await stage.redeem(ticket)).toMatchObject({ outcome: "granted" });
    }),
  );

  it(
    "rule 3: not for a resource server that updates other resources all day",
    onStage(async (stage) => {
      await stage.share();
      const gate = new GatedChannel("apply");
      stage.record.channel = gate.channel;
      const description = { resource_scopes: ["view"] };
      const update = { kind: "update_resource", id: ALBUM.id, resourceServerId: RS, description } as const;
      const updates = [1, 2, 3].map(() => stage.change(update));
      expect(await stage.redeem()).toMatchObject({ outcome: "granted" });
      gate.open();
      for (const updated of updates) expect(await updated).toMatchObject({ outcome: "done" });
    }),
  );
});
