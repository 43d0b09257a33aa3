import { describe, expect, it } from "vitest";
import type { GrantsRequest, LiveGrant } from "../../src/ledger/contract.ts";
import { Grants } from "../../src/ledger/grants.ts";
import { DOWN } from "../support/faulty-record.ts";
import { put } from "../support/ledger-changes.ts";
import {
  ALBUM,
  asking,
  type LedgerStage,
  onClosedStage,
  onStage,
  PHOTO,
  PRINTER,
  pushed,
  RS,
  START,
  VIEWER,
} from "../support/ledger-stage.ts";

const SEEN_AT_ONCE = 1_000;
const JUDGED_AT_ONCE = 20;

async function look(stage: LedgerStage, sought: Partial<GrantsRequest> = {}) {
  const anything = { clientId: null, partyReference: null, resourceId: null, after: null, limit: 200 };
  const reply = await stage.ledger.grants({ caller: stage.caller, ...anything, ...sought });
  if (reply.outcome !== "listed") throw new Error(`expected a list, got ${reply.outcome}`);
  return reply;
}

/** Everything that is found, over all pages. */
async function list(stage: LedgerStage, sought: Partial<GrantsRequest> = {}): Promise<readonly LiveGrant[]> {
  const found: LiveGrant[] = [];
  for (let after: string | null = null; ; ) {
    const { items, next } = await look(stage, { ...sought, after });
    found.push(...items);
    if (next === null) return found;
    after = next;
  }
}

const idsOf = (grants: readonly LiveGrant[]) => grants.map(({ id }) => id).sort();

/** So many grants for nobody known, like the one there is, without redeeming a ticket for each. */
function flood(stage: LedgerStage, count: number): void {
  const grants = new Grants(stage.storage);
  const [row] = stage.rows("grants");
  const grant = grants.find(String(row?.id));
  if (grant === null) throw new Error("there is no grant to copy");
  stage.storage.transactionSync(() => {
    for (let n = 0; n < count; n += 1) grants.insert({ ...grant, id: `flood-${String(n).padStart(5, "0")}` });
  });
}

describe("the list of live grants", () => {
  it(
    "tells who holds what through which client, and until when",
    onStage(async (stage) => {
      const policyIds = [await stage.share()];
      const id = await stage.grant({ pushed: pushed("bob") });
      stage.now += 60;
      await stage.refresh(id);
      const nobody = await stage.grant({ client: VIEWER, anonymousReference: "nobody" });
      const both = { resourceServerId: RS, permissions: [{ resource_id: PHOTO.id, resource_scopes: ["view"] }] };
      const grants = await list(stage);
      expect(grants).toHaveLength(2);
      expect(grants).toContainEqual({
        ...both,
        id,
        clientId: PRINTER.id,
        partyReference: "pairwise-bob",
        partyKnown: true,
        policyIds,
        createdAt: START,
        usedAt: START + 60,
        expiresAt: START + 60 + 14 * 86_400,
        refreshable: true,
      });
      expect(grants).toContainEqual({
        ...both,
        id: nobody,
        clientId: VIEWER.id,
        partyReference: "nobody",
        partyKnown: false,
        policyIds,
        createdAt: START + 60,
        usedAt: START + 60,
        expiresAt: START + 360,
        refreshable: false,
      });
    }),
  );

  it(
    "is narrowed by client, party and resource",
    onStage(async (stage) => {
      await stage.share();
      const permissions = [asking(ALBUM.id, "view")];
      const bob = await stage.grant({ pushed: pushed("bob") });
      const album = await stage.grant({ pushed: pushed("bob") }, stage.ticket({ permissions }));
      const carol = await stage.grant({ pushed: pushed("carol"), client: VIEWER });
      expect(idsOf(await list(stage, { clientId: VIEWER.id }))).toEqual([carol]);
      expect(idsOf(await list(stage, { partyReference: "pairwise-bob" }))).toEqual([bob, album].sort());
      expect(idsOf(await list(stage, { resourceId: ALBUM.id }))).toEqual([album]);
      expect(idsOf(await list(stage, { partyReference: "pairwise-bob", resourceId: PHOTO.id }))).toEqual([bob]);
      // No resource, though every grant has this scope.
      expect(await list(stage, { resourceId: "view" })).toEqual([]);
    }),
  );

  it(
    "leaves out what has ended or was withdrawn, also by what the record has yet to take",
    onStage(async (stage) => {
      const photo = await stage.share({ target: { resources: [PHOTO.id] } });
      await stage.share({ target: { resources: [ALBUM.id] } });
      const permissions = [asking(PHOTO.id, "view"), asking(ALBUM.id, "view")];
      const both = await stage.grant({ pushed: pushed("bob") }, stage.ticket({ permissions }));
      const cutOff = await stage.grant({ pushed: pushed("carol") });
      const ended = await stage.grant({ pushed: pushed("dave"), client: VIEWER });
      expect(idsOf(await list(stage))).toEqual([both, cutOff, ended].sort());
      await stage.cut({ by: "party", partyReference: "pairwise-carol" });
      stage.now += 300;
      stage.record.channel = DOWN;
      expect(await stage.change({ kind: "delete_policy", id: photo, expected: "any" })).toEqual({ outcome: "pending" });
      const album = { resource_id: ALBUM.id, resource_scopes: ["view"] };
      expect(await list(stage)).toMatchObject([{ id: both, permissions: [album] }]);
      expect(await list(stage, { resourceId: PHOTO.id })).toEqual([]);
    }),
  );

  it(
    "says nothing while claims that it needs cannot be opened",
    onStage(async (stage) => {
      const id = await stage.share();
      await stage.grant({ pushed: pushed("bob") });
      await stage.change(put(id, { who: { claim: "email", exists: true } }));
      const open = () => Promise.reject(new Error("no key"));
      stage.restart({ sealer: { seal: stage.sealer.seal, open } });
      const anything = { clientId: null, partyReference: null, resourceId: null, after: null, limit: 200 };
      const reply = await stage.ledger.grants({ caller: stage.caller, ...anything });
      expect(reply).toEqual({ outcome: "unavailable", cause: "claims_unopened" });
    }),
  );

  it(
    "judges so many in one call, and goes on from there (rule 11)",
    onStage(async (stage) => {
      await stage.share();
      await stage.grant();
      flood(stage, 2 * JUDGED_AT_ONCE);
      const first = await look(stage);
      expect(first.items).toHaveLength(JUDGED_AT_ONCE);
      expect((await look(stage, { limit: 3 })).items).toHaveLength(3);
      const all = idsOf(await list(stage));
      expect(new Set(all).size).toBe(2 * JUDGED_AT_ONCE + 1);
    }),
  );

  it(
    "looks through so many in one call, and goes on from there (rule 11)",
    onStage(async (stage) => {
      await stage.share();
      await stage.grant();
      flood(stage, SEEN_AT_ONCE + 1);
      await stage.grant({ pushed: pushed("carol") }, stage.ticket({ processId: "zzz" }));
      const first = await look(stage, { partyReference: "pairwise-carol" });
      expect(first).toMatchObject({ items: [], next: expect.any(String) });
      expect(idsOf(await list(stage, { partyReference: "pairwise-carol" }))).toEqual(["zzz"]);
    }),
  );

  it(
    "is for callers under a connection that stands, of a ledger that is open",
    onStage(async (stage) => {
      const caller = { ...stage.caller, generation: stage.caller.generation + 1 };
      const anything = { clientId: null, partyReference: null, resourceId: null, after: null, limit: 5 };
      expect(await stage.ledger.grants({ caller, ...anything })).toEqual({ outcome: "not_connected" });
    }),
  );
});

describe("one grant", () => {
  it(
    "is ended by its owner, alone and once, and the log says by whom",
    onStage(async (stage) => {
      await stage.share();
      const one = await stage.grant({ pushed: pushed("bob") });
      const other = await stage.grant({ pushed: pushed("bob") });
      expect(await stage.ledger.endGrant(stage.caller, one)).toEqual({ outcome: "done", version: 0 });
      expect(await stage.held(one)).toEqual([]);
      expect(await stage.refresh(one)).toEqual({ outcome: "invalid" });
      expect(await stage.held(other)).toEqual(["photo:view"]);
      expect(await stage.ledger.endGrant(stage.caller, one)).toEqual({ outcome: "not_found" });
      expect(await stage.ledger.activity(stage.caller, null, 1)).toMatchObject([
        { kind: "cut", clientId: RS, partyReference: "pairwise-bob", detail: { by: "grant", grantId: one } },
      ]);
    }),
  );

  it(
    "is not ended under a connection that has ended",
    onStage(async (stage) => {
      await stage.share();
      const id = await stage.grant();
      const before = stage.caller;
      await stage.change({ kind: "put_connection", clientId: RS, scopes: [] });
      expect(await stage.ledger.endGrant(before, id)).toEqual({ outcome: "not_connected" });
      expect(await stage.held(id)).toEqual(["photo:view"]);
    }),
  );

  it(
    "is nowhere in a ledger that nobody has opened",
    onClosedStage(async (stage) => {
      expect(await stage.ledger.endGrant(stage.caller, "grant")).toEqual({ outcome: "closed" });
      const anything = { clientId: null, partyReference: null, resourceId: null, after: null, limit: 5 };
      expect(await stage.ledger.grants({ caller: stage.caller, ...anything })).toEqual({ outcome: "not_connected" });
      expect(stage.tables()).toEqual([]);
    }),
  );
});
