import { describe, expect, it } from "vitest";
import { requiredClaims } from "../../src/policy/evaluation/required-claims.ts";
import { ALBUM, asking, onStage, PHOTO, PRINTER, pushed, VIEWER } from "../support/ledger-stage.ts";

const MUTE = { ...PRINTER, mayPushClaims: false };
const BOTH = [asking(PHOTO.id, "view"), asking(ALBUM.id, "view")];
const AGREEMENT = { agreement: { title: "Rules", text: "Be kind." } };

describe("what is asked for", () => {
  it(
    "is bounded, however much the policies would like to know",
    onStage(async (stage) => {
      const issuers = (policy: number) =>
        Array.from({ length: 20 }, (_, index) => `https://issuer-${index}.example/${"x".repeat(600)}/${policy}`);
      for (let policy = 0; policy < 10; policy += 1) {
        const any = [0, 1, 2, 3].map((test) => ({
          claim: `claim-${policy}-${test}`,
          exists: true as const,
          ...(test === 0 ? { issuer: issuers(policy) } : {}),
        }));
        await stage.share({ who: { any } });
      }
      const reply = await stage.redeem();
      if (reply.outcome !== "need_info") throw new Error(`expected need_info, got ${reply.outcome}`);
      expect(reply.needs.length).toBeGreaterThan(5);
      expect(reply.needs.length).toBeLessThanOrEqual(20);
      const asked = requiredClaims(reply.needs);
      expect(Math.max(...asked.map(({ issuer }) => issuer?.length ?? 0))).toBe(10);
      expect(JSON.stringify(asked).length).toBeLessThan(25_000);
    }),
  );

  it(
    "names no issuer of a group's members",
    onStage(async (stage) => {
      const group = await stage.group([{ issuer: "https://clinic.example", subject: "bob" }]);
      await stage.share({ who: { group } });
      const sub = { kind: "claim", claim: "sub", issuers: null };
      expect(await stage.redeem()).toEqual({ outcome: "need_info", needs: [sub] });
    }),
  );
});

describe("needs that a client cannot meet count as no:", () => {
  it(
    "the rest is granted where it may not push claims",
    onStage(async (stage) => {
      await stage.share({ target: { resources: [PHOTO.id] }, who: { claim: "email", exists: true } });
      await stage.share({ target: { resources: [ALBUM.id] } });
      const rpt = { permissions: [{ resource_id: ALBUM.id, resource_scopes: ["view"] }] };
      expect(await stage.redeem(stage.ticket({ permissions: BOTH }), { client: MUTE })).toMatchObject({
        outcome: "granted",
        rpt,
      });
      expect(await stage.redeem(stage.ticket({ permissions: BOTH }))).toMatchObject({ outcome: "need_info" });
      expect(await stage.redeem(stage.ticket(), { client: MUTE })).toEqual({ outcome: "denied" });
    }),
  );

  it(
    "and where an agreement is asked for, which no claim can be, as soon as nothing else is open",
    onStage(async (stage) => {
      await stage.share({ target: { resources: [PHOTO.id] }, who: { claim: "email", exists: true }, terms: AGREEMENT });
      await stage.share({ target: { resources: [ALBUM.id] } });
      const first = stage.ticket({ permissions: BOTH });
      const bob = { client: VIEWER, pushed: pushed("bob") };
      expect(await stage.redeem(first, { client: VIEWER })).toMatchObject({ outcome: "need_info" });
      expect(await stage.redeem(stage.next(first, VIEWER.id), bob)).toMatchObject({
        outcome: "granted",
        rpt: { permissions: [{ resource_id: ALBUM.id }] },
      });
      expect(await stage.redeem(stage.ticket(), bob)).toEqual({ outcome: "denied" });
    }),
  );

  it(
    "but where partial grants are refused, all is refused",
    onStage(async (stage) => {
      stage.settings = { ...stage.settings, partialGrants: false };
      stage.restart();
      await stage.share({ target: { resources: [PHOTO.id] }, who: { claim: "email", exists: true } });
      await stage.share({ target: { resources: [ALBUM.id] } });
      const ticket = stage.ticket({ permissions: BOTH });
      expect(await stage.redeem(ticket, { client: MUTE })).toEqual({ outcome: "denied" });
    }),
  );
});
