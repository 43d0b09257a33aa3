import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/policy/change.ts";
import { POLICY_SCOPE, PROTECTION_SCOPE } from "../../../src/protocol/connection.ts";
import { DOWN, GatedChannel } from "../../support/faulty-record.ts";
import {
  ALBUM,
  asking,
  type LedgerStage,
  OWNER,
  onStage,
  PHOTO,
  PRINTER,
  permit,
  plainSealer,
  pushed,
  RS,
} from "../../support/ledger-stage.ts";

const EVERYTHING = [asking(PHOTO.id, "view", "print"), asking(ALBUM.id, "view")];
const ALL_HELD = ["photo:view", "photo:print", "album:view"];

/** A grant of everything to bob. */
function grantAll(stage: LedgerStage): Promise<string> {
  return stage.grant({ pushed: pushed("bob") }, stage.ticket({ permissions: EVERYTHING }));
}

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
    ["a resource that is deleted", () => resource("delete_resource", PHOTO.id), ["album:view"]],
    ["a resource that lost a scope", () => update(describing("picture", "view")), ["photo:view", "album:view"]],
    ["a resource of another type", () => update(describing("document", "view", "print")), ["album:view"]],
    ["a resource that is described anew", () => update(describing("picture", "view", "print", "new")), ALL_HELD],
    ["the end of the client's connection", () => ({ kind: "end_connection", clientId: PRINTER.id }), []],
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
      await stage.change({ kind: "end_connection", clientId: RS });
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
      const ended = stage.change({ kind: "end_connection", clientId: "tool" });
      gate.open();
      expect(await made).toEqual({ outcome: "done", version: 2 });
      expect(await ended).toMatchObject({ outcome: "done" });
      const caller = { ownerId: OWNER, clientId: "tool", generation: 2, scopes: [POLICY_SCOPE] };
      expect(await stage.ledger.cut("as-the-tool", { by: "everyone" }, caller)).toEqual({ outcome: "not_connected" });
    }),
  );

  it(
    "a connection that is made anew after its end stands, whatever is on the way",
    onStage(async (stage) => {
      const gate = new GatedChannel("apply");
      stage.record.channel = gate.channel;
      const changes = [
        stage.change({ kind: "end_connection", clientId: RS }),
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
      expect(await stage.refresh(grantId)).toEqual({ outcome: "invalid", fault: "ended" });
    }),
  );

  it(
    "what cannot be judged, because its key has gone, is gone",
    onStage(async (stage) => {
      const id = await stage.share();
      const [judged, other] = [await grantAll(stage), await stage.grant({ pushed: pushed("carol") })];
      stage.restart({ sealer: { ...plainSealer, open: async () => null } });
      expect(await stage.held(other)).toEqual(["photo:view"]);
      await stage.change(put(id, { who: { claim: "email", exists: true } }));
      expect(await stage.held(judged)).toEqual([]);
    }),
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
      expect(await stage.redeem()).toEqual({ outcome: "unavailable" });
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
      expect(await stage.refresh(grantId)).toEqual({ outcome: "invalid", fault: "ended" });
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
      expect(await stage.redeem()).toEqual({ outcome: "unavailable" });
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

function put(id: string, document: Parameters<typeof permit>[0]): Change {
  return { kind: "put_policy", id, document: permit(document), expected: "any" };
}

function create(document: Parameters<typeof permit>[0]): Change {
  return { kind: "put_policy", id: "created", document: permit(document), expected: "absent" };
}

function putGroup(id: string, ...emails: readonly string[]): Change {
  return {
    kind: "put_group",
    id,
    document: { name: id, members: emails.map((email) => ({ email })) },
    expected: "any",
  };
}

function resource(kind: "delete_resource", id: string): Change {
  return { kind, id, resourceServerId: RS };
}

function update(description: { resource_scopes: readonly string[]; type?: string }): Change {
  return { kind: "update_resource", id: PHOTO.id, resourceServerId: RS, description };
}
