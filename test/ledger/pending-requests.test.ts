import { describe, expect, it } from "vitest";
import { OPERATOR } from "../../src/ledger/change.ts";
import type { DecideRequest, RequestView } from "../../src/ledger/contract.ts";
import type { PolicyBody } from "../../src/policy/language/policy.ts";
import { DOWN } from "../support/faulty-record.ts";
import {
  ALBUM,
  asking,
  type LedgerStage,
  onStage,
  PHOTO,
  PRINTER,
  pushed,
  START,
  VIEWER,
} from "../support/ledger-stage.ts";

const DAY = 86_400;
const BOB = pushed("bob", { sub: "bob" });
const ASKS: Partial<PolicyBody> = { who: { claim: "sub", exists: true }, terms: { approval: true } };
const VIEW_AND_PRINT = [asking(PHOTO.id, "view", "print")];

async function waiting(stage: LedgerStage): Promise<readonly RequestView[]> {
  const reply = await stage.ledger.requests(stage.caller, { status: "waiting", after: null, limit: 50 });
  if (reply.outcome !== "listed") throw new Error(`expected a list, got ${reply.outcome}`);
  return reply.items;
}

async function only(stage: LedgerStage): Promise<RequestView> {
  const [request, ...others] = await waiting(stage);
  if (request === undefined || others.length > 0) throw new Error(`expected one request, got ${others.length + 1}`);
  return request;
}

const ALL = { kind: "approve", allowed: null, until: null } as const;
const REFUSE = { kind: "refuse" } as const;

function decide(
  stage: LedgerStage,
  request: RequestView,
  decision: DecideRequest["decision"],
  more: Partial<DecideRequest> = {},
) {
  const { id: requestId, version } = request;
  const policyIds = ["approval-1", "approval-2", "approval-3"];
  const whole = { requestId, version, decision, word: null, policyIds, ...more };
  return stage.ledger.decide(stage.draw("decision"), whole, OPERATOR);
}

/** Asks as somebody does who was not here before. */
function ask(stage: LedgerStage, permissions = [asking(PHOTO.id, "view")], party = BOB, client = PRINTER) {
  return stage.redeem(stage.ticket({ permissions }), { pushed: party, client });
}

describe("a request that waits for the owner", () => {
  it(
    "is one, however often it comes, and a poll is no asking",
    onStage(async (stage) => {
      await stage.share(ASKS);
      const first = stage.ticket();
      expect(await stage.redeem(first, { pushed: BOB })).toEqual({ outcome: "submitted", requestId: first.id });
      stage.now += 5;
      const second = stage.next(first);
      expect(await stage.redeem(second)).toEqual({ outcome: "submitted" });
      expect(await only(stage)).toMatchObject({ timesAsked: 1, lastAskedAt: START, status: "waiting", version: 1 });
      expect(await ask(stage)).toEqual({ outcome: "submitted" });
      expect(await only(stage)).toMatchObject({ id: first.id, timesAsked: 2, lastAskedAt: START + 5 });
      const told = (await stage.ledger.activity(stage.caller, null, 100))?.filter(({ kind }) => kind === "submitted");
      expect(told).toMatchObject([{ count: 1, detail: { requestId: first.id }, partyReference: BOB.partyReference }]);
    }),
  );

  it(
    "is another one for another party, client or permission",
    onStage(async (stage) => {
      await stage.share(ASKS);
      await ask(stage);
      await ask(stage, VIEW_AND_PRINT);
      await ask(stage, [asking(PHOTO.id, "view")], pushed("carol", { sub: "carol" }));
      await ask(stage, [asking(PHOTO.id, "view")], BOB, VIEWER);
      expect(await waiting(stage)).toHaveLength(4);
      await ask(stage, [asking(PHOTO.id, "print", "view")]);
      expect(await waiting(stage)).toHaveLength(4);
    }),
  );

  it(
    "is about what only the owner can decide",
    onStage(async (stage) => {
      await stage.share({ scopes: ["view"] });
      await stage.share({ ...ASKS, scopes: ["print"] });
      await ask(stage, VIEW_AND_PRINT);
      expect(await only(stage)).toMatchObject({ asked: [{ resourceId: PHOTO.id, scopes: ["print"] }] });
    }),
  );

  it(
    "changes its version where the policies leave something else to the owner",
    onStage(async (stage) => {
      const policy = await stage.share({ scopes: ["view"] });
      await stage.share({ ...ASKS });
      await ask(stage, VIEW_AND_PRINT);
      const read = await only(stage);
      await stage.change({ kind: "delete_policy", id: policy, expected: "any" });
      await ask(stage, VIEW_AND_PRINT);
      expect(await decide(stage, read, ALL)).toEqual({ outcome: "version_mismatch", version: 2 });
      expect(await only(stage)).toMatchObject({ version: 2, asked: [{ scopes: ["view", "print"] }] });
    }),
  );

  it(
    "is one of twenty of a party at most",
    onStage(async (stage) => {
      await stage.share(ASKS);
      const scopes = Array.from({ length: 21 }, (_, index) => `scope-${index}`);
      stage.record.content = {
        ...stage.record.content,
        resources: { photo: { ...PHOTO, scopes } },
      };
      for (const scope of scopes.slice(0, 20)) await ask(stage, [asking(PHOTO.id, scope)]);
      expect(await ask(stage, [asking(PHOTO.id, "scope-20")])).toEqual({
        outcome: "denied",
        denial: { cause: "too_many_waiting", refused: [] },
      });
      expect(await ask(stage, [asking(PHOTO.id, "scope-3")])).toEqual({ outcome: "submitted" });
      expect(await ask(stage, [asking(PHOTO.id, "scope-20")], pushed("carol", { sub: "carol" }))).toMatchObject({
        outcome: "submitted",
      });
    }),
  );

  it(
    "is one of a hundred of a client at most",
    onStage(async (stage) => {
      await stage.share(ASKS);
      for (let index = 0; index < 100; index += 1) {
        await ask(stage, undefined, pushed(`somebody-${index}`, { sub: `somebody-${index}` }));
      }
      expect(await ask(stage)).toMatchObject({ outcome: "denied", denial: { cause: "too_many_waiting" } });
      expect(await ask(stage, undefined, BOB, VIEWER)).toMatchObject({ outcome: "submitted" });
      expect(await waiting(stage)).toHaveLength(50);
    }),
  );

  it(
    "expires after four weeks with notice, and whoever asked hears it once",
    onStage(async (stage) => {
      await stage.share(ASKS);
      await ask(stage);
      const { id: requestId } = await only(stage);
      stage.now += 28 * DAY;
      await stage.ledger.alarm();
      expect(await waiting(stage)).toEqual([]);
      const [last] = (await stage.ledger.activity(stage.caller, null, 1)) ?? [];
      expect(last).toMatchObject({ kind: "request_expired", detail: { requestId }, clientId: PRINTER.id });
      expect(await ask(stage)).toMatchObject({ outcome: "denied", denial: { cause: "owner_silent" } });
      expect(await ask(stage)).toMatchObject({ outcome: "submitted" });
    }),
  );

  it(
    "has expired at its time, though the alarm is late",
    onStage(async (stage) => {
      await stage.share(ASKS);
      await ask(stage);
      const request = await only(stage);
      stage.now += 28 * DAY;
      expect(await decide(stage, request, ALL)).toEqual({ outcome: "version_mismatch", version: 1 });
      expect(await ask(stage)).toMatchObject({ outcome: "denied", denial: { cause: "owner_silent" } });
    }),
  );

  it(
    "is forgotten a week after it expired, though nobody came to hear it",
    onStage(async (stage) => {
      await stage.share(ASKS);
      await ask(stage);
      stage.now += 28 * DAY;
      await stage.ledger.alarm();
      stage.now += 7 * DAY;
      await stage.ledger.alarm();
      expect(stage.rows("pending_requests")).toEqual([]);
    }),
  );

  it(
    "is settled where a policy lets them in meanwhile",
    onStage(async (stage) => {
      await stage.share(ASKS);
      await ask(stage);
      await stage.share();
      expect(await ask(stage)).toMatchObject({ outcome: "granted" });
      expect(await waiting(stage)).toEqual([]);
    }),
  );

  it(
    "waits on, over a restart",
    onStage(async (stage) => {
      await stage.share(ASKS);
      await ask(stage);
      stage.restart();
      expect(await only(stage)).toMatchObject({ timesAsked: 1 });
    }),
  );
});

describe("a yes", () => {
  it(
    "becomes a policy for this party, client and permission, which can be withdrawn",
    onStage(async (stage) => {
      await stage.share(ASKS);
      const first = stage.ticket();
      await stage.redeem(first, { pushed: BOB });
      const reply = await decide(stage, await only(stage), ALL);
      expect(reply).toMatchObject({ outcome: "decided", isRecorded: true, version: 2, policyIds: ["approval-1"] });
      expect(stage.record.content.policies["approval-1"]?.document).toEqual({
        effect: "permit",
        target: { resources: [PHOTO.id] },
        scopes: ["view"],
        who: { all: [{ claim: "sub", issuer: BOB.claims.issuer, equals: "bob" }, { client: PRINTER.id }] },
      });
      const granted = await stage.redeem(stage.next(first));
      expect(granted).toMatchObject({ outcome: "granted" });
      await stage.change({ kind: "delete_policy", id: "approval-1", expected: "any" });
      if (granted.outcome === "granted") expect(await stage.held(granted.rpt.grantId)).toEqual([]);
      expect(await ask(stage)).toMatchObject({ outcome: "submitted", requestId: expect.any(String) });
    }),
  );

  it(
    "is kept while nobody polls",
    onStage(async (stage) => {
      await stage.share(ASKS);
      await ask(stage);
      await decide(stage, await only(stage), ALL);
      stage.now += 20 * DAY;
      await stage.ledger.alarm();
      expect(await ask(stage)).toMatchObject({ outcome: "granted" });
    }),
  );

  it(
    "counts for nobody else, through no other client and for nothing else",
    onStage(async (stage) => {
      await stage.share(ASKS);
      await ask(stage);
      await decide(stage, await only(stage), ALL);
      expect(await ask(stage, undefined, pushed("mallory", { sub: "mallory" }))).toMatchObject({
        outcome: "submitted",
      });
      expect(await ask(stage, undefined, BOB, VIEWER)).toMatchObject({ outcome: "submitted" });
      expect(await ask(stage, [asking(PHOTO.id, "print")])).toMatchObject({ outcome: "submitted" });
      expect(await ask(stage, [asking(ALBUM.id, "view")])).toMatchObject({ outcome: "submitted" });
    }),
  );

  it(
    "to less gives less, and the rest is refused for a week",
    onStage(async (stage) => {
      await stage.share(ASKS);
      await ask(stage, VIEW_AND_PRINT);
      const allowed = [{ resourceId: PHOTO.id, scopes: ["view"] }];
      await decide(stage, await only(stage), { kind: "approve", allowed, until: null });
      const reply = await ask(stage, VIEW_AND_PRINT);
      expect(reply).toMatchObject({ rpt: { permissions: [{ resource_id: PHOTO.id, resource_scopes: ["view"] }] } });
      stage.now += 7 * DAY;
      await stage.ledger.alarm();
      expect(await ask(stage, VIEW_AND_PRINT)).toMatchObject({ outcome: "submitted" });
    }),
  );

  it(
    "to less is a no where less is not granted",
    onStage(async (stage) => {
      stage.settings = { ...stage.settings, partialGrants: false };
      stage.restart();
      await stage.share(ASKS);
      await ask(stage, VIEW_AND_PRINT);
      const allowed = [{ resourceId: PHOTO.id, scopes: ["view"] }];
      await decide(stage, await only(stage), { kind: "approve", allowed, until: null });
      expect(await ask(stage, VIEW_AND_PRINT)).toMatchObject({ outcome: "denied", denial: { cause: "owner_refused" } });
    }),
  );

  it(
    "for a time ends by itself, and is asked for anew",
    onStage(async (stage) => {
      await stage.share(ASKS);
      await ask(stage);
      await decide(stage, await only(stage), { kind: "approve", allowed: null, until: START + 7 * DAY });
      expect(await ask(stage)).toMatchObject({ outcome: "granted" });
      stage.now += 7 * DAY;
      expect(await ask(stage)).toMatchObject({ outcome: "submitted" });
    }),
  );

  it(
    "leaves where, when and on which terms as the policy that asked says",
    onStage(async (stage) => {
      const expires = "2029-01-05T00:00:00Z";
      const bounds = { when: { expires }, where: { countries: ["AT"] } };
      const agreement = { title: "Terms", text: "Be kind." };
      await stage.share({ ...ASKS, ...bounds, terms: { approval: true, token_lifetime: 60 } });
      const inAustria = { whereabouts: { country: "AT", address: null } };
      await stage.redeem(stage.ticket(), { pushed: BOB, ...inAustria });
      await decide(stage, await only(stage), { kind: "approve", allowed: null, until: START + 28 * DAY });
      const { document } = stage.record.content.policies["approval-1"] ?? {};
      expect(document).toMatchObject({ ...bounds, terms: { token_lifetime: 60 } });
      expect(document).not.toMatchObject({ terms: { agreement } });
      expect(await ask(stage)).toMatchObject({ outcome: "denied" });
      expect(await stage.redeem(stage.ticket(), { pushed: BOB, ...inAustria })).toMatchObject({ outcome: "granted" });
    }),
  );

  it(
    "names what differs in policies of their own, and nothing wider",
    onStage(async (stage) => {
      await stage.share(ASKS);
      const both = [asking(PHOTO.id, "view", "print"), asking(ALBUM.id, "view")];
      await ask(stage, both);
      expect(await decide(stage, await only(stage), ALL)).toMatchObject({ policyIds: ["approval-1", "approval-2"] });
      const targets = ["approval-1", "approval-2"].map((id) => stage.record.content.policies[id]?.document);
      expect(targets).toMatchObject([
        { target: { resources: [PHOTO.id] }, scopes: ["view", "print"] },
        { target: { resources: [ALBUM.id] }, scopes: ["view"] },
      ]);
      expect(await ask(stage, both)).toMatchObject({ outcome: "granted" });
    }),
  );

  it.each([
    ["what was not asked for", [{ resourceId: PHOTO.id, scopes: ["print"] }]],
    ["another resource", [{ resourceId: ALBUM.id, scopes: ["view"] }]],
    ["the whole", [{ resourceId: PHOTO.id, scopes: [] }]],
    ["nothing", []],
  ])("to %s is none", (_what, allowed) =>
    onStage(async (stage) => {
      await stage.share(ASKS);
      await ask(stage);
      const request = await only(stage);
      expect(await decide(stage, request, { kind: "approve", allowed, until: null })).toEqual({ outcome: "not_asked" });
      expect(await only(stage)).toEqual(request);
    })(),
  );

  it(
    "to a resource as a whole is one to all of it",
    onStage(async (stage) => {
      await stage.share(ASKS);
      await ask(stage, [asking(PHOTO.id)]);
      expect(await only(stage)).toMatchObject({ asked: [{ resourceId: PHOTO.id, scopes: [] }] });
      const allowed = [{ resourceId: PHOTO.id, scopes: [] }];
      await decide(stage, await only(stage), { kind: "approve", allowed, until: null });
      expect(stage.record.content.policies["approval-1"]?.document).toMatchObject({ scopes: "all" });
    }),
  );

  it(
    "that the record has yet to take is no refusal: who polls comes again, also after a crash",
    onStage(async (stage) => {
      await stage.share(ASKS);
      const first = stage.ticket();
      await stage.redeem(first, { pushed: BOB });
      const request = await only(stage);
      const { channel } = stage.record;
      stage.record.channel = DOWN;
      expect(await decide(stage, request, ALL)).toMatchObject({ outcome: "decided", isRecorded: false });
      stage.restart();
      const ticket = stage.next(first);
      const polled = stage.redeem(ticket);
      await stage.passing(polled);
      expect(await polled).toMatchObject({ outcome: "unavailable" });
      stage.restart();
      stage.record.channel = channel;
      await stage.ledger.alarm();
      expect(await stage.redeem(ticket)).toMatchObject({ outcome: "granted" });
    }),
  );

  it(
    "gets an id for each of its policies, as many as they are",
    onStage(async (stage) => {
      const scopes = Array.from({ length: 40 }, (_, index) => `scope-${index}`);
      stage.record.content = { ...stage.record.content, resources: { photo: { ...PHOTO, scopes } } };
      for (const [index, scope] of scopes.entries()) {
        const expires = new Date((START + (index + 1) * DAY) * 1_000).toISOString();
        await stage.share({ ...ASKS, scopes: [scope], when: { expires } });
      }
      const client = { ...PRINTER, registeredScopes: scopes };
      await stage.redeem(stage.ticket({ permissions: [asking(PHOTO.id, ...scopes)] }), { pushed: BOB, client });
      const policyIds = Array.from({ length: 300 }, (_, index) => `approval-${index}`);
      const reply = await decide(stage, await only(stage), ALL, { policyIds });
      expect(reply).toMatchObject({ outcome: "decided", policyIds: policyIds.slice(0, 40) });
    }),
  );

  it(
    "of which the record takes a part leaves nothing of it",
    onStage(async (stage) => {
      stage.record.quotas = { ...stage.record.quotas, policiesPerOwner: 2 };
      const asks = await stage.share(ASKS);
      const both = [asking(PHOTO.id, "view", "print"), asking(ALBUM.id, "view")];
      await ask(stage, both);
      expect(await decide(stage, await only(stage), ALL)).toEqual({ outcome: "limit_reached" });
      await stage.ledger.alarm();
      expect(Object.keys(stage.record.content.policies)).toEqual([asks]);
      await decide(stage, await only(stage), REFUSE);
      expect(await ask(stage, both)).toMatchObject({ outcome: "denied" });
    }),
  );

  it(
    "that the record refuses is none: the request waits again",
    onStage(async (stage) => {
      stage.record.quotas = { ...stage.record.quotas, policiesPerOwner: 1 };
      await stage.share(ASKS);
      await ask(stage);
      const operation = stage.draw("decision");
      const request = await only(stage);
      const whole = { requestId: request.id, version: 1, decision: ALL, word: null, policyIds: ["approval"] };
      expect(await stage.ledger.decide(operation, whole, OPERATOR)).toEqual({ outcome: "limit_reached" });
      expect(await only(stage)).toMatchObject({ id: request.id, version: 3, decision: null });
      expect(await stage.ledger.decide(operation, whole, OPERATOR)).toEqual({ outcome: "limit_reached" });
      expect(await ask(stage)).toEqual({ outcome: "submitted" });
    }),
  );
});

describe("a no", () => {
  it(
    "is told with the owner's word, and stands for a week",
    onStage(async (stage) => {
      await stage.share(ASKS);
      const first = stage.ticket();
      await stage.redeem(first, { pushed: BOB });
      const reply = await decide(stage, await only(stage), REFUSE, { word: "Please ask my daughter." });
      expect(reply).toEqual({ outcome: "decided", version: 2, policyIds: [], isRecorded: true });
      const told = { outcome: "denied", denial: { cause: "owner_refused" }, word: "Please ask my daughter." };
      expect(await stage.redeem(stage.next(first))).toMatchObject(told);
      stage.now += 6 * DAY;
      await stage.ledger.alarm();
      expect(await ask(stage)).toMatchObject(told);
      stage.now += DAY;
      await stage.ledger.alarm();
      expect(await ask(stage)).toMatchObject({ outcome: "submitted" });
    }),
  );

  it(
    "stands until it was told",
    onStage(async (stage) => {
      await stage.share(ASKS);
      await ask(stage);
      await decide(stage, await only(stage), REFUSE);
      stage.now += 20 * DAY;
      await stage.ledger.alarm();
      expect(await ask(stage)).toMatchObject({ outcome: "denied", denial: { cause: "owner_refused" } });
      await stage.ledger.alarm();
      expect(await ask(stage)).toMatchObject({ outcome: "submitted" });
    }),
  );

  it(
    "keeps the owner's word sealed",
    onStage(async (stage) => {
      await stage.share(ASKS);
      await ask(stage);
      await decide(stage, await only(stage), REFUSE, { word: "Never." });
      const [row] = stage.rows("pending_requests");
      const { sealedWord } = JSON.parse(String(row?.decision));
      expect(sealedWord).not.toBe("Never.");
      stage.storage.kv.delete("seal_key");
      const reply = await ask(stage);
      expect(reply).toMatchObject({ outcome: "denied" });
      expect(reply).not.toHaveProperty("word");
    }),
  );
});

describe("a decision", () => {
  it.each([
    ["yes", ALL, REFUSE],
    ["no", REFUSE, ALL],
  ])("is taken once: after a %s", (_word, first, second) =>
    onStage(async (stage) => {
      await stage.share(ASKS);
      await ask(stage);
      const request = await only(stage);
      const replies = await Promise.all([decide(stage, request, first), decide(stage, request, second)]);
      expect(replies).toMatchObject([{ outcome: "decided" }, { outcome: "version_mismatch", version: 2 }]);
      const other = await decide(stage, { ...request, version: 2 }, second);
      expect(other).toEqual({ outcome: "version_mismatch", version: 2 });
    })(),
  );

  it(
    "that comes again finds its own answer",
    onStage(async (stage) => {
      await stage.share(ASKS);
      await ask(stage);
      const { id: requestId } = await only(stage);
      const whole = { requestId, version: 1, decision: ALL, word: null, policyIds: ["approval"] };
      const once = await stage.ledger.decide("twice", whole, OPERATOR);
      stage.restart();
      expect(await stage.ledger.decide("twice", { ...whole, policyIds: ["other"] }, OPERATOR)).toEqual(once);
      expect(Object.keys(stage.record.content.policies)).toEqual(["policy-2", "approval"]);
    }),
  );

  it(
    "is told to the owner, with who took it",
    onStage(async (stage) => {
      await stage.share(ASKS);
      await ask(stage);
      const { id: requestId } = await only(stage);
      const author = { by: "caller", caller: stage.caller } as const;
      const whole = { requestId, version: 1, decision: REFUSE, word: null, policyIds: [] };
      await stage.ledger.decide("decision", whole, author);
      const [last] = (await stage.ledger.activity(stage.caller, null, 1)) ?? [];
      const detail = { requestId, decision: "refused", policyIds: [] };
      expect(last).toMatchObject({
        kind: "request_decided",
        clientId: "rs1",
        partyReference: BOB.partyReference,
        detail,
      });
    }),
  );

  it(
    "is nobody's whose connection has ended",
    onStage(async (stage) => {
      await stage.share(ASKS);
      await ask(stage);
      const { id: requestId } = await only(stage);
      const author = { by: "caller", caller: { ...stage.caller, generation: 7 } } as const;
      const whole = { requestId, version: 1, decision: ALL, word: null, policyIds: ["approval"] };
      expect(await stage.ledger.decide("decision", whole, author)).toEqual({ outcome: "not_connected" });
      expect(await stage.ledger.request(author.caller, requestId)).toEqual({ outcome: "not_connected" });
      expect(await only(stage)).toMatchObject({ version: 1 });
    }),
  );

  it(
    "about nothing is none",
    onStage(async (stage) => {
      const whole = { requestId: "none", version: 1, decision: REFUSE, word: null, policyIds: [] };
      expect(await stage.ledger.decide("decision", whole, OPERATOR)).toEqual({ outcome: "not_found" });
      expect(await stage.ledger.request(stage.caller, "none")).toEqual({ outcome: "listed", items: [], next: null });
    }),
  );
});

describe("the list of requests", () => {
  it(
    "is paged from the newest on, by status",
    onStage(async (stage) => {
      await stage.share(ASKS);
      for (const name of ["a", "b", "c"]) await ask(stage, undefined, pushed(name, { sub: name }));
      const first = await stage.ledger.requests(stage.caller, { status: null, after: null, limit: 2 });
      expect(first).toMatchObject({
        items: [{ partyReference: "pairwise-c" }, { partyReference: "pairwise-b" }],
        next: 2,
      });
      const [newest] = await waiting(stage);
      if (newest) await decide(stage, newest, REFUSE);
      const refused = await stage.ledger.requests(stage.caller, { status: "refused", after: null, limit: 2 });
      expect(refused).toMatchObject({ items: [{ partyReference: "pairwise-c", decision: { by: {} } }], next: null });
      const rest = await stage.ledger.requests(stage.caller, { status: "waiting", after: 2, limit: 2 });
      expect(rest).toMatchObject({ items: [{ partyReference: "pairwise-a" }], next: null });
    }),
  );
});
