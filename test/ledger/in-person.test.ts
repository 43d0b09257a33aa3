import { describe, expect, it } from "vitest";
import type { PartyStatement } from "../../src/protocol/claims.ts";
import { account, type LedgerStage, OURSELVES, onStage, PRINTER, pushed, START } from "../support/ledger-stage.ts";

const OP = "https://op.example";
const CLINIC = { issuer: "https://clinic.example", claims: ["role"], emailDomains: [], maxTokenAge: null };

/** Clients by what they are registered for. */
const BOTH = { client: { ...PRINTER, mayRedirect: true } };
const BROWSER_ONLY = { client: { ...PRINTER, mayPushClaims: false, mayRedirect: true } };
const SIGNS_IN = { client: { ...PRINTER, maySignIn: true } };
const NEITHER = { client: { ...PRINTER, mayPushClaims: false, mayRedirect: false } };

describe("what a client is asked for", () => {
  const email = { kind: "claim", claim: "email", issuers: [OP] };

  it(
    "is what it could push, what its user could do in a browser, or both",
    onStage(async (stage) => {
      await stage.share({ who: { claim: "email", exists: true } });
      const inPerson = [OURSELVES.issuer];
      expect(await stage.redeem()).toEqual({ outcome: "need_info", needs: [email] });
      expect(await stage.redeem(stage.ticket(), BOTH)).toEqual({
        outcome: "need_info",
        needs: [{ ...email, inPerson }],
      });
      expect(await stage.redeem(stage.ticket(), BROWSER_ONLY)).toEqual({
        outcome: "need_info",
        needs: [{ ...email, issuers: [], inPerson }],
      });
      expect(await stage.redeem(stage.ticket(), NEITHER)).toMatchObject({
        outcome: "denied",
        denial: { cause: "client_may_not_push" },
      });
    }),
  );

  it(
    "is a browser where a provider that people sign in with could tell",
    onStage(async (stage) => {
      stage.issuers = [];
      await stage.share({ who: { claim: "role", equals: "doctor" } });
      expect(await stage.redeem(stage.ticket(), BOTH)).toMatchObject({
        outcome: "denied",
        denial: { cause: "policies" },
      });
      stage.met = [OURSELVES, CLINIC];
      expect(await stage.redeem(stage.ticket(), BOTH)).toEqual({
        outcome: "need_info",
        needs: [{ kind: "claim", claim: "role", issuers: [], inPerson: [CLINIC.issuer] }],
      });
    }),
  );

  it(
    "is an ID Token of this server where it signs people in here, for all that they could bring in a browser",
    onStage(async (stage) => {
      stage.issuers = [];
      stage.met = [OURSELVES, CLINIC];
      await stage.share({ who: { all: [{ claim: "role", issuer: CLINIC.issuer, equals: "doctor" }] } });
      const role = { kind: "claim", claim: "role" };
      expect(await stage.redeem(stage.ticket(), SIGNS_IN)).toEqual({
        outcome: "need_info",
        needs: [{ ...role, issuers: [OURSELVES.issuer] }],
      });
    }),
  );

  it(
    "is no ID Token of this server where that would say nothing of it, or the client may push none",
    onStage(async (stage) => {
      stage.issuers = [];
      stage.met = [OURSELVES];
      await stage.share({ who: { claim: "role", equals: "doctor" } });
      expect(await stage.redeem(stage.ticket(), SIGNS_IN)).toMatchObject({ denial: { cause: "policies" } });
      await stage.share({ who: { claim: "email", exists: true } });
      expect(
        await stage.redeem(stage.ticket(), { client: { ...SIGNS_IN.client, mayPushClaims: false } }),
      ).toMatchObject({ denial: { cause: "client_may_not_push" } });
    }),
  );

  it(
    "is a browser where a text has to be agreed to, and a client without one is told what it lacks",
    onStage(async (stage) => {
      const id = await stage.share({ terms: { agreement: { title: "Rules", text: "Be kind." } } });
      const needs = [{ kind: "agreement", policyId: id }];
      expect(await stage.redeem(stage.ticket(), BOTH)).toEqual({ outcome: "need_info", needs });
      expect(await stage.redeem(stage.ticket(), BROWSER_ONLY)).toEqual({ outcome: "need_info", needs });
      expect(await stage.redeem()).toMatchObject({ outcome: "denied", denial: { cause: "client_may_not_redirect" } });
    }),
  );

  it(
    "tells nobody where an owner's friends have their accounts",
    onStage(async (stage) => {
      const group = await stage.group([{ issuer: CLINIC.issuer, subject: "roth" }]);
      await stage.share({ who: { group } });
      stage.met = [OURSELVES, CLINIC];
      expect(await stage.redeem(stage.ticket(), BROWSER_ONLY)).toEqual({
        outcome: "need_info",
        needs: [{ kind: "claim", claim: "sub", issuers: [], inPerson: [OURSELVES.issuer, CLINIC.issuer] }],
      });
      stage.met = [OURSELVES];
      expect(await stage.redeem(stage.ticket(), BROWSER_ONLY)).toMatchObject({ outcome: "denied" });
    }),
  );
});

describe("an account as a requesting party", () => {
  const doctor = (issuedAt = START): PartyStatement => ({
    issuer: CLINIC.issuer,
    subject: "roth",
    claims: { role: "doctor" },
    authenticatedAt: null,
    issuedAt,
  });
  const ADULT_DOCTOR = {
    all: [
      { claim: "role", equals: "doctor", issuer: CLINIC.issuer },
      { claim: "email", exists: true, issuer: OURSELVES.issuer },
      { claim: "age", at_least: 18, issuer: OP },
    ],
  } as const;

  async function firstRound(stage: LedgerStage) {
    stage.met = [OURSELVES, CLINIC];
    await stage.share({ who: ADULT_DOCTOR });
    const first = stage.ticket();
    const linked = [doctor(), pushed("roth", {}).claims];
    await stage.redeem(first, { ...BOTH, pushed: account("ana", linked) });
    return stage.next(first);
  }

  it(
    "is joined by what a client pushes of an identity that it has linked",
    onStage(async (stage) => {
      const second = await firstRound(stage);
      expect(await stage.redeem(second, { ...BOTH, pushed: pushed("roth", { age: 40 }) })).toMatchObject({
        outcome: "granted",
        rpt: { partyReference: "pairwise-account-ana" },
      });
    }),
  );

  it(
    "is dropped for whoever else a client pushes",
    onStage(async (stage) => {
      const second = await firstRound(stage);
      const reply = await stage.redeem(second, { ...BOTH, pushed: pushed("mallory", { age: 40 }) });
      expect(reply).toMatchObject({ outcome: "need_info", needs: [{ claim: "role" }, { claim: "email" }] });
      expect(stage.rows("processes")).toMatchObject([{ party_reference: "pairwise-mallory" }]);
    }),
  );

  it.each<[string, (stage: LedgerStage) => void]>([
    [
      "a provider that is not trusted any more",
      (stage) => {
        stage.met = [OURSELVES];
      },
    ],
    [
      "a provider that may not speak for it any more",
      (stage) => {
        stage.met = [OURSELVES, { ...CLINIC, claims: [] }];
      },
    ],
    [
      "a provider whose word does not count at its age",
      (stage) => {
        stage.met = [OURSELVES, { ...CLINIC, maxTokenAge: 60 }];
        stage.now += 60;
      },
    ],
  ])("keeps its own word and loses that of %s", (_, happen) =>
    onStage(async (stage) => {
      stage.met = [OURSELVES, CLINIC];
      const role = { claim: "role", equals: "doctor" } as const;
      await stage.share({ who: { all: [role, { claim: "email", exists: true }, { claim: "age", exists: true }] } });
      const first = stage.ticket();
      await stage.redeem(first, { ...BOTH, pushed: account("ana", [doctor()]) });
      happen(stage);
      // Somebody could still tell, so that it is asked for and not given up.
      stage.restart({ trustedIssuers: { ...stage.words, findLeased: async () => null } });
      const reply = await stage.redeem(stage.next(first), BOTH);
      expect(reply).toMatchObject({ outcome: "need_info", needs: [{ claim: "role" }, { claim: "age" }] });
    })(),
  );

  it(
    "behind a PCT counts as long as nobody else is heard of",
    onStage(async (stage) => {
      await stage.share({ who: { claim: "email", equals: "ana@home.example" } });
      const remembered = account("ana");
      expect(await stage.redeem(stage.ticket(), { remembered })).toMatchObject({
        outcome: "granted",
        rpt: { partyReference: "pairwise-account-ana" },
      });
      expect(await stage.redeem(stage.ticket(), { remembered, pushed: pushed("mallory") })).toMatchObject({
        outcome: "denied",
      });
    }),
  );

  it(
    "behind a PCT is joined by a claim token of an identity that it has linked, and the freshest wins",
    onStage(async (stage) => {
      await stage.share({
        who: {
          all: [
            { claim: "age", at_least: 18 },
            { claim: "email", domain: "home.example" },
          ],
        },
      });
      const remembered = account("ana", [{ ...pushed("roth", { age: 17 }).claims, issuedAt: START - 100 }]);
      expect(await stage.redeem(stage.ticket(), { remembered, pushed: pushed("roth", { age: 18 }) })).toMatchObject({
        outcome: "granted",
        rpt: { partyReference: "pairwise-account-ana" },
      });
      expect(await stage.redeem(stage.ticket(), { remembered })).toMatchObject({ outcome: "denied" });
    }),
  );
});
