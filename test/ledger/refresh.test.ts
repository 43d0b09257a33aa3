import { describe, expect, it } from "vitest";
import type { Change, Cut } from "../../src/ledger/change.ts";
import { GRANT_LIFETIME_SECONDS, REFRESH_IDLE_SECONDS } from "../../src/protocol/lifetimes.ts";
import { GatedChannel, unforeseen } from "../support/faulty-record.ts";
import {
  ALBUM,
  asking,
  onStage,
  PHOTO,
  PRINTER,
  permit,
  plainSealer,
  pushed,
  RS,
  START,
  VIEWER,
} from "../support/ledger-stage.ts";

const ENDED = { outcome: "invalid" };
const REUSED = { outcome: "invalid", isReused: true };
const EVERYTHING = [asking(PHOTO.id, "view", "print"), asking(ALBUM.id, "view")];

describe("a refresh", () => {
  it(
    "renews the token of the same grant",
    onStage(async (stage) => {
      await stage.share();
      const grantId = await stage.grant({ pushed: pushed("bob") });
      stage.now += 1_000;
      expect(await stage.refresh(grantId)).toEqual({
        outcome: "refreshed",
        rpt: {
          grantId,
          resourceServerId: PHOTO.resourceServerId,
          rptFormat: "jwt",
          partyReference: "pairwise-bob",
          permissions: [{ resource_id: PHOTO.id, resource_scopes: ["view"] }],
          issuedAt: START + 1_000,
          expiresAt: START + 1_300,
          refreshGeneration: 0,
        },
      });
    }),
  );

  it(
    "is for the grant's own client, and nobody else's attempt harms it",
    onStage(async (stage) => {
      await stage.share();
      const grantId = await stage.grant();
      const request = { clientId: VIEWER.id, rotate: true };
      expect(await stage.refresh(grantId, 9, request)).toEqual({ outcome: "invalid" });
      expect(await stage.refresh(grantId)).toMatchObject({ outcome: "refreshed" });
    }),
  );

  it(
    "is not for a client that may not, for a grant that was revoked, or for none",
    onStage(async (stage) => {
      await stage.share();
      const unrefreshable = await stage.grant({ client: { ...PRINTER, mayRefresh: false } });
      expect(await stage.refresh(unrefreshable)).toEqual(ENDED);
      const revoked = await stage.grant();
      await stage.ledger.revoke(PRINTER.id, revoked);
      expect(await stage.refresh(revoked)).toEqual(ENDED);
      expect(await stage.refresh("unknown")).toEqual(ENDED);
    }),
  );

  it(
    "rotates for public clients, and a second use of an old token ends the family (RFC 9700 §4.14.2)",
    onStage(async (stage) => {
      await stage.share();
      const grantId = await stage.grant();
      const first = await stage.refresh(grantId, 0, { rotate: true });
      expect(first).toMatchObject({ outcome: "refreshed", rpt: { refreshGeneration: 1 } });
      expect(await stage.refresh(grantId, 1, { rotate: true })).toMatchObject({ rpt: { refreshGeneration: 2 } });
      stage.now += 11;
      expect(await stage.refresh(grantId, 1, { rotate: true })).toEqual(REUSED);
      expect(await stage.refresh(grantId, 2, { rotate: true })).toEqual(ENDED);
      expect(await stage.held(grantId)).toEqual([]);
      const [last] = (await stage.ledger.activity(stage.caller, null, 1)) ?? [];
      expect(last).toMatchObject({ kind: "refresh_reused", clientId: PRINTER.id });
    }),
  );

  it(
    "of two tabs at once, or after an answer was lost, gets the same generation for ten seconds, and later ends the family",
    onStage(async (stage) => {
      await stage.share();
      const grantId = await stage.grant();
      const tabs = await Promise.all([1, 2, 3].map(() => stage.refresh(grantId, 0, { rotate: true })));
      expect(tabs.map((reply) => reply.outcome === "refreshed" && reply.rpt.refreshGeneration)).toEqual([1, 1, 1]);
      stage.now += 10;
      expect(await stage.restart().counts()).toMatchObject({ grants: 1 });
      expect(await stage.refresh(grantId, 0, { rotate: true })).toMatchObject({ rpt: { refreshGeneration: 1 } });
      stage.now += 1;
      expect(await stage.refresh(grantId, 0, { rotate: true })).toEqual(REUSED);
      expect(await stage.refresh(grantId, 1, { rotate: true })).toEqual(ENDED);
    }),
  );

  it(
    "has no grace for a generation before the last, nor for one that never was",
    onStage(async (stage) => {
      await stage.share();
      for (const generation of [0, 3]) {
        const grantId = await stage.grant();
        await stage.refresh(grantId, 0, { rotate: true });
        await stage.refresh(grantId, 1, { rotate: true });
        expect(await stage.refresh(grantId, generation, { rotate: true })).toEqual(REUSED);
        expect(await stage.refresh(grantId, 2, { rotate: true })).toEqual(ENDED);
      }
    }),
  );

  it(
    "rule 7: that is repeated finds its own answer, also after a restart",
    onStage(async (stage) => {
      await stage.share();
      const grantId = await stage.grant();
      const attempt = { attemptId: "once", rotate: true };
      const first = await stage.refresh(grantId, 0, attempt);
      expect(await stage.refresh(grantId, 0, attempt)).toEqual(first);
      stage.restart();
      expect(await stage.refresh(grantId, 0, attempt)).toEqual(first);
      expect(await stage.refresh(grantId, 1, { rotate: true })).toMatchObject({ rpt: { refreshGeneration: 2 } });
    }),
  );

  it(
    "may ask for less, never for more (Grant §3.6)",
    onStage(async (stage) => {
      await stage.share();
      const grantId = await stage.grant({}, stage.ticket({ permissions: EVERYTHING }));
      const print = [{ resource_id: PHOTO.id, resource_scopes: ["print"] }];
      expect(await stage.refresh(grantId, 0, { scopes: ["print"] })).toMatchObject({ rpt: { permissions: print } });
      expect(await stage.refresh(grantId, 0, { scopes: ["print", "delete"] })).toEqual({ outcome: "invalid_scope" });
      expect(await stage.refresh(grantId)).toMatchObject({ rpt: { permissions: [{}, {}] } });
    }),
  );
});

it(
  "a refresh that would leave nothing is refused before its token is rotated",
  onStage(async (stage) => {
    await stage.share();
    const grantId = await stage.grant();
    const refused = await stage.refresh(grantId, 0, { rotate: true, scopes: [] });
    expect(refused).toEqual({ outcome: "invalid_scope" });
    expect(await stage.refresh(grantId, 0, { rotate: true })).toMatchObject({ rpt: { refreshGeneration: 1 } });
  }),
);

describe("a refresh never goes past a hard end", () => {
  it(
    "of a policy",
    onStage(async (stage) => {
      const expires = new Date((stage.now + 400) * 1_000).toISOString();
      await stage.share({ when: { expires } });
      const grantId = await stage.grant();
      stage.now += 250;
      expect(await stage.refresh(grantId)).toMatchObject({ rpt: { expiresAt: START + 400 } });
      stage.now += 150;
      expect(await stage.refresh(grantId)).toEqual(ENDED);
    }),
  );

  it(
    "that a policy was given since",
    onStage(async (stage) => {
      const id = await stage.share();
      const grantId = await stage.grant();
      const expires = new Date((stage.now + 100) * 1_000).toISOString();
      await stage.change({ kind: "put_policy", id, document: permit({ when: { expires } }), expected: "any" });
      stage.now += 100;
      expect(await stage.refresh(grantId)).toEqual(ENDED);
    }),
  );

  it(
    "so what has ended is left out, and what is counted was never in",
    onStage(async (stage) => {
      const expires = new Date((stage.now + 100) * 1_000).toISOString();
      await stage.share({ scopes: ["view"], target: { resources: [PHOTO.id] }, when: { expires } });
      await stage.share({ scopes: ["print"], terms: { uses: 5 } });
      await stage.share({ target: { resources: [ALBUM.id] } });
      const grantId = await stage.grant({}, stage.ticket({ permissions: EVERYTHING }));
      expect(await stage.held(grantId)).toEqual(["photo:view", "photo:print", "album:view"]);
      stage.now += 100;
      const left = [{ resource_id: ALBUM.id, resource_scopes: ["view"] }];
      expect(await stage.refresh(grantId)).toMatchObject({ rpt: { permissions: left } });
      expect(await stage.held(grantId)).toEqual(["album:view"]);
    }),
  );

  it(
    "of idleness",
    onStage(async (stage) => {
      await stage.share();
      const grantId = await stage.grant();
      stage.now += REFRESH_IDLE_SECONDS - 1;
      expect(await stage.refresh(grantId)).toMatchObject({ outcome: "refreshed" });
      stage.now += REFRESH_IDLE_SECONDS;
      expect(await stage.refresh(grantId)).toEqual(ENDED);
    }),
  );

  it(
    "of the grant, however often it is refreshed",
    onStage(async (stage) => {
      await stage.share();
      const grantId = await stage.grant();
      const end = START + GRANT_LIFETIME_SECONDS;
      for (; stage.now < end - 100; stage.now += 100_000) {
        expect(await stage.refresh(grantId)).toMatchObject({ outcome: "refreshed" });
      }
      stage.now = end - 10;
      expect(await stage.refresh(grantId)).toMatchObject({ rpt: { expiresAt: end } });
      stage.now = end;
      expect(await stage.refresh(grantId)).toEqual(ENDED);
    }),
  );

  it(
    "nor does the life of its tokens, which the shortest policy sets",
    onStage(async (stage) => {
      await stage.share({ terms: { token_lifetime: 30 } });
      const grantId = await stage.grant();
      stage.now += 1_000;
      expect(await stage.refresh(grantId)).toMatchObject({ rpt: { expiresAt: stage.now + 30 } });
    }),
  );
});

describe("what limited a grant limits its renewal:", () => {
  const AT_HOME = { country: "DE", address: "192.0.2.7" };
  const ABROAD = { country: "FR", address: "198.51.100.1" };

  it(
    "the place that a policy asks for",
    onStage(async (stage) => {
      await stage.share({ scopes: ["view"], where: { networks: ["192.0.2.0/24"] } });
      await stage.share({ scopes: ["print"] });
      const ticket = stage.ticket({ permissions: [asking(PHOTO.id, "view", "print")] });
      const grantId = await stage.grant({ whereabouts: AT_HOME }, ticket);
      expect(await stage.refresh(grantId, 0, { whereabouts: AT_HOME })).toMatchObject({
        rpt: { permissions: [{ resource_scopes: ["view", "print"] }] },
      });
      stage.restart();
      expect(await stage.refresh(grantId, 0, { whereabouts: ABROAD })).toMatchObject({
        rpt: { permissions: [{ resource_scopes: ["print"] }] },
      });
      expect(await stage.held(grantId)).toEqual(["photo:print"]);
    }),
  );

  it.each([
    ["elsewhere", ABROAD],
    ["nobody knows where", { country: null, address: null }],
  ])("so from %s nothing is renewed, and nothing lost", (_case, whereabouts) =>
    onStage(async (stage) => {
      await stage.share({ where: { countries: ["DE"] } });
      const grantId = await stage.grant({ whereabouts: AT_HOME });
      expect(await stage.refresh(grantId, 0, { whereabouts, rotate: true })).toEqual(ENDED);
      expect(await stage.refresh(grantId, 0, { whereabouts: AT_HOME, rotate: true })).toMatchObject({
        outcome: "refreshed",
      });
    })(),
  );

  it(
    "the place that a deny is about, if nothing else keeps it off",
    onStage(async (stage) => {
      await stage.share();
      await stage.share({ effect: "deny", where: { countries: ["FR"] } });
      await stage.share({ effect: "deny", where: { countries: ["DE"] }, who: { client: "another" } });
      const grantId = await stage.grant({ whereabouts: AT_HOME });
      expect(await stage.refresh(grantId, 0, { whereabouts: AT_HOME })).toMatchObject({ outcome: "refreshed" });
      expect(await stage.refresh(grantId, 0, { whereabouts: ABROAD })).toEqual(ENDED);
    }),
  );

  it(
    "the sign-in that must be recent",
    onStage(async (stage) => {
      await stage.share({ terms: { signed_in_within: 100 } });
      const grantId = await stage.grant({ pushed: pushed("bob") });
      stage.now += 100;
      expect(await stage.refresh(grantId)).toMatchObject({ rpt: { expiresAt: START + 101 } });
      stage.now += 1;
      expect(await stage.held(grantId)).toEqual([]);
      expect(await stage.refresh(grantId)).toEqual(ENDED);
    }),
  );

  it(
    "the life of its tokens, also when a policy shortens it later; never longer again",
    onStage(async (stage) => {
      const id = await stage.share({ terms: { token_lifetime: 60 } });
      const grantId = await stage.grant();
      const lifetimes = [];
      for (const terms of [{}, { token_lifetime: 30 }, { token_lifetime: 200 }]) {
        await stage.change({ kind: "put_policy", id, document: permit({ terms }), expected: "any" });
        const reply = await stage.refresh(grantId);
        lifetimes.push(reply.outcome === "refreshed" && reply.rpt.expiresAt - stage.now);
      }
      expect(lifetimes).toEqual([60, 30, 30]);
    }),
  );
});

describe("a refresh gives what withdrawals have left", () => {
  const photo = { id: PHOTO.id, resourceServerId: RS };
  const onAlbum = { target: { resources: [ALBUM.id] } };

  it.each<[string, (policyId: string) => Change | Cut, string]>([
    ["a policy was deleted", (id) => ({ kind: "delete_policy", id, expected: "any" }), "photo:view"],
    [
      "a policy says less by now",
      (id) => ({ kind: "put_policy", id, document: permit({ scopes: ["view"], ...onAlbum }), expected: "any" }),
      "photo:view album:view",
    ],
    [
      "a deny was added",
      () => ({ kind: "put_policy", id: "no", document: permit({ effect: "deny", ...onAlbum }), expected: "absent" }),
      "photo:view photo:print",
    ],
    [
      "a resource lost a scope",
      () => ({ kind: "update_resource", ...photo, description: { resource_scopes: ["view"], type: "picture" } }),
      "photo:view album:view",
    ],
    ["a resource is gone", () => ({ kind: "delete_resource", ...photo }), "album:view"],
    ["the owner cut a resource off", () => ({ by: "resource", resourceId: PHOTO.id }), "album:view"],
  ])("where %s: the rest goes on, time and again, and can be limited", (_, withdrawalOf, left) =>
    onStage(async (stage) => {
      await stage.share({ target: { resources: [PHOTO.id] }, scopes: ["view"] });
      const id = await stage.share({ target: { resources: [PHOTO.id, ALBUM.id] }, scopes: ["print", "view"] });
      const grantId = await stage.grant({ pushed: pushed("bob") }, stage.ticket({ permissions: EVERYTHING }));
      const before = await stage.held(grantId);
      const withdrawal = withdrawalOf(id);
      await ("by" in withdrawal ? stage.cut(withdrawal) : stage.change(withdrawal));
      for (const scopes of [null, null, ["view"]]) {
        const reply = await stage.refresh(grantId, 0, { scopes });
        const permissions = reply.outcome === "refreshed" ? reply.rpt.permissions : [];
        const names = permissions.flatMap((one) => one.resource_scopes.map((scope) => `${one.resource_id}:${scope}`));
        const expected = left.split(" ").filter((name) => scopes === null || name.endsWith(":view"));
        expect(names).toEqual(expected);
        expect(before).toEqual(expect.arrayContaining(names));
      }
      if (!left.includes("print")) {
        expect(await stage.refresh(grantId, 0, { scopes: ["print"] })).toEqual({ outcome: "invalid_scope" });
      }
    })(),
  );
});

describe("a refresh while a change that takes from the grant is on its way to D1", () => {
  it(
    "waits for it: what is refused takes nothing",
    onStage(async (stage) => {
      const policyId = await stage.share();
      const grantId = await stage.grant();
      for (const change of [
        { kind: "put_policy", id: policyId, document: permit({ who: { client: "another" } }), expected: 7 },
        { kind: "put_policy", id: "unknown", document: permit({ effect: "deny" }), expected: "any" },
        { kind: "delete_policy", id: policyId, expected: 7 },
      ] as const) {
        const gate = new GatedChannel("apply");
        stage.record.channel = unforeseen(gate.channel);
        const changed = stage.change(change);
        await stage.booked();
        const reply = stage.refresh(grantId);
        gate.open();
        expect(await reply).toMatchObject({ outcome: "refreshed" });
        await changed;
      }
    }),
  );

  it(
    "hears that it is gone when it is gone",
    onStage(async (stage) => {
      const policyId = await stage.share();
      const grantId = await stage.grant();
      const gate = new GatedChannel("apply");
      stage.record.channel = unforeseen(gate.channel);
      const changed = stage.change({ kind: "delete_policy", id: policyId, expected: "any" });
      await stage.booked();
      const reply = stage.refresh(grantId);
      gate.open();
      expect(await reply).toEqual(ENDED);
      await changed;
    }),
  );

  it(
    "waits no longer than it may, and its token stays good; others do not wait",
    onStage(async (stage) => {
      const policyId = await stage.share();
      const grantId = await stage.grant();
      const gate = new GatedChannel("apply");
      stage.record.channel = unforeseen(gate.channel);
      const changed = stage.change({ kind: "delete_policy", id: policyId, expected: 7 });
      await stage.booked();
      expect(await stage.refresh(grantId, 0, { clientId: VIEWER.id })).toEqual(ENDED);
      const reply = stage.refresh(grantId, 0, { rotate: true });
      await stage.passing(reply);
      expect(await reply).toEqual({ outcome: "unavailable", cause: "change_on_its_way" });
      gate.open();
      await changed;
      expect(await stage.refresh(grantId, 0, { rotate: true })).toMatchObject({ rpt: { refreshGeneration: 1 } });
    }),
  );

  it(
    "says the same when the claims that must be looked at cannot be opened; so does introspection",
    onStage(async (stage) => {
      const id = await stage.share({ who: { claim: "email", exists: true } });
      const grantId = await stage.grant({ pushed: pushed("bob") });
      const document = permit({ who: { claim: "email", domain: "example.com" } });
      await stage.change({ kind: "put_policy", id, document, expected: "any" });
      stage.restart({ sealer: { ...plainSealer, open: () => Promise.reject(new Error("no keys")) } });
      const unavailable = { outcome: "unavailable", cause: "claims_unopened" };
      expect(await stage.refresh(grantId)).toEqual(unavailable);
      expect(await stage.introspect(grantId)).toEqual(unavailable);
      stage.restart();
      expect(await stage.refresh(grantId)).toMatchObject({ outcome: "refreshed" });
    }),
  );
});
