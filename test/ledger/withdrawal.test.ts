import { describe, expect, it } from "vitest";
import type { Change } from "../../src/ledger/change.ts";
import { POLICY_SCOPE, PROTECTION_SCOPE } from "../../src/protocol/wire/connection.ts";
import { GatedChannel } from "../support/faulty-record.ts";
import { ALL_HELD, create, grantAll, put, putGroup, removePhoto, update } from "../support/ledger-changes.ts";
import { OWNER, onStage, PRINTER, permit, plainSealer, pushed, RS } from "../support/ledger-stage.ts";

const describing = (type: string | null, ...scopes: string[]) => ({
  resource_scopes: scopes,
  ...(type === null ? {} : { type }),
});

describe("rule 6: a change takes away what stood on it", () => {
  it.each<[string, (policyId: string) => Change, readonly string[]]>([
    ["a policy that is deleted", (id) => ({ kind: "delete_policy", id, expected: "any" }), []],
    ["a policy narrowed to a scope", (id) => put(id, { scopes: ["view"] }), ["photo:view", "album:view"]],
    ["a policy narrowed to a type", (id) => put(id, { target: { type: "picture" } }), ["photo:view", "photo:print"]],
    ["a policy for somebody else", (id) => put(id, { who: { claim: "email", equals: "carol@example.com" } }), []],
    ["a policy that still lets bob in", (id) => put(id, { who: { claim: "email", domain: "example.com" } }), ALL_HELD],
    ["a policy that asks more than was kept", (id) => put(id, { who: { claim: "age", at_least: 18 } }), []],
    ["a policy that asks where the caller is", (id) => put(id, { where: { countries: ["DE"] } }), []],
    ["a policy that lets in a few times only, which nobody counted", (id) => put(id, { terms: { uses: 3 } }), []],
    ["a policy that asks the owner first", (id) => put(id, { terms: { approval: true } }), []],
    ["a policy turned into its opposite", (id) => put(id, { effect: "deny" }), []],
    ["a new deny", () => create({ effect: "deny", scopes: ["print"] }), ["photo:view", "album:view"]],
    ["a new deny about others", () => create({ effect: "deny", who: { client: "other" } }), ALL_HELD],
    [
      "a new deny about what nobody knows of bob",
      () => create({ effect: "deny", who: { claim: "age", less_than: 18 } }),
      [],
    ],
    ["a resource that is deleted", () => removePhoto(), ["album:view"]],
    ["a resource that lost a scope", () => update(describing("picture", "view")), ["photo:view", "album:view"]],
    ["a resource of another type", () => update(describing("document", "view", "print")), ["album:view"]],
    ["a resource that is described anew", () => update(describing("picture", "view", "print", "new")), ALL_HELD],
    [
      "the end of the client's connection",
      () => ({ kind: "end_connection", clientId: PRINTER.id, resources: "keep" }),
      [],
    ],
  ])("%s", (_case, changeOf, left) =>
    onStage(async (stage) => {
      const policyId = await stage.share();
      await stage.change({ kind: "put_connection", clientId: PRINTER.id, scopes: [] });
      const grantId = await grantAll(stage);
      expect(await stage.held(grantId)).toEqual(ALL_HELD);
      expect(await stage.change(changeOf(policyId))).toMatchObject({ outcome: "done" });
      expect(await stage.held(grantId)).toEqual(left);
      stage.restart();
      expect(await stage.held(grantId)).toEqual(left);
      await stage.ledger.alarm();
      expect(await stage.held(grantId)).toEqual(left);
    })(),
  );

  it.each<[string, (groupId: string) => Change, boolean]>([
    ["its removal", (id) => ({ kind: "delete_group", id, expected: "any" }), false],
    ["the removal of bob", (id) => putGroup(id, "carol@example.com"), false],
    ["another member", (id) => putGroup(id, "bob@example.com", "carol@example.com"), true],
  ])("a group: %s", (_case, changeOf, stays) =>
    onStage(async (stage) => {
      const groupId = await stage.group([{ email: "bob@example.com" }]);
      await stage.share({ who: { group: groupId } });
      const grantId = await grantAll(stage);
      await stage.change(changeOf(groupId));
      expect(await stage.held(grantId)).toEqual(stays ? ALL_HELD : []);
    })(),
  );

  it(
    "a group that keeps out: a new member",
    onStage(async (stage) => {
      const groupId = await stage.group([{ email: "mallory@example.com" }]);
      await stage.share();
      await stage.share({ effect: "deny", who: { group: groupId } });
      const grantId = await grantAll(stage);
      await stage.change(putGroup(groupId, "mallory@example.com", "bob@example.com"));
      expect(await stage.held(grantId)).toEqual([]);
    }),
  );

  it(
    "the resource server's own connection: its tokens end at once, and what they were shown with it",
    onStage(async (stage) => {
      await stage.share();
      const { caller } = stage;
      const grantId = await stage.grant();
      await stage.change({ kind: "end_connection", clientId: RS, resources: "keep" });
      expect(await stage.introspect(grantId, stage.now + 300, caller)).toEqual({ outcome: "not_connected" });
      await stage.change({ kind: "put_connection", clientId: RS, scopes: [] });
      expect(await stage.introspect(grantId)).toEqual({ outcome: "inactive" });
    }),
  );

  it(
    "a connection that is ended while it is still being made: its tokens end, whatever D1 takes when",
    onStage(async (stage) => {
      const gate = new GatedChannel("apply");
      stage.record.channel = gate.channel;
      const made = stage.change({ kind: "put_connection", clientId: "tool", scopes: [POLICY_SCOPE] });
      const ended = stage.change({ kind: "end_connection", clientId: "tool", resources: "keep" });
      gate.open();
      expect(await made).toEqual({ outcome: "done", version: 2 });
      expect(await ended).toMatchObject({ outcome: "done" });
      const caller = { ownerId: OWNER, clientId: "tool", generation: 2, tokenId: "t", scopes: [POLICY_SCOPE] };
      expect(await stage.ledger.cut("as-the-tool", { by: "everyone" }, { by: "caller", caller })).toEqual({
        outcome: "not_connected",
      });
    }),
  );

  it(
    "a connection that is made anew after its end stands, whatever is on the way",
    onStage(async (stage) => {
      const gate = new GatedChannel("apply");
      stage.record.channel = gate.channel;
      const changes = [
        stage.change({ kind: "end_connection", clientId: RS, resources: "keep" }),
        stage.change({ kind: "put_connection", clientId: RS, scopes: [PROTECTION_SCOPE] }),
      ];
      gate.open();
      await Promise.all(changes);
      await stage.share();
      expect(await stage.held(await stage.grant())).toEqual(["photo:view"]);
    }),
  );

  it(
    "what stood on two policies stands on the one that is left",
    onStage(async (stage) => {
      const [one, other] = [await stage.share(), await stage.share({ scopes: ["view"] })];
      const grantId = await grantAll(stage);
      await stage.change({ kind: "delete_policy", id: one, expected: "any" });
      expect(await stage.held(grantId)).toEqual(["photo:view", "album:view"]);
      await stage.change({ kind: "delete_policy", id: other, expected: "any" });
      expect(await stage.held(grantId)).toEqual([]);
    }),
  );
});

describe("rule 6: grants never grow", () => {
  it(
    "sharing again revives nothing",
    onStage(async (stage) => {
      const id = await stage.share();
      const grantId = await grantAll(stage);
      await stage.change(put(id, { scopes: ["view"] }));
      await stage.change(put(id, {}));
      await stage.share();
      expect(await stage.held(grantId)).toEqual(["photo:view", "album:view"]);
      await stage.change({ kind: "delete_policy", id, expected: "any" });
      await stage.share();
      expect(await stage.held(grantId)).toEqual([]);
      expect(await stage.refresh(grantId)).toMatchObject({ outcome: "invalid" });
    }),
  );

  it(
    "a change is weighed as of its own time, not of the look at it",
    onStage(async (stage) => {
      const id = await stage.share();
      const grantId = await stage.grant();
      const expires = new Date((stage.now + 3_600) * 1_000).toISOString();
      await stage.change(put(id, { when: { not_before: new Date((stage.now + 60) * 1_000).toISOString(), expires } }));
      stage.now += 100;
      expect(await stage.held(grantId)).toEqual([]);
    }),
  );

  it(
    "a deny that begins later ends the grant then",
    onStage(async (stage) => {
      await stage.share();
      const grantId = await stage.grant();
      const not_before = new Date((stage.now + 60) * 1_000).toISOString();
      await stage.change(create({ effect: "deny", when: { not_before } }));
      expect(await stage.held(grantId)).toEqual(["photo:view"]);
      stage.now += 60;
      expect(await stage.held(grantId)).toEqual([]);
      expect(await stage.refresh(grantId)).toEqual({ outcome: "invalid" });
    }),
  );

  it.each([
    ["its key has gone", null],
    ["its claims are of another form", { subject: "bob", claims: { email: "bob@example.com" } }],
  ])("what cannot be judged, because %s, is gone", (_, statement) =>
    onStage(async (stage) => {
      const id = await stage.share();
      const [judged, other] = [await grantAll(stage), await stage.grant({ pushed: pushed("carol") })];
      stage.restart({ sealer: { ...plainSealer, open: async () => statement } });
      expect(await stage.held(other)).toEqual(["photo:view"]);
      await stage.change(put(id, { who: { claim: "email", exists: true } }));
      expect(await stage.held(judged)).toEqual([]);
    })(),
  );

  it(
    "claims are opened again when the book went on meanwhile",
    onStage(async (stage) => {
      const id = await stage.share();
      const grantId = await grantAll(stage);
      let overtaken = 0;
      const open = async (...sealed: Parameters<typeof plainSealer.open>) => {
        overtaken += 1;
        if (overtaken <= 5) await stage.change(put(id, { who: { claim: "email", exists: true } }));
        return plainSealer.open(...sealed);
      };
      stage.restart({ sealer: { ...plainSealer, open } });
      await stage.change(put(id, { who: { claim: "email", domain: "example.com" } }));
      expect(await stage.held(grantId)).toEqual(ALL_HELD);
    }),
  );
});

describe("renaming a policy that names a group", () => {
  it(
    "keeps its grants, until a member goes",
    onStage(async (stage) => {
      const group = await stage.group([{ email: "bob@example.com" }]);
      const id = await stage.share({ who: { group } });
      const grantId = await grantAll(stage);
      const renamed = permit({ name: "friends", who: { group } });
      await stage.change({ kind: "put_policy", id, document: renamed, expected: "any" });
      expect(await stage.held(grantId)).toEqual(ALL_HELD);
      await stage.change({ kind: "put_group", id: group, document: { name: group, members: [] }, expected: "any" });
      expect(await stage.held(grantId)).toEqual([]);
    }),
  );
});
