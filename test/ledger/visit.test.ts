import { describe, expect, it } from "vitest";
import type { PartyStatement } from "../../src/protocol/claims.ts";
import {
  ALBUM,
  account,
  asking,
  type LedgerStage,
  onClosedStage,
  onStage,
  PHOTO,
  PRINTER,
  permit,
  pushed,
  RS,
  START,
  VIEWER,
} from "../support/ledger-stage.ts";

const RULES = { title: "House rules", text: "Reports stay in the house." };
const WITH_ADDRESS = { claim: "email", exists: true } as const;
const BROWSER = { client: { ...PRINTER, mayRedirect: true } };

/** The ids of tickets that were presented. */
function spentIds(stage: LedgerStage): readonly unknown[] {
  const tables = stage.tables().filter((name) => name.startsWith("spent_"));
  return tables.flatMap((name) => stage.rows(name)).map((row) => row.ticket_id);
}

async function texts(stage: LedgerStage, ticket = stage.ticket()) {
  const reply = await stage.look(ticket, account("ana"));
  if (reply.outcome !== "open" || reply.answer !== "need_info") throw new Error(JSON.stringify(reply));
  return reply.agreements;
}

describe("a ticket that comes with a browser", () => {
  it(
    "is spent at once, and a reload in the same browser finds that it has arrived",
    onStage(async (stage) => {
      const ticket = stage.ticket();
      expect(await stage.arrive(ticket)).toEqual({ outcome: "arrived" });
      stage.restart();
      expect(await stage.arrive(ticket)).toEqual({ outcome: "arrived" });
      expect(spentIds(stage)).toEqual([ticket.id]);
      expect(await stage.arrive(ticket, { attemptId: "another browser" })).toMatchObject({ fault: "spent" });
      expect(await stage.redeem(ticket)).toMatchObject({ outcome: "invalid_ticket", fault: "spent" });
    }),
  );

  it.each([
    ["anybody's first ticket", { clientId: null, step: 0 }],
    ["a ticket of its process", { clientId: PRINTER.id, step: 1 }],
  ])("that arrived for one client is none for another in the same browser: %s", (_, kind) =>
    onStage(async (stage) => {
      const ticket = stage.ticket(kind);
      expect(await stage.arrive(ticket)).toEqual({ outcome: "arrived" });
      expect(await stage.arrive(ticket, { clientId: VIEWER.id })).toMatchObject({ fault: "spent" });
      expect(await stage.arrive(ticket)).toEqual({ outcome: "arrived" });
    })(),
  );

  it(
    "stays arrived in its browser after it has expired, as long as anybody remembers",
    onStage(async (stage) => {
      const ticket = stage.ticket();
      await stage.arrive(ticket);
      stage.now = ticket.expiresAt;
      expect(await stage.arrive(ticket)).toEqual({ outcome: "arrived" });
      expect(await stage.arrive(ticket, { attemptId: "another browser" })).toMatchObject({ fault: "expired" });
      stage.now += 900;
      await stage.ledger.alarm();
      expect(await stage.arrive(ticket)).toMatchObject({ outcome: "invalid_ticket", fault: "expired" });
    }),
  );

  it.each<[string, (stage: LedgerStage) => ReturnType<LedgerStage["arrive"]>, string]>([
    [
      "was used at the token endpoint",
      async (stage) => {
        const ticket = stage.ticket();
        await stage.redeem(ticket);
        return stage.arrive(ticket);
      },
      "spent",
    ],
    [
      "was rotated there",
      async (stage) => {
        await stage.share({ who: WITH_ADDRESS });
        const ticket = stage.ticket();
        await stage.redeem(ticket, BROWSER);
        return stage.arrive(ticket);
      },
      "superseded",
    ],
    ["has expired", (stage) => stage.arrive(stage.ticket({ expiresAt: stage.now })), "expired"],
    ["belongs to another client", (stage) => stage.arrive(stage.ticket({ clientId: VIEWER.id, step: 1 })), "foreign"],
    [
      "is of a connection that ended",
      async (stage) => {
        const ticket = stage.ticket();
        await stage.change({ kind: "end_connection", clientId: RS, resources: "keep" });
        return stage.arrive(ticket);
      },
      "closed",
    ],
  ])("is refused when it %s, and nothing is kept of it", (_, come, fault) =>
    onStage(async (stage) => {
      const reply = await come(stage);
      expect(reply).toMatchObject({ outcome: "invalid_ticket", fault });
      expect(spentIds(stage).length).toBeLessThanOrEqual(1);
    })(),
  );

  it(
    "of twenty browsers at once lets one in",
    onStage(async (stage) => {
      const ticket = stage.ticket();
      const browsers = Array.from({ length: 20 }, (_, index) =>
        stage.arrive(ticket, { attemptId: `browser-${index}` }),
      );
      const replies = await Promise.all([...browsers, stage.redeem(ticket)]);
      expect(replies.filter(({ outcome }) => outcome === "arrived")).toHaveLength(1);
      expect(replies.filter(({ outcome }) => outcome === "invalid_ticket")).toHaveLength(20);
    }),
  );

  it(
    "wakes no ledger that nobody opened",
    onClosedStage(async (stage) => {
      const ticket = stage.ticket();
      expect(await stage.arrive(ticket)).toEqual({ outcome: "invalid_ticket", fault: "closed" });
      expect(await stage.look(ticket, account("ana"))).toEqual({ outcome: "closed" });
      expect(await stage.complete(ticket, account("ana"))).toEqual({ outcome: "closed" });
      expect(await stage.ledger.cancel({ ticket, forgottenAt: stage.now })).toEqual({ outcome: "closed" });
      expect(stage.tables()).toEqual([]);
    }),
  );
});

describe("a look at a visit", () => {
  it.each<[string, Parameters<LedgerStage["share"]>[0], object]>([
    ["granted", { who: WITH_ADDRESS }, { answer: "granted", withinReach: [PHOTO.id] }],
    ["submitted", { terms: { approval: true } }, { answer: "submitted" }],
    ["denied", { who: { claim: "email", domain: "clinic.example" } }, { answer: "denied" }],
    [
      "need_info",
      { who: { claim: "age", at_least: 18 } },
      {
        answer: "need_info",
        needs: [{ kind: "claim", claim: "age", issuers: ["https://op.example"] }],
        agreements: [],
        withinReach: [],
      },
    ],
  ])("says what would come of it: %s, and records nothing", (_, document, expected) =>
    onStage(async (stage) => {
      await stage.share(document);
      const ticket = stage.ticket();
      await stage.arrive(ticket);
      expect(await stage.look(ticket, account("ana"))).toEqual({ outcome: "open", ...expected });
      for (const table of ["processes", "grants"]) expect(stage.rows(table)).toEqual([]);
      expect(stage.tables()).not.toContain("interactions");
    })(),
  );

  it(
    "shows the texts to agree to",
    onStage(async (stage) => {
      const policyId = await stage.share({ terms: { agreement: RULES } });
      expect(await texts(stage)).toEqual([{ policyId, ...RULES, textHash: expect.stringMatching(/^[\w-]{43}$/) }]);
    }),
  );

  it(
    "counts what the process gathered before, if it was the same person",
    onStage(async (stage) => {
      await stage.share({ who: { all: [WITH_ADDRESS, { claim: "age", at_least: 18 }] } });
      const first = stage.ticket();
      await stage.redeem(first, { pushed: pushed("roth", { age: 40 }) });
      const second = stage.next(first);
      const linked: readonly PartyStatement[] = [pushed("roth", {}).claims];
      expect(await stage.look(second, account("ana", linked))).toMatchObject({ answer: "granted" });
      expect(await stage.look(second, account("ana"))).toMatchObject({
        answer: "need_info",
        needs: [{ claim: "age" }],
      });
    }),
  );
});

describe("a visit that is completed", () => {
  it(
    "gives a ticket with which the client gets what the person is known for",
    onStage(async (stage) => {
      await stage.share({ who: WITH_ADDRESS });
      const ticket = stage.ticket();
      await stage.arrive(ticket);
      const next = stage.continued(ticket, await stage.complete(ticket, account("ana")));
      expect(await stage.redeem(next)).toMatchObject({
        outcome: "granted",
        rpt: { partyReference: "pairwise-account-ana" },
      });
      expect(stage.rows("processes")).toEqual([]);
    }),
  );

  it.each([
    ["would", { who: WITH_ADDRESS }, true],
    ["would, by what was agreed to just now", { who: WITH_ADDRESS, terms: { agreement: RULES } }, true],
    ["would not, as the owner has to decide", { who: WITH_ADDRESS, terms: { approval: true } }, false],
    ["would not, as nothing allows it", { who: { claim: "age", equals: "9" } }, false],
  ] as const)("tells whether the next ticket gives something: it %s", (_, policy, isGranted) =>
    onStage(async (stage) => {
      const policyId = await stage.share(policy as never);
      const ticket = stage.ticket();
      await stage.arrive(ticket);
      const [text] = "terms" in policy && "agreement" in policy.terms ? await texts(stage) : [];
      const agreements = text === undefined ? [] : [{ policyId, textHash: text.textHash }];
      expect(await stage.complete(ticket, account("ana"), { agreements })).toMatchObject({ isGranted });
    })(),
  );

  it(
    "gives its own person the same ticket again, and nobody else one",
    onStage(async (stage) => {
      await stage.share({ who: WITH_ADDRESS });
      const ticket = stage.ticket();
      await stage.arrive(ticket);
      const clicks = await Promise.all(Array.from({ length: 10 }, () => stage.complete(ticket, account("ana"))));
      stage.restart();
      const again = await stage.complete(ticket, account("ana"));
      const tickets = [...clicks, again].map((reply) => reply.outcome === "completed" && reply.next.id);
      expect(new Set(tickets).size).toBe(1);
      expect(clicks.filter((reply) => !("isRepeat" in reply))).toHaveLength(1);
      expect(again).toMatchObject({ outcome: "completed", isRepeat: true });
      expect(await stage.complete(ticket, account("mallory"))).toEqual({ outcome: "ended", how: "completed" });
      expect(await stage.look(ticket, account("ana"))).toEqual({ outcome: "ended", how: "completed" });
      expect(stage.rows("processes")).toMatchObject([{ party_reference: "pairwise-account-ana" }]);
    }),
  );

  it(
    "drops what somebody else was known by",
    onStage(async (stage) => {
      await stage.share({ who: { all: [WITH_ADDRESS, { claim: "age", at_least: 18 }] } });
      const first = stage.ticket();
      await stage.redeem(first, { pushed: pushed("bob", { age: 40 }) });
      const second = stage.next(first);
      await stage.arrive(second);
      const third = stage.continued(second, await stage.complete(second, account("ana")));
      expect(await stage.redeem(third)).toMatchObject({ outcome: "need_info", needs: [{ claim: "age" }] });
    }),
  );

  it(
    "hands out with the RPT what its person wants to be known by, and to nobody who takes their place",
    onStage(async (stage) => {
      await stage.share({ who: WITH_ADDRESS });
      const remembered = async () => {
        const ticket = stage.ticket();
        await stage.arrive(ticket);
        return stage.continued(ticket, await stage.complete(ticket, account("ana"), { sealedPct: "sealed" }));
      };
      expect(await stage.redeem(await remembered())).toMatchObject({ outcome: "granted", sealedPct: "sealed" });
      const other = await stage.redeem(await remembered(), { pushed: pushed("bob") });
      expect(other).toMatchObject({ outcome: "granted", rpt: { partyReference: "pairwise-bob" } });
      expect(other).not.toHaveProperty("sealedPct");
    }),
  );

  it(
    "keeps what its person wants to be known by over rounds, and loses it with somebody else's claims",
    onStage(async (stage) => {
      await stage.share({ who: { all: [WITH_ADDRESS, { claim: "age", at_least: 18 }] } });
      const linked = [pushed("roth", {}).claims];
      const begin = async () => {
        const ticket = stage.ticket();
        const second = stage.continued(
          ticket,
          await stage.complete(ticket, account("ana", linked), { sealedPct: "s" }),
        );
        await stage.redeem(second);
        return stage.next(second);
      };
      const own = await stage.redeem(await begin(), { pushed: pushed("roth", { age: 18 }) });
      expect(own).toMatchObject({ outcome: "granted", sealedPct: "s" });
      const third = await begin();
      await stage.redeem(third, { pushed: pushed("bob", { age: 18 }) });
      const reply = await stage.redeem(stage.next(third), { pushed: pushed("bob") });
      expect(reply).toMatchObject({ outcome: "granted" });
      expect(reply).not.toHaveProperty("sealedPct");
    }),
  );

  it(
    "of a ledger that an older release opened works as well",
    onStage(async (stage) => {
      stage.storage.sql.exec("ALTER TABLE processes DROP COLUMN sealed_pct");
      stage.restart();
      await stage.share({ who: WITH_ADDRESS });
      const ticket = stage.ticket();
      await stage.arrive(ticket);
      const next = stage.continued(ticket, await stage.complete(ticket, account("ana"), { sealedPct: "sealed" }));
      expect(await stage.redeem(next)).toMatchObject({ outcome: "granted", sealedPct: "sealed" });
    }),
  );

  it(
    "is not, when the keys that seal cannot be had, and can be tried again",
    onStage(async (stage) => {
      await stage.share({ who: WITH_ADDRESS });
      const ticket = stage.ticket();
      await stage.arrive(ticket);
      const seal = async () => {
        throw new Error("no keys");
      };
      stage.restart({ sealer: { ...stage.sealer, seal } });
      expect(await stage.complete(ticket, account("ana"))).toEqual({
        outcome: "unavailable",
        cause: "claims_unsealed",
      });
      stage.restart();
      expect(await stage.complete(ticket, account("ana"))).toMatchObject({ outcome: "completed" });
    }),
  );

  it(
    "is not once what it was about is no longer protected",
    onStage(async (stage) => {
      const ticket = stage.ticket();
      await stage.arrive(ticket);
      await stage.change({ kind: "end_connection", clientId: RS, resources: "keep" });
      expect(await stage.look(ticket, account("ana"))).toEqual({ outcome: "closed" });
      expect(await stage.complete(ticket, account("ana"))).toEqual({ outcome: "closed" });
    }),
  );

  it(
    "that fails half-way leaves nothing behind",
    onStage(async (stage) => {
      const policyId = await stage.share({ terms: { agreement: RULES } });
      const ticket = stage.ticket();
      const [text] = await texts(stage, ticket);
      stage.storage.sql.exec("CREATE TABLE interactions (ticket_id TEXT PRIMARY KEY)");
      await expect(
        stage.complete(ticket, account("ana"), { agreements: [{ policyId, textHash: text?.textHash ?? "" }] }),
      ).rejects.toThrow();
      stage.storage.sql.exec("DROP TABLE interactions");
      expect(stage.rows("processes")).toEqual([]);
      expect(stage.tables()).not.toContain("agreements");
    }),
  );
});

describe("a visit that is cancelled", () => {
  it(
    "ends the process with all that was gathered, however often it is cancelled",
    onStage(async (stage) => {
      await stage.share({ who: { all: [WITH_ADDRESS, { claim: "age", at_least: 18 }] } });
      const first = stage.ticket();
      await stage.redeem(first, { pushed: pushed("bob", { age: 40 }) });
      const ticket = stage.next(first);
      await stage.arrive(ticket);
      const forgottenAt = stage.now + 3_600;
      expect(await stage.ledger.cancel({ ticket, forgottenAt })).toEqual({ outcome: "cancelled" });
      expect(await stage.ledger.cancel({ ticket, forgottenAt })).toEqual({ outcome: "cancelled" });
      expect(stage.rows("processes")).toEqual([]);
      expect(await stage.complete(ticket, account("ana"))).toEqual({ outcome: "ended", how: "cancelled" });
      expect(await stage.look(ticket, account("ana"))).toEqual({ outcome: "ended", how: "cancelled" });
    }),
  );

  it(
    "after it was completed stays completed",
    onStage(async (stage) => {
      await stage.share({ who: WITH_ADDRESS });
      const ticket = stage.ticket();
      const replies = await Promise.all([
        stage.complete(ticket, account("ana")),
        stage.ledger.cancel({ ticket, forgottenAt: stage.now + 3_600 }),
      ]);
      const [ended] = stage.rows("interactions");
      const isCompleted = ended?.next_id !== null;
      expect(replies.map(({ outcome }) => outcome)).toEqual(
        isCompleted ? ["completed", "ended"] : ["ended", "cancelled"],
      );
      expect(stage.rows("processes")).toHaveLength(isCompleted ? 1 : 0);
    }),
  );

  it(
    "is forgotten when nobody can come back to it",
    onStage(async (stage) => {
      const ticket = stage.ticket();
      await stage.ledger.cancel({ ticket, forgottenAt: stage.now + 3_600 });
      stage.now += 3_599;
      await stage.ledger.alarm();
      expect(stage.rows("interactions")).toHaveLength(1);
      stage.now += 60;
      await stage.ledger.alarm();
      expect(stage.rows("interactions")).toEqual([]);
    }),
  );
});

describe("an agreement", () => {
  /** Somebody comes, agrees to whatever is shown, and goes. */
  async function agree(stage: LedgerStage, name: string) {
    const ticket = stage.ticket();
    const agreements = await texts(stage, ticket);
    return stage.redeem(stage.continued(ticket, await stage.complete(ticket, account(name), { agreements })));
  }

  it(
    "opens what it is asked for, now and next time, and only to who agreed",
    onStage(async (stage) => {
      await stage.share({ terms: { agreement: RULES } });
      expect(await agree(stage, "ana")).toMatchObject({ outcome: "granted" });
      stage.restart();
      const again = { ...BROWSER, remembered: account("ana") };
      expect(await stage.redeem(stage.ticket(), again)).toMatchObject({ outcome: "granted" });
      for (const stranger of [{ ...BROWSER, remembered: account("bob") }, BROWSER]) {
        expect(await stage.redeem(stage.ticket(), stranger)).toMatchObject({
          outcome: "need_info",
          needs: [{ kind: "agreement" }],
        });
      }
    }),
  );

  it(
    "is recorded by who, to what and when, and told to the owner",
    onStage(async (stage) => {
      const policyId = await stage.share({ terms: { agreement: RULES } });
      const [text] = await texts(stage);
      await agree(stage, "ana");
      const textHash = text?.textHash ?? "";
      expect(stage.rows("agreements")).toEqual([
        {
          policy_id: policyId,
          party_reference: "pairwise-account-ana",
          text_hash: textHash,
          version: 1,
          at: START,
        },
      ]);
      const entries = await stage.ledger.activity(stage.caller, null, 10);
      expect(entries).toContainEqual(
        expect.objectContaining({
          kind: "agreed",
          clientId: PRINTER.id,
          partyReference: "pairwise-account-ana",
          detail: { policyId, version: 1, textHash },
        }),
      );
    }),
  );

  it(
    "is asked for anew when its text changed, and stands when anything else did",
    onStage(async (stage) => {
      const policyId = await stage.share({ terms: { agreement: RULES } });
      await agree(stage, "ana");
      const change = (document: Parameters<typeof permit>[0]) =>
        stage.change({ kind: "put_policy", id: policyId, document: permit(document), expected: "any" });
      const again = async () =>
        (await stage.redeem(stage.ticket(), { ...BROWSER, remembered: account("ana") })).outcome;
      await change({ terms: { agreement: { ...RULES }, token_lifetime: 60 } });
      expect(await again()).toBe("granted");
      await change({ terms: { agreement: { ...RULES, text: "Nothing leaves." } } });
      expect(await again()).toBe("need_info");
      await change({ terms: { agreement: RULES } });
      expect(await again()).toBe("granted");
    }),
  );

  it(
    "to a text that changed while it was read is none",
    onStage(async (stage) => {
      const policyId = await stage.share({ terms: { agreement: RULES } });
      const ticket = stage.ticket();
      const agreements = await texts(stage, ticket);
      const agreement = { ...RULES, text: "Nothing leaves." };
      await stage.change({
        kind: "put_policy",
        id: policyId,
        document: permit({ terms: { agreement } }),
        expected: "any",
      });
      expect(await stage.complete(ticket, account("ana"), { agreements })).toEqual({ outcome: "changed" });
      expect(await stage.look(ticket, account("ana"))).toMatchObject({ agreements: [agreement] });
      expect(stage.tables()).not.toContain("interactions");
    }),
  );

  it(
    "goes with its policy, and comes back with no other of the same text",
    onStage(async (stage) => {
      const policyId = await stage.share({ terms: { agreement: RULES } });
      await agree(stage, "ana");
      await stage.change({ kind: "delete_policy", id: policyId, expected: "any" });
      expect(stage.rows("agreements")).toEqual([]);
      await stage.share({ terms: { agreement: RULES } });
      expect(await stage.redeem(stage.ticket(), { ...BROWSER, remembered: account("ana") })).toMatchObject({
        outcome: "need_info",
      });
    }),
  );

  it(
    "of a policy that is not asked about counts for nothing else",
    onStage(async (stage) => {
      await stage.share({ target: { resources: [PHOTO.id] }, terms: { agreement: RULES } });
      const album = { target: { resources: [ALBUM.id] }, terms: { agreement: { ...RULES, title: "Album rules" } } };
      await stage.share(album);
      const ticket = stage.ticket();
      const agreements = await texts(stage, ticket);
      const other = stage.ticket({ permissions: [asking(ALBUM.id, "view")] });
      expect(await stage.complete(other, account("ana"), { agreements })).toEqual({ outcome: "changed" });
      expect(stage.tables()).not.toContain("agreements");
    }),
  );
});
