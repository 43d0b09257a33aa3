import { describe, expect, it } from "vitest";
import {
  ALBUM,
  asking,
  type LedgerStage,
  onStage,
  PHOTO,
  PRINTER,
  plainSealer,
  pushed,
  trustedIssuer,
  VIEWER,
} from "../support/ledger-stage.ts";

const ADULT_WITH_ADDRESS = {
  all: [
    { claim: "email", exists: true },
    { claim: "age", at_least: 18 },
  ],
} as const;

function spentRows(stage: LedgerStage) {
  return stage
    .tables()
    .filter((name) => name.startsWith("spent_"))
    .flatMap((name) => stage.rows(name));
}

describe("claims", () => {
  it(
    "are asked for by name",
    onStage(async (stage) => {
      await stage.share({ who: ADULT_WITH_ADDRESS });
      const needs = ["email", "age"].map((claim) => ({ kind: "claim", claim, issuers: ["https://op.example"] }));
      expect(await stage.redeem()).toEqual({ outcome: "need_info", needs });
    }),
  );

  it(
    "of one party add up from round to round, over a restart",
    onStage(async (stage) => {
      await stage.share({ who: ADULT_WITH_ADDRESS });
      const first = stage.ticket();
      const age = [{ kind: "claim", claim: "age", issuers: ["https://op.example"] }];
      expect(await stage.redeem(first, { pushed: pushed("bob") })).toEqual({ outcome: "need_info", needs: age });
      const second = stage.next(first);
      expect(await stage.redeem(second)).toEqual({ outcome: "need_info", needs: age });
      stage.restart();
      const third = stage.next(second);
      expect(await stage.redeem(third, { pushed: pushed("bob", { age: 18 }) })).toMatchObject({
        outcome: "granted",
        rpt: { grantId: first.processId, partyReference: "pairwise-bob" },
      });
      expect(stage.rows("processes")).toEqual([]);
    }),
  );

  it(
    "that were kept in another form are asked for again",
    onStage(async (stage) => {
      await stage.share({ who: ADULT_WITH_ADDRESS });
      const first = stage.ticket();
      await stage.redeem(first, { pushed: pushed("bob") });
      const claims = { email: "bob@example.com" };
      const undated = { issuer: "https://idp.example", subject: "bob", claims, issuedAt: stage.now };
      stage.restart({ sealer: { ...plainSealer, open: async () => undated } });
      const needs = ["email", "age"].map((claim) => ({ kind: "claim", claim, issuers: ["https://op.example"] }));
      expect(await stage.redeem(stage.next(first))).toEqual({ outcome: "need_info", needs });
    }),
  );

  it(
    "of two parties are never added up (Grant §3.3.4)",
    onStage(async (stage) => {
      await stage.share({ who: ADULT_WITH_ADDRESS });
      const first = stage.ticket();
      await stage.redeem(first, { pushed: pushed("bob", { age: 18 }) });
      const carol = { pushed: pushed("carol") };
      expect(await stage.redeem(stage.next(first), carol)).toMatchObject({
        outcome: "need_info",
        needs: [{ claim: "age" }],
      });
      expect(stage.rows("processes")).toMatchObject([{ party_reference: "pairwise-carol" }]);
    }),
  );

  it(
    "wait as long as their process goes on",
    onStage(async (stage) => {
      await stage.share({ who: { claim: "email", exists: true }, terms: { approval: true } });
      let ticket = stage.ticket();
      expect(await stage.redeem(ticket, { pushed: pushed("bob") })).toMatchObject({ outcome: "submitted" });
      for (let day = 0; day < 3; day += 1) {
        stage.now += 80_000;
        await stage.ledger.alarm();
        ticket = stage.next(ticket);
        expect(await stage.redeem(ticket)).toMatchObject({ outcome: "submitted" });
      }
    }),
  );

  it.each<[string, (stage: LedgerStage) => void]>([
    [
      "after a week, however long the process goes on",
      (stage) => {
        stage.now += 7 * 86_400;
      },
    ],
    [
      "once their issuer is not trusted any more",
      (stage) => {
        const [first = ""] = stage.issuers;
        // Somebody else could still say it.
        stage.issuers = ["https://another.example"];
        stage.trusted = (issuer) => (issuer === first ? null : trustedIssuer(issuer));
      },
    ],
    [
      "at an age that their issuer does not allow",
      (stage) => {
        stage.now += 61;
        stage.trusted = (issuer) => ({ ...trustedIssuer(issuer), maxTokenAge: 60 });
      },
    ],
  ])("count no more %s", (_case, pass) =>
    onStage(async (stage) => {
      await stage.share({ who: { claim: "email", exists: true }, terms: { approval: true } });
      const first = stage.ticket();
      expect(await stage.redeem(first, { pushed: pushed("bob") })).toMatchObject({ outcome: "submitted" });
      pass(stage);
      expect(await stage.redeem(stage.next(first))).toMatchObject({ outcome: "need_info" });
    })(),
  );

  it(
    "grow old also where fresh tokens that are silent about them join them",
    onStage(async (stage) => {
      stage.trusted = (issuer) => ({ ...trustedIssuer(issuer), maxTokenAge: 60 });
      await stage.share({ who: ADULT_WITH_ADDRESS, terms: { approval: true } });
      let ticket = stage.ticket();
      expect(await stage.redeem(ticket, { pushed: pushed("bob", { age: 18 }) })).toMatchObject({
        outcome: "need_info",
      });
      for (const outcome of ["submitted", "need_info"]) {
        stage.now += 40;
        ticket = stage.next(ticket);
        const token = pushed("bob");
        const fresh = { ...token, claims: { ...token.claims, issuedAt: stage.now } };
        expect(await stage.redeem(ticket, { pushed: fresh })).toMatchObject({ outcome });
      }
    }),
  );

  it(
    "are not kept once the process is denied",
    onStage(async (stage) => {
      await stage.share({ who: ADULT_WITH_ADDRESS });
      const ticket = stage.ticket();
      await stage.redeem(ticket, { pushed: pushed("bob") });
      expect(await stage.redeem(stage.next(ticket), { pushed: pushed("bob", { age: 17 }) })).toMatchObject({
        outcome: "denied",
      });
      expect(stage.rows("processes")).toEqual([]);
    }),
  );
});

describe("rule 9: strangers count, they do not append", () => {
  it(
    "a round that gathered nothing leaves one row, and no log",
    onStage(async (stage) => {
      await stage.share({ who: ADULT_WITH_ADDRESS });
      const log = await stage.ledger.activity(stage.caller, null, 100);
      await stage.redeem();
      expect(spentRows(stage)).toHaveLength(1);
      for (const table of ["processes", "grants", "uses"]) expect(stage.rows(table)).toEqual([]);
      expect(await stage.ledger.activity(stage.caller, null, 100)).toEqual(log);
    }),
  );

  it(
    "refusals of nobody known are one entry, which counts them",
    onStage(async (stage) => {
      for (let times = 0; times < 3; times += 1) {
        const anonymousReference = `nobody-${times}`;
        expect(await stage.redeem(stage.ticket(), { anonymousReference })).toMatchObject({ outcome: "denied" });
      }
      expect(spentRows(stage)).toHaveLength(3);
      const [entry, ...others] = (await stage.ledger.activity(stage.caller, null, 100)) ?? [];
      expect(others.map(({ kind }) => kind)).toEqual(["changed"]);
      const refused = [{ resourceId: PHOTO.id, scope: "view", policyId: null, outcome: "no", reasons: [] }];
      const detail = { cause: "policies", refused };
      expect(entry).toMatchObject({ kind: "denied", clientId: PRINTER.id, partyReference: null, count: 3, detail });
    }),
  );

  it(
    "claim tokens that do not count are told to the owner, the like of a client as one entry",
    onStage(async (stage) => {
      await stage.share();
      for (const fault of ["aud", "exp", "aud"] as const) {
        expect(await stage.redeem(stage.ticket(), { claimTokenFault: fault })).toMatchObject({ outcome: "granted" });
      }
      const entries = (await stage.ledger.activity(stage.caller, null, 100)) ?? [];
      const refused = entries.filter(({ kind }) => kind === "claim_token_refused");
      expect(refused.map(({ detail, count, partyReference }) => [detail, count, partyReference])).toEqual([
        [{ fault: "aud" }, 2, null],
        [{ fault: "exp" }, 1, null],
      ]);
    }),
  );

  it(
    "a client that may bring nobody's word is told apart from one whom the owner refuses",
    onStage(async (stage) => {
      const policy = await stage.share({ who: { claim: "email", exists: true } });
      const mute = { client: { ...PRINTER, mayPushClaims: false } };
      const cause = async () => (await stage.redeem(stage.ticket(), mute)) as { denial?: { cause: string } };
      expect((await cause()).denial?.cause).toBe("client_may_not_push");
      const { issuers } = stage;
      stage.issuers = [];
      stage.met = [];
      expect((await cause()).denial?.cause).toBe("policies");
      stage.issuers = issuers;
      expect((await cause()).denial?.cause).toBe("client_may_not_push");
      await stage.share({ effect: "deny" });
      expect((await cause()).denial?.cause).toBe("policies");
      await stage.change({ kind: "delete_policy", id: policy, expected: "any" });
      expect((await cause()).denial?.cause).toBe("policies");
    }),
  );

  it(
    "a client that is refused too often waits, others do not, and its tickets stay good",
    onStage(async (stage) => {
      await refuse(stage, {});
      stage.now += 20;
      const ticket = stage.ticket();
      expect(await stage.redeem(ticket)).toEqual({ outcome: "too_many", retryAfter: 40 });
      await stage.share();
      expect(await stage.redeem(stage.ticket(), { client: VIEWER })).toMatchObject({ outcome: "granted" });
      stage.now += 40;
      expect(await stage.redeem(ticket)).toMatchObject({ outcome: "granted" });
    }),
  );
});

describe("rule 9: a budget of refusals locks nobody out", () => {
  const TOO_MANY = { outcome: "too_many" };
  const APP = { ...PRINTER, id: "app", authenticated: false };
  /** The edge gives all Workers of other zones one address. */
  const whereabouts = { country: null, address: "2a06:98c0:3600::103" };
  const STRANGER = { client: APP, whereabouts, source: "worker:stranger.example" };
  const HONEST = { client: APP, whereabouts, source: "worker:honest.example" };

  it(
    "of the users of a public client, whose name anybody may give: only where the refusals come from",
    onStage(async (stage) => {
      await refuse(stage, STRANGER);
      expect(await stage.redeem(stage.ticket(), STRANGER)).toMatchObject(TOO_MANY);
      expect(await stage.redeem(stage.ticket(), { ...STRANGER, client: { ...APP, id: "app2" } })).toMatchObject(
        TOO_MANY,
      );
      expect(await stage.redeem(stage.ticket(), HONEST)).toMatchObject({ outcome: "denied" });
    }),
  );

  it(
    "of other clients that nobody registered: who proves to be many of them answers by where the refusals come from",
    onStage(async (stage) => {
      const described = (name: string) => ({ ...PRINTER, id: `https://many.example/${name}.json` });
      await refuse(stage, { ...STRANGER, client: described("one") });
      expect(await stage.redeem(stage.ticket(), { ...STRANGER, client: described("two") })).toMatchObject(TOO_MANY);
      expect(await stage.redeem(stage.ticket(), { ...HONEST, client: described("one") })).toMatchObject({
        outcome: "denied",
      });
    }),
  );

  it(
    "of those who bring a proof, wherever they come from, now or in the round before",
    onStage(async (stage) => {
      await stage.share({ target: { resources: [PHOTO.id] }, who: ADULT_WITH_ADDRESS });
      const first = stage.ticket();
      expect(await stage.redeem(first, { ...STRANGER, pushed: pushed("bob") })).toMatchObject({ outcome: "need_info" });
      await refuse(stage, STRANGER);
      expect(await stage.redeem(stage.ticket(), STRANGER)).toMatchObject(TOO_MANY);
      const second = stage.next(first, APP.id);
      expect(await stage.redeem(second, STRANGER)).toMatchObject({ outcome: "need_info" });
      const whole = { email: "carol@example.com", age: 18 };
      expect(await stage.redeem(stage.ticket(), { ...STRANGER, pushed: pushed("carol", whole) })).toMatchObject({
        outcome: "granted",
      });
    }),
  );

  it(
    "by first rounds, which merely ask what is needed; repeating the question is another thing",
    onStage(async (stage) => {
      await stage.share({ who: ADULT_WITH_ADDRESS });
      let ticket = stage.ticket();
      for (let count = 0; count <= 600; count += 1) {
        ticket = stage.ticket();
        expect(await stage.redeem(ticket)).toMatchObject({ outcome: "need_info" });
      }
      for (let count = 0; count < 600; count += 1) {
        ticket = stage.next(ticket);
        await stage.redeem(ticket);
      }
      expect(await stage.redeem(stage.next(ticket))).toMatchObject(TOO_MANY);
    }),
  );
});

/** As many refusals as one source has in a minute. */
async function refuse(stage: LedgerStage, changes: Parameters<LedgerStage["redeem"]>[1]): Promise<void> {
  for (let count = 0; count < 600; count += 1) {
    await stage.redeem(stage.ticket({ permissions: [asking("unknown", "view")] }), changes);
  }
}

describe("uses", () => {
  it(
    "are counted, by process and not by attempt, and never refreshed",
    onStage(async (stage) => {
      await stage.share({ terms: { uses: 2 } });
      const request = stage.request(stage.ticket());
      const first = await stage.ledger.redeem(request);
      expect(first).toMatchObject({ outcome: "granted", rpt: { refreshGeneration: null } });
      await stage.ledger.redeem(request);
      const others = await Promise.all([stage.redeem(), stage.redeem(), stage.redeem()]);
      expect(others.map(({ outcome }) => outcome).sort()).toEqual(["denied", "denied", "granted"]);
    }),
  );

  it(
    "are kept when the policy is put again, and forgotten with it",
    onStage(async (stage) => {
      const id = await stage.share({ terms: { uses: 1 } });
      await stage.grant();
      expect(stage.rows("uses")).toEqual([{ policy_id: id, used: 1 }]);
      await stage.change({ kind: "delete_policy", id, expected: "any" });
      expect(stage.rows("uses")).toEqual([]);
    }),
  );

  it(
    "are not used up where another policy gives the same for nothing",
    onStage(async (stage) => {
      await stage.share({ terms: { uses: 1 } });
      await stage.share({ target: { resources: [PHOTO.id] } });
      await stage.grant();
      expect(stage.rows("uses")).toEqual([]);
    }),
  );
});

describe("partial grants", () => {
  const both = [asking(PHOTO.id, "view"), asking(ALBUM.id, "view")];

  it(
    "are given where the operator allows them",
    onStage(async (stage) => {
      await stage.share({ target: { resources: [PHOTO.id] } });
      const rpt = { permissions: [{ resource_id: PHOTO.id, resource_scopes: ["view"] }] };
      expect(await stage.redeem(stage.ticket({ permissions: both }))).toMatchObject({ outcome: "granted", rpt });
    }),
  );

  it(
    "are refused where not, without asking for claims that could not help",
    onStage(async (stage) => {
      stage.settings = { ...stage.settings, partialGrants: false };
      stage.restart();
      await stage.share({ target: { resources: [PHOTO.id] }, who: { claim: "email", exists: true } });
      expect(await stage.redeem(stage.ticket({ permissions: both }))).toMatchObject({ outcome: "denied" });
      const gone = [asking(PHOTO.id, "view"), asking("gone", "view")];
      expect(await stage.redeem(stage.ticket({ permissions: gone }), { pushed: pushed("bob") })).toMatchObject({
        outcome: "denied",
        denial: { cause: "resource_gone" },
      });
    }),
  );
});

describe("the log of a refusal", () => {
  it(
    "tells the owner which policy said what, and names the party by reference only",
    onStage(async (stage) => {
      const policyId = await stage.share({ who: { claim: "age", at_least: 18 } });
      await stage.redeem(stage.ticket(), { pushed: pushed("bob", { age: 17 }) });
      const [entry] = (await stage.ledger.activity(stage.caller, null, 1)) ?? [];
      expect(entry).toMatchObject({
        kind: "denied",
        clientId: PRINTER.id,
        partyReference: "pairwise-bob",
        detail: { refused: [{ resourceId: PHOTO.id, scope: "view", policyId, outcome: "no" }] },
      });
      expect(JSON.stringify(entry)).not.toMatch(/17|op\.example/);
    }),
  );
});
