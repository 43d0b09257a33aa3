import { describe, expect, it, vi } from "vitest";
import type { Notice } from "../../src/events/notice.ts";
import { OPERATOR } from "../../src/ledger/change.ts";
import type { PolicyBody } from "../../src/policy/language/policy.ts";
import { DOWN } from "../support/faulty-record.ts";
import { type LedgerStage, OWNER, onStage, PHOTO, PRINTER, pushed, RS } from "../support/ledger-stage.ts";

const DAY = 86_400;

const kinds = ({ told }: LedgerStage) => told.map(({ notice }) => notice.kind);

/** What was told of grants, as what is left of each. */
function left({ told }: LedgerStage): readonly (readonly string[])[] {
  const grants = told.flatMap(({ notice }) => (notice.kind === "grant_withdrawn" ? [notice] : []));
  return grants.map(({ permissions }) => permissions.flatMap(({ resource_scopes }) => resource_scopes));
}

async function ring(stage: LedgerStage, after = 2): Promise<void> {
  stage.now += after;
  await stage.ledger.alarm();
}

const asking = (stage: LedgerStage, scopes: readonly string[]) =>
  stage.ticket({ permissions: [{ resourceId: PHOTO.id, scopes }] });

describe("others are told", () => {
  it(
    "of a grant that a policy took from, by the alarm that follows, and what is left of it",
    onStage(async (stage) => {
      const gone = await stage.share({ scopes: ["print"] });
      await stage.share({ scopes: ["view"] });
      await stage.grant({}, asking(stage, ["view", "print"]));
      await stage.change({ kind: "delete_policy", id: gone, expected: "any" });
      await ring(stage);
      const expected: Notice = {
        kind: "grant_withdrawn",
        resourceServerId: RS,
        clientId: PRINTER.id,
        partyReference: "anonymous",
        permissions: [{ resource_id: PHOTO.id, resource_scopes: ["view"] }],
      };
      expect(stage.told).toEqual([{ id: expect.any(String), at: stage.now, notice: expected, party: null }]);
      await ring(stage);
      expect(stage.told).toHaveLength(1);
    }),
  );

  it(
    "of every grant that a cut ends, once",
    onStage(async (stage) => {
      await stage.share();
      for (let count = 0; count < 45; count += 1) await stage.grant();
      await stage.cut({ by: "everyone" });
      for (let turns = 0; turns < 4; turns += 1) await ring(stage, 1);
      expect(left(stage)).toEqual(Array.from({ length: 45 }, () => []));
    }),
  );

  it(
    "at once where the grant was used before the alarm came, and not again",
    onStage(async (stage) => {
      await stage.share();
      const grantId = await stage.grant();
      await stage.cut({ by: "client", clientId: PRINTER.id });
      expect(await stage.held(grantId)).toEqual([]);
      await ring(stage);
      expect(left(stage)).toEqual([[]]);
    }),
  );

  it(
    "of a grant that its client gave back, or that the owner ended",
    onStage(async (stage) => {
      await stage.share();
      await stage.ledger.revoke(PRINTER.id, await stage.grant());
      await stage.ledger.endGrant(stage.caller, await stage.grant());
      await ring(stage);
      expect(left(stage)).toEqual([[], []]);
    }),
  );

  it(
    "of a grant that ended because its ticket, or its refresh token, came again",
    onStage(async (stage) => {
      await stage.share();
      const ticket = stage.ticket();
      await stage.grant({}, ticket);
      stage.now += 60;
      await stage.redeem(ticket);
      const grantId = await stage.grant();
      await stage.refresh(grantId, 0, { rotate: true });
      stage.now += 120;
      await stage.refresh(grantId, 0, { rotate: true });
      await ring(stage);
      expect(left(stage)).toEqual([[], []]);
    }),
  );

  it(
    "of a resource that is gone, and of a connection that ended",
    onStage(async (stage) => {
      await stage.change({ kind: "delete_resource", id: PHOTO.id, resourceServerId: RS });
      await stage.change({ kind: "end_connection", clientId: RS, resources: "remove" });
      await ring(stage);
      expect(stage.told.map(({ notice }) => notice)).toEqual([
        { kind: "resource_dropped", resourceServerId: RS, resourceId: PHOTO.id },
        { kind: "connection_ended", clientId: RS, resources: "remove" },
      ]);
    }),
  );
});

describe("nobody is told", () => {
  it(
    "of what changed nothing that a resource server sees",
    onStage(async (stage) => {
      const one = await stage.share();
      await stage.share();
      await stage.grant();
      await stage.change({ kind: "delete_policy", id: one, expected: "any" });
      await stage.change({ kind: "delete_policy", id: "nothing", expected: "any" });
      await ring(stage);
      expect(stage.told).toEqual([]);
    }),
  );

  it(
    "of a grant that had ended by itself",
    onStage(async (stage) => {
      await stage.share();
      await stage.grant({ client: { ...PRINTER, mayRefresh: false } });
      stage.now += 300;
      await stage.cut({ by: "everyone" });
      await ring(stage);
      expect(stage.told).toEqual([]);
    }),
  );

  it(
    "of a change before D1 has it, since it may come to nothing",
    onStage(async (stage) => {
      const policy = await stage.share();
      const grantId = await stage.grant();
      const up = stage.record.channel;
      stage.record.channel = DOWN;
      await stage.change({ kind: "delete_policy", id: policy, expected: "any" });
      expect(await stage.held(grantId)).toEqual([]);
      await ring(stage);
      expect(stage.told).toEqual([]);
      stage.record.channel = up;
      await ring(stage);
      expect(left(stage)).toEqual([[]]);
    }),
  );

  it(
    "soon where nobody wants to hear of grants, but as soon as one is looked at",
    onStage(async (stage) => {
      stage.hearsOfGrants = false;
      await stage.share();
      await stage.grant();
      await stage.cut({ by: "everyone" });
      await ring(stage);
      expect(stage.told).toEqual([]);
      await ring(stage, DAY + 1);
      await ring(stage);
      expect(stage.told).toHaveLength(1);
    }),
  );
});

describe("what could not be told", () => {
  it(
    "is told later, by the same id, also by a ledger that began anew",
    onStage(async (stage) => {
      stage.isReachable = false;
      await stage.change({ kind: "end_connection", clientId: RS, resources: "keep" });
      await ring(stage);
      const [waiting] = stage.rows("outbox");
      expect(stage.told).toEqual([]);
      stage.isReachable = true;
      stage.restart();
      await ring(stage, 1);
      expect(stage.told).toEqual([]);
      await ring(stage, 5);
      expect(stage.told.map(({ id }) => id)).toEqual([waiting?.id]);
      expect(stage.rows("outbox")).toEqual([]);
    }),
  );

  it(
    "is tried again ever less often, and given up after three days",
    onStage(async (stage) => {
      const given = vi.spyOn(console, "error").mockReturnValue();
      stage.isReachable = false;
      await stage.change({ kind: "end_connection", clientId: RS, resources: "keep" });
      const began = stage.now;
      let turns = 0;
      for (; stage.rows("outbox").length > 0; turns += 1) {
        stage.now = Number((await stage.storage.getAlarm()) ?? 0) / 1_000;
        await stage.ledger.alarm();
      }
      expect(stage.now - began).toBeGreaterThanOrEqual(3 * DAY);
      expect(turns).toBeLessThan(100);
      const event = { event: "notice_given_up", ledger: "alice", notice: "connection_ended" };
      expect(given.mock.calls.at(-1)).toEqual([event]);
    }),
  );

  it(
    "keeps nothing else from being told",
    onStage(async (stage) => {
      stage.restart({
        notices: {
          tell: async (_, notices) => {
            stage.told.push(...notices);
            return notices.flatMap(({ id, notice }) => (notice.kind === "connection_ended" ? [id] : []));
          },
          hearsOfGrants: async () => false,
        },
      });
      await stage.change({ kind: "delete_resource", id: PHOTO.id, resourceServerId: RS });
      await stage.change({ kind: "end_connection", clientId: "none", resources: "keep" });
      await stage.change({ kind: "end_connection", clientId: RS, resources: "keep" });
      await ring(stage);
      await ring(stage, 6);
      expect(kinds(stage)).toEqual(["resource_dropped", "connection_ended", "resource_dropped"]);
    }),
  );
});

const BOB = pushed("bob");
const WAITS: Partial<PolicyBody> = { who: { claim: "email", exists: true }, terms: { approval: true } };
const card = { personId: "person-bob", name: "Bob", nameSaidBy: null, addresses: ["bob@example.com"] };
const KNOWN_BOB = { ...BOB, card: { ...card, issuer: "https://op.example", subject: "bob" } };

/** @returns the id of the request that waits. */
async function ask(stage: LedgerStage): Promise<string> {
  await stage.share(WAITS);
  const reply = await stage.redeem(stage.ticket(), { pushed: KNOWN_BOB });
  return reply.outcome === "submitted" ? (reply.requestId ?? "") : "nothing waits";
}

async function decide(stage: LedgerStage, requestId: string, kind: "approve" | "refuse") {
  const decision = kind === "approve" ? ({ kind, allowed: null, until: null } as const) : ({ kind } as const);
  const request = { requestId, version: 1, decision, word: null, policyIds: ["approved"] };
  return stage.ledger.decide("decision", request, OPERATOR);
}

describe("of a request that waits", () => {
  it(
    "people are told once, with whoever asks, and then what the owner decided",
    onStage(async (stage) => {
      const requestId = await ask(stage);
      await stage.redeem(stage.ticket(), { pushed: KNOWN_BOB });
      await ring(stage);
      await decide(stage, requestId, "approve");
      await ring(stage);
      const about = { requestId, clientId: PRINTER.id, partyReference: BOB.partyReference };
      expect(stage.told.map(({ notice }) => notice)).toEqual([
        { kind: "request_waiting", ...about },
        { kind: "request_decided", isAllowed: true, ...about },
      ]);
      expect(stage.told.map(({ party }) => party?.name)).toEqual(["Bob", "Bob"]);
    }),
  );

  it(
    "nobody is told that it waits who has answered it already",
    onStage(async (stage) => {
      await decide(stage, await ask(stage), "refuse");
      await ring(stage);
      expect(kinds(stage)).toEqual(["request_decided"]);
    }),
  );

  it(
    "nobody is told of a yes before D1 has it, nor if it never takes it",
    onStage(async (stage) => {
      const requestId = await ask(stage);
      await ring(stage);
      const up = stage.record.channel;
      stage.record.channel = DOWN;
      await decide(stage, requestId, "approve");
      await ring(stage);
      expect(kinds(stage)).toEqual(["request_waiting"]);
      stage.record.refused.add("decision/0");
      stage.record.channel = up;
      await ring(stage, 60);
      await ring(stage, 60);
      const [request] = stage.rows("pending_requests");
      expect([request?.status, kinds(stage)]).toEqual(["waiting", ["request_waiting"]]);
    }),
  );
});

describe("of somebody who is let in", () => {
  it(
    "people are told the first time, and not again",
    onStage(async (stage) => {
      await stage.share();
      await stage.grant({ pushed: KNOWN_BOB });
      await stage.grant({ pushed: KNOWN_BOB });
      await ring(stage);
      const about = { clientId: PRINTER.id, partyReference: BOB.partyReference };
      expect(stage.told.map(({ notice }) => notice)).toEqual([{ kind: "first_access", ...about }]);
    }),
  );

  it(
    "nobody is told where that is nobody known, or the owner's own word let them in",
    onStage(async (stage) => {
      await decide(stage, await ask(stage), "approve");
      await stage.grant({ pushed: KNOWN_BOB });
      await stage.share();
      await stage.grant();
      await ring(stage);
      expect(kinds(stage)).not.toContain("first_access");
    }),
  );
});

describe("each week", () => {
  const WEEK = 7 * DAY;
  const weeks = ({ told }: LedgerStage) => told.flatMap(({ notice }) => (notice.kind === "week" ? [notice] : []));

  it(
    "people are told how often what happened",
    onStage(async (stage) => {
      await ring(stage);
      await stage.share({ scopes: ["view"] });
      for (let count = 0; count < 3; count += 1) await stage.grant({ pushed: KNOWN_BOB });
      await stage.redeem(stage.ticket({ permissions: [{ resourceId: PHOTO.id, scopes: ["print"] }] }));
      await ring(stage, WEEK - 60);
      expect(weeks(stage)).toEqual([]);
      await ring(stage, 60);
      expect(weeks(stage)).toEqual([{ kind: "week", letIn: 3, refused: 1, asked: 0, changed: 1 }]);
    }),
  );

  it(
    "nobody is woken where nothing happened",
    onStage(async (stage) => {
      await ring(stage);
      await ring(stage, WEEK);
      await ring(stage, WEEK);
      await ring(stage, WEEK);
      expect(weeks(stage).length).toBeLessThanOrEqual(1);
    }),
  );
});

describe("of an owner who is gone", () => {
  it(
    "everybody is told who was connected, and of nothing else any more",
    onStage(async (stage) => {
      await ask(stage);
      stage.isReachable = false;
      await stage.ledger.close({ ownerId: OWNER, accountId: "ana", closedAt: stage.now });
      await ring(stage);
      expect([stage.told, stage.tables()]).toEqual([[], expect.arrayContaining(["outbox"])]);
      stage.isReachable = true;
      await ring(stage, 60);
      expect(stage.told.map(({ notice }) => notice)).toEqual([{ kind: "owner_gone", clientIds: [RS] }]);
      expect(stage.tables()).toEqual([]);
    }),
  );
});
