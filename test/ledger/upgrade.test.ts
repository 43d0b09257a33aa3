import { describe, expect, it } from "vitest";
import type { RedeemReply, RedeemRequest } from "../../src/ledger/contract.ts";
import { GRANT_LIFETIME_SECONDS, REFRESH_IDLE_SECONDS } from "../../src/protocol/lifetimes.ts";
import { MAX_REQUESTED_SCOPES } from "../../src/shared/limits.ts";
import { GatedChannel, unforeseen } from "../support/faulty-record.ts";
import {
  ALBUM,
  asking,
  type LedgerStage,
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

const BOB = pushed("bob");
const UNREFRESHABLE = { ...PRINTER, mayRefresh: false };
const BERLIN = { country: "DE", address: null };
const PARIS = { country: "FR", address: null };

type Granted = Extract<RedeemReply, { outcome: "granted" }>;

function granted(reply: RedeemReply): Granted {
  if (reply.outcome !== "granted") throw new Error(`expected a grant, got ${JSON.stringify(reply)}`);
  return reply;
}

/** Bob's app redeems a ticket for a resource, unless something else is said. */
async function access(
  stage: LedgerStage,
  resourceId: string,
  changes: Partial<RedeemRequest> = {},
  scopes: readonly string[] = ["view"],
): Promise<Granted> {
  const ticket = stage.ticket({ permissions: [asking(resourceId, ...scopes)] });
  return granted(await stage.redeem(ticket, { pushed: BOB, ...changes }));
}

/** An RPT as the Worker reads it. */
function submitted({ rpt: { grantId, expiresAt } }: Granted, scopes: readonly string[] | null = null) {
  return { rpt: { grantId, expiresAt, scopes } };
}

const names = ({ rpt }: Granted) =>
  rpt.permissions.flatMap(({ resource_id, resource_scopes }) =>
    resource_scopes.map((scope) => `${resource_id}:${scope}`),
  );

describe("an RPT that is submitted with a ticket", () => {
  it(
    "goes into the new one, and its grant and refresh token end",
    onStage(async (stage) => {
      await stage.share();
      const old = await access(stage, PHOTO.id);
      const joined = await access(stage, ALBUM.id, submitted(old));
      expect(names(joined)).toEqual(["album:view", "photo:view"]);
      expect(joined.added).toEqual([{ resource_id: ALBUM.id, resource_scopes: ["view"] }]);
      expect(await stage.held(joined.rpt.grantId)).toEqual(["album:view", "photo:view"]);
      expect(await stage.held(old.rpt.grantId)).toEqual([]);
      expect(await stage.refresh(old.rpt.grantId)).toEqual({ outcome: "invalid" });
      expect(await stage.refresh(joined.rpt.grantId)).toMatchObject({ rpt: { permissions: [{}, {}] } });
      expect(await stage.ledger.counts()).toMatchObject({ grants: 1 });
    }),
  );

  it(
    "is joined scope by scope, and what is decided anew stands on that decision alone",
    onStage(async (stage) => {
      await stage.share({ scopes: ["print"], terms: { token_lifetime: 60 } });
      const policyId = await stage.share({ scopes: ["view"] });
      const old = await access(stage, PHOTO.id, {}, ["view", "print"]);
      const other = await stage.share({ scopes: ["view"] });
      await stage.change({ kind: "delete_policy", id: policyId, expected: "any" });
      await stage.share({ scopes: ["view"], who: { client: PRINTER.id } });
      const joined = await access(stage, PHOTO.id, submitted(old));
      expect(joined.rpt.permissions).toEqual([{ resource_id: PHOTO.id, resource_scopes: ["view", "print"] }]);
      expect(joined.rpt.expiresAt - stage.now).toBe(60);
      await stage.change({ kind: "delete_policy", id: other, expected: "any" });
      expect(await stage.held(joined.rpt.grantId)).toEqual(["photo:view", "photo:print"]);
    }),
  );

  it(
    "leaves a denied, an asking and a refused request as they are, and stays as it is",
    onStage(async (stage) => {
      await stage.share({ target: { resources: [PHOTO.id] } });
      const old = await access(stage, PHOTO.id);
      const ticket = () => stage.ticket({ permissions: [asking(ALBUM.id, "view")] });
      const more = { pushed: BOB, ...submitted(old) };
      expect(await stage.redeem(ticket(), more)).toMatchObject({ outcome: "denied" });
      await stage.share({ target: { resources: [ALBUM.id] }, who: { claim: "role", equals: "doctor" } });
      expect(await stage.redeem(ticket(), more)).toMatchObject({ outcome: "need_info" });
      expect(await stage.redeem(ticket(), { ...more, refusal: "claim_token_pair" })).toEqual({ outcome: "refused" });
      expect(await stage.held(old.rpt.grantId)).toEqual(["photo:view"]);
    }),
  );

  it(
    "is nothing that counts as a claim: what it was granted on is not heard in the new process",
    onStage(async (stage) => {
      await stage.share({ target: { resources: [PHOTO.id] }, who: { claim: "role", equals: "doctor" } });
      await stage.share({ target: { resources: [ALBUM.id] }, who: { claim: "role", equals: "doctor" } });
      const old = await access(stage, PHOTO.id, { pushed: pushed("bob", { role: "doctor" }) });
      const ticket = stage.ticket({ permissions: [asking(ALBUM.id, "view")] });
      const first = await stage.redeem(ticket, { pushed: BOB, ...submitted(old) });
      expect(first).toMatchObject({ outcome: "need_info" });
      const second = await stage.redeem(stage.next(ticket), { pushed: BOB, ...submitted(old) });
      expect(second).toMatchObject({ outcome: "need_info" });
    }),
  );

  it.each<[string, Partial<RedeemRequest>]>([
    ["another party", { pushed: pushed("carol") }],
    ["nobody known", { pushed: null }],
    ["another client", { client: VIEWER }],
  ])("gives nothing to %s, and stays as it is", (_, changes) =>
    onStage(async (stage) => {
      await stage.share();
      const old = await access(stage, PHOTO.id);
      const fresh = await access(stage, ALBUM.id, { ...changes, ...submitted(old) });
      expect(names(fresh)).toEqual(["album:view"]);
      expect(fresh).not.toHaveProperty("added");
      expect(await stage.held(old.rpt.grantId)).toEqual(["photo:view"]);
    })(),
  );

  it(
    "about nobody known is another one's each time",
    onStage(async (stage) => {
      await stage.share();
      const nobody = { pushed: null, anonymousReference: "the-same" };
      const old = await access(stage, PHOTO.id, nobody);
      const fresh = await access(stage, ALBUM.id, { ...nobody, ...submitted(old) });
      expect(names(fresh)).toEqual(["album:view"]);
      expect(await stage.held(old.rpt.grantId)).toEqual(["photo:view"]);
    }),
  );

  it(
    "of another resource server is not for this one",
    onStage(async (stage) => {
      await stage.share();
      const elsewhere = { ...ALBUM, id: "other", resourceServerId: "rs2" };
      stage.record.content = {
        ...stage.record.content,
        resources: { ...stage.record.content.resources, other: elsewhere },
      };
      await stage.change({ kind: "put_connection", clientId: "rs2", scopes: [] });
      const old = await access(stage, PHOTO.id);
      const connectionGeneration = stage.record.content.connections.rs2 ?? 0;
      const ticket = stage.ticket({
        resourceServerId: "rs2",
        connectionGeneration,
        permissions: [asking("other", "view")],
      });
      const fresh = granted(await stage.redeem(ticket, { pushed: BOB, ...submitted(old) }));
      expect(names(fresh)).toEqual(["other:view"]);
      expect(await stage.held(old.rpt.grantId)).toEqual(["photo:view"]);
    }),
  );
});

describe("what is carried over lives no longer than it would have lived", () => {
  it(
    "without a refresh token not beyond the RPT",
    onStage(async (stage) => {
      await stage.share();
      const client = UNREFRESHABLE;
      const old = await access(stage, PHOTO.id, { client });
      stage.now += 200;
      const joined = await access(stage, ALBUM.id, { client, ...submitted(old) });
      expect(joined.rpt.permissions).toEqual([
        { resource_id: ALBUM.id, resource_scopes: ["view"] },
        { resource_id: PHOTO.id, resource_scopes: ["view"], exp: START + 300 },
      ]);
      stage.now = START + 300;
      expect(await stage.held(joined.rpt.grantId)).toEqual(["album:view"]);
    }),
  );

  it(
    "nor by being submitted again and again",
    onStage(async (stage) => {
      await stage.share();
      const client = UNREFRESHABLE;
      let last = await access(stage, PHOTO.id, { client });
      for (let round = 0; round < 3; round += 1) {
        stage.now += 90;
        last = await access(stage, ALBUM.id, { client, ...submitted(last) });
        expect(last.rpt.permissions.at(-1)).toMatchObject({ resource_id: PHOTO.id, exp: START + 300 });
      }
      stage.now += 90;
      expect(names(await access(stage, ALBUM.id, { client, ...submitted(last) }))).toEqual(["album:view"]);
    }),
  );

  it(
    "nor for a client that may no longer refresh",
    onStage(async (stage) => {
      await stage.share();
      const old = await access(stage, PHOTO.id);
      const joined = await access(stage, ALBUM.id, { client: UNREFRESHABLE, ...submitted(old) });
      stage.now += 299;
      expect(joined.rpt.refreshGeneration).toBeNull();
      const again = await access(stage, ALBUM.id, { client: UNREFRESHABLE, ...submitted(joined) });
      stage.now += 1;
      expect(await stage.held(again.rpt.grantId)).toEqual(["album:view"]);
    }),
  );

  it(
    "with one not beyond the hard end of the first grant, though the new one goes on",
    onStage(async (stage) => {
      await stage.share();
      const old = await access(stage, PHOTO.id);
      stage.now += REFRESH_IDLE_SECONDS - 1;
      const joined = await access(stage, ALBUM.id, submitted(old));
      expect(names(joined)).toEqual(["album:view", "photo:view"]);
      stage.now += REFRESH_IDLE_SECONDS - 1;
      expect(await stage.refresh(joined.rpt.grantId)).toMatchObject({ rpt: { permissions: [{}, {}] } });
      stage.now = START + GRANT_LIFETIME_SECONDS;
      const refreshed = await stage.refresh(joined.rpt.grantId);
      expect(refreshed).toMatchObject({ rpt: { permissions: [{ resource_id: ALBUM.id }] } });
      expect(refreshed.outcome === "refreshed" && refreshed.rpt.permissions).toHaveLength(1);
    }),
  );

  it(
    "not when the grant lay idle too long",
    onStage(async (stage) => {
      await stage.share();
      const old = await access(stage, PHOTO.id);
      stage.now += REFRESH_IDLE_SECONDS;
      const fresh = await access(stage, ALBUM.id, submitted(old));
      expect(names(fresh)).toEqual(["album:view"]);
      expect(fresh).not.toHaveProperty("added");
    }),
  );

  it(
    "with the end that its policy set",
    onStage(async (stage) => {
      const expires = new Date((START + 200) * 1_000).toISOString();
      await stage.share({ target: { resources: [PHOTO.id] }, when: { expires } });
      await stage.share({ target: { resources: [ALBUM.id] } });
      const old = await access(stage, PHOTO.id);
      const joined = await access(stage, ALBUM.id, submitted(old));
      expect(joined.rpt.permissions.at(-1)).toMatchObject({ resource_id: PHOTO.id, exp: START + 200 });
      stage.now += 200;
      const later = await access(stage, ALBUM.id, submitted(joined));
      expect(names(later)).toEqual(["album:view"]);
    }),
  );

  it(
    "what is counted ends with the RPT, and nothing is counted twice",
    onStage(async (stage) => {
      await stage.share({ target: { resources: [PHOTO.id] }, terms: { uses: 1 } });
      await stage.share({ target: { resources: [ALBUM.id] } });
      const old = await access(stage, PHOTO.id);
      stage.now += 100;
      const joined = await access(stage, ALBUM.id, submitted(old));
      expect(joined.rpt.permissions.at(-1)).toMatchObject({ resource_id: PHOTO.id, exp: START + 300 });
      expect(stage.rows("uses")).toMatchObject([{ used: 1 }]);
      expect(await stage.refresh(joined.rpt.grantId)).toMatchObject({
        rpt: { permissions: [{ resource_id: ALBUM.id, resource_scopes: ["view"] }] },
      });
    }),
  );

  it(
    "what holds in a place goes on there, and ends with the RPT elsewhere",
    onStage(async (stage) => {
      await stage.share({ target: { resources: [PHOTO.id] }, where: { countries: ["DE"] } });
      await stage.share({ target: { resources: [ALBUM.id] } });
      const at = (whereabouts: typeof BERLIN) => ({ whereabouts });
      const old = await access(stage, PHOTO.id, at(BERLIN));
      const there = await access(stage, ALBUM.id, { ...at(BERLIN), ...submitted(old) });
      expect(there.rpt.permissions.at(-1)).toEqual({ resource_id: PHOTO.id, resource_scopes: ["view"] });
      stage.now += 100;
      const elsewhere = await access(stage, ALBUM.id, { ...at(PARIS), ...submitted(there) });
      expect(elsewhere.rpt.permissions.at(-1)).toMatchObject({ resource_id: PHOTO.id, exp: START + 300 });
      stage.now += 200;
      expect(await stage.held(elsewhere.rpt.grantId)).toEqual(["album:view"]);
    }),
  );

  it(
    "an expired RPT gives what its grant would still give to a refresh, and nothing else",
    onStage(async (stage) => {
      await stage.share({ target: { resources: [PHOTO.id] }, scopes: ["view"] });
      await stage.share({ target: { resources: [PHOTO.id] }, scopes: ["print"], terms: { uses: 1 } });
      await stage.share({ target: { resources: [ALBUM.id] } });
      const old = await access(stage, PHOTO.id, {}, ["view", "print"]);
      stage.now += 301;
      const joined = await access(stage, ALBUM.id, submitted(old));
      expect(names(joined)).toEqual(["album:view", "photo:view"]);
      expect(joined.added).toHaveLength(1);
    }),
  );
});

describe("an RPT that a refresh limited", () => {
  it(
    "gives what it states, and what it does not state stays with its grant",
    onStage(async (stage) => {
      await stage.share();
      const old = await access(stage, PHOTO.id, {}, ["view", "print"]);
      const joined = await access(stage, ALBUM.id, submitted(old, ["print"]));
      expect(names(joined)).toEqual(["album:view", "photo:print"]);
      expect(await stage.held(old.rpt.grantId)).toEqual(["photo:view"]);
      expect(await stage.refresh(old.rpt.grantId)).toMatchObject({
        rpt: { permissions: [{ resource_id: PHOTO.id, resource_scopes: ["view"] }] },
      });
    }),
  );
});

describe("withdrawals", () => {
  it(
    "of before count before it is carried over",
    onStage(async (stage) => {
      const photo = await stage.share({ target: { resources: [PHOTO.id] } });
      await stage.share({ target: { resources: [ALBUM.id] } });
      const old = await access(stage, PHOTO.id);
      await stage.change({ kind: "delete_policy", id: photo, expected: "any" });
      const fresh = await access(stage, ALBUM.id, submitted(old));
      expect(names(fresh)).toEqual(["album:view"]);
      expect(fresh).not.toHaveProperty("added");
    }),
  );

  it(
    "of later count for what was carried over, and are judged on what is known by both",
    onStage(async (stage) => {
      await stage.share({ target: { resources: [ALBUM.id] } });
      const id = await stage.share({ target: { resources: [PHOTO.id] }, who: { claim: "role", equals: "doctor" } });
      const old = await access(stage, PHOTO.id, { pushed: pushed("bob", { role: "doctor" }) });
      const joined = await access(stage, ALBUM.id, submitted(old));
      const put = (value: string) => {
        const document = permit({ target: { resources: [PHOTO.id] }, who: { claim: "role", equals: value } });
        return stage.change({ kind: "put_policy", id, document, expected: "any" });
      };
      await put("doctor");
      expect(await stage.held(joined.rpt.grantId)).toEqual(["album:view", "photo:view"]);
      await put("nurse");
      expect(await stage.held(joined.rpt.grantId)).toEqual(["album:view"]);
    }),
  );

  it(
    "that are on their way are waited for: what is refused takes nothing",
    onStage(async (stage) => {
      const id = await stage.share({ target: { resources: [PHOTO.id] } });
      await stage.share({ target: { resources: [ALBUM.id] } });
      const old = await access(stage, PHOTO.id);
      const gate = new GatedChannel("apply");
      stage.record.channel = unforeseen(gate.channel);
      const changed = stage.change({ kind: "delete_policy", id, expected: 7 });
      await stage.booked();
      const joined = access(stage, ALBUM.id, submitted(old));
      gate.open();
      expect(names(await joined)).toEqual(["album:view", "photo:view"]);
      await changed;
    }),
  );

  it(
    "that do not arrive in time spend no ticket",
    onStage(async (stage) => {
      const id = await stage.share({ target: { resources: [PHOTO.id] } });
      await stage.share({ target: { resources: [ALBUM.id] } });
      const old = await access(stage, PHOTO.id);
      const ticket = stage.ticket({ permissions: [asking(ALBUM.id, "view")] });
      await stage.redeem(stage.ticket({ permissions: [asking(ALBUM.id, "view")] }), { pushed: BOB });
      const gate = new GatedChannel("apply");
      stage.record.channel = unforeseen(gate.channel);
      const changed = stage.change({ kind: "delete_policy", id, expected: "any" });
      await stage.booked();
      const late = stage.redeem(ticket, { pushed: BOB, ...submitted(old) });
      await stage.passing(late);
      expect(await late).toEqual({ outcome: "unavailable", cause: "change_on_its_way" });
      gate.open();
      await changed;
      const reply = granted(await stage.redeem(ticket, { pushed: BOB, ...submitted(old) }));
      expect(names(reply)).toEqual(["album:view"]);
    }),
  );

  it.each(["open", "seal"] as const)("cannot be judged without claims: keys that do not %s spend no ticket", (fails) =>
    onStage(async (stage) => {
      await stage.share();
      const old = await access(stage, PHOTO.id);
      const ticket = stage.ticket({ permissions: [asking(ALBUM.id, "view")] });
      stage.restart({ sealer: { ...plainSealer, [fails]: () => Promise.reject(new Error("no keys")) } });
      const reply = await stage.redeem(ticket, { pushed: BOB, ...submitted(old) });
      expect(reply).toEqual({ outcome: "unavailable", cause: `claims_${fails === "open" ? "unopened" : "unsealed"}` });
      stage.restart();
      expect(names(granted(await stage.redeem(ticket, { pushed: BOB, ...submitted(old) })))).toHaveLength(2);
    })(),
  );

  it(
    "by the id of a grant reach what it went into",
    onStage(async (stage) => {
      await stage.share();
      const old = await access(stage, PHOTO.id, {}, ["view", "print"]);
      const first = await access(stage, ALBUM.id, submitted(old, ["print"]));
      const second = await access(stage, ALBUM.id, submitted(first));
      const other = await access(stage, PHOTO.id);
      expect(await stage.ledger.endGrant(stage.caller, old.rpt.grantId)).toMatchObject({ outcome: "done" });
      for (const { rpt } of [old, first, second]) expect(await stage.held(rpt.grantId)).toEqual([]);
      expect(await stage.held(other.rpt.grantId)).toEqual(["photo:view"]);
      expect(await stage.ledger.endGrant(stage.caller, old.rpt.grantId)).toEqual({ outcome: "not_found" });
    }),
  );

  it(
    "that a late repeat of the old ticket brings reach it as well",
    onStage(async (stage) => {
      await stage.share();
      const ticket = stage.ticket();
      const old = granted(await stage.redeem(ticket, { pushed: BOB }));
      const joined = await access(stage, ALBUM.id, submitted(old));
      stage.now += 11;
      expect(await stage.redeem(ticket, { pushed: BOB })).toMatchObject({ withdrawn: true });
      expect(await stage.held(joined.rpt.grantId)).toEqual([]);
    }),
  );

  it(
    "by the client of the old RPT find nothing any more, and take nothing from the new one",
    onStage(async (stage) => {
      await stage.share();
      const old = await access(stage, PHOTO.id);
      const joined = await access(stage, ALBUM.id, submitted(old));
      await stage.ledger.revoke(PRINTER.id, old.rpt.grantId);
      expect(await stage.held(joined.rpt.grantId)).toHaveLength(2);
      await stage.ledger.revoke(PRINTER.id, joined.rpt.grantId);
      expect(await stage.held(joined.rpt.grantId)).toEqual([]);
    }),
  );

  it(
    "of a revoked RPT leave nothing to carry over",
    onStage(async (stage) => {
      await stage.share();
      const old = await access(stage, PHOTO.id);
      await stage.ledger.revoke(PRINTER.id, old.rpt.grantId);
      expect(names(await access(stage, ALBUM.id, submitted(old)))).toEqual(["album:view"]);
    }),
  );
});

describe("at once", () => {
  it(
    "many upgrades of one RPT carry it over once",
    onStage(async (stage) => {
      await stage.share();
      const old = await access(stage, PHOTO.id);
      const replies = await Promise.all(Array.from({ length: 8 }, () => access(stage, ALBUM.id, submitted(old))));
      expect(replies.filter(({ added }) => added !== undefined)).toHaveLength(1);
      const photos = await Promise.all(replies.map(({ rpt }) => stage.held(rpt.grantId)));
      expect(photos.flat().filter((name) => name === "photo:view")).toHaveLength(1);
      expect(photos.flat().filter((name) => name === "album:view")).toHaveLength(8);
    }),
  );

  it(
    "a repeat of the attempt finds its own answer, also after a restart",
    onStage(async (stage) => {
      await stage.share();
      const old = await access(stage, PHOTO.id);
      const ticket = stage.ticket({ permissions: [asking(ALBUM.id, "view")] });
      const request = stage.request(ticket, { pushed: BOB, ...submitted(old) });
      const first = await stage.ledger.redeem(request);
      expect(await stage.ledger.redeem(request)).toEqual(first);
      expect(await stage.restart().redeem(request)).toEqual(first);
      expect(await stage.ledger.counts()).toMatchObject({ grants: 1 });
    }),
  );

  it(
    "upgrade, refresh and revocation of one RPT leave what came last, and never two of it",
    onStage(async (stage) => {
      await stage.share();
      for (let round = 0; round < 6; round += 1) {
        const old = await access(stage, PHOTO.id);
        const upgrade = () => access(stage, ALBUM.id, submitted(old));
        const refresh = () => stage.refresh(old.rpt.grantId);
        const revoke = () => stage.ledger.revoke(PRINTER.id, old.rpt.grantId);
        const acts = [upgrade, refresh, revoke];
        const order = [...acts.slice(round % 3), ...acts.slice(0, round % 3)];
        if (round >= 3) order.reverse();
        const replies = await Promise.all(order.map((act) => act()));
        const joined = replies.find((reply) => typeof reply === "object" && reply.outcome === "granted") as Granted;
        expect(await stage.held(old.rpt.grantId)).toEqual([]);
        const held = await stage.held(joined.rpt.grantId);
        expect(held).toEqual(joined.added === undefined ? ["album:view"] : ["album:view", "photo:view"]);
      }
    }),
  );
});

it(
  "the owner is told what was added, and that it was an upgrade; nobody is told of a withdrawal",
  onStage(async (stage) => {
    await stage.share();
    const old = await access(stage, PHOTO.id);
    await access(stage, ALBUM.id, submitted(old));
    const [last] = (await stage.ledger.activity(stage.caller, null, 1)) ?? [];
    expect(last).toMatchObject({
      kind: "granted",
      partyReference: BOB.partyReference,
      detail: { upgraded: true, permissions: [{ resource_id: ALBUM.id, resource_scopes: ["view"] }] },
    });
    await stage.ledger.alarm();
    expect(stage.told.filter(({ notice }) => notice.kind === "grant_withdrawn")).toEqual([]);
  }),
);

it(
  "more than a grant may hold is not joined",
  onStage(async (stage) => {
    const many = Array.from({ length: 60 }, (_, index) => `${index}-${"x".repeat(9_000)}`);
    const huge = (id: string) => ({ id, resourceServerId: RS, type: null, collections: [], scopes: many });
    stage.record.content = { ...stage.record.content, resources: { a: huge("a"), b: huge("b") } };
    await stage.share();
    const old = await access(stage, "a", {}, many);
    const fresh = await access(stage, "b", submitted(old), many);
    expect(fresh).not.toHaveProperty("added");
    expect(await stage.held(old.rpt.grantId)).toHaveLength(60);
    expect(await stage.held(fresh.rpt.grantId)).toHaveLength(60);
  }),
);

it(
  "an RPT grows to as many scopes as a ticket may ask for, and stays as it is where more would come of it",
  onStage(async (stage) => {
    const many = Array.from({ length: MAX_REQUESTED_SCOPES }, (_, index) => `scope-${index}`);
    const large = { id: "a", resourceServerId: RS, type: null, collections: [], scopes: many };
    stage.record.content = { ...stage.record.content, resources: { ...stage.record.content.resources, a: large } };
    await stage.share();
    const old = await access(stage, "a", {}, many.slice(1));
    const full = await access(stage, ALBUM.id, submitted(old));
    expect(full.added).toHaveLength(1);
    expect(await access(stage, PHOTO.id, submitted(full))).not.toHaveProperty("added");
    expect(await stage.held(full.rpt.grantId)).toHaveLength(MAX_REQUESTED_SCOPES);
    expect(await access(stage, ALBUM.id, submitted(full))).toHaveProperty("added");
  }),
);

it(
  "what went where is forgotten after a day",
  onStage(async (stage) => {
    await stage.share();
    const old = await access(stage, PHOTO.id);
    await access(stage, ALBUM.id, submitted(old));
    expect(stage.rows("surrendered")).toHaveLength(1);
    stage.now += 86_400;
    await stage.ledger.alarm();
    expect(stage.rows("surrendered")).toEqual([]);
  }),
);

it(
  "what went where is forgotten with all that came of it, however often somebody comes back to the first",
  onStage(async (stage) => {
    await stage.share();
    const ticket = stage.ticket({ permissions: [asking(PHOTO.id, "view")] });
    const first = granted(await stage.redeem(ticket, { pushed: BOB }));
    const second = await access(stage, ALBUM.id, submitted(first));
    const third = await access(stage, ALBUM.id, submitted(second));
    const beside = await access(stage, PHOTO.id);
    const other = await access(stage, ALBUM.id, submitted(beside));
    expect(stage.rows("surrendered")).toHaveLength(3);
    stage.now += 60;
    for (const withdrawn of [true, undefined]) {
      const reply = await stage.redeem(ticket, { pushed: BOB });
      expect(reply).toEqual({ outcome: "invalid_ticket", fault: "spent", ...(withdrawn && { withdrawn }) });
      expect(await stage.held(third.rpt.grantId)).toEqual([]);
      expect(stage.rows("surrendered")).toMatchObject([{ grant_id: beside.rpt.grantId }]);
    }
    expect(await stage.held(other.rpt.grantId)).toHaveLength(2);
  }),
);
