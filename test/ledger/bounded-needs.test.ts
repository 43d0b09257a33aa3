import { describe, expect, it } from "vitest";
import { requiredClaims } from "../../src/policy/evaluation/required-claims.ts";
import type { Condition } from "../../src/policy/language/policy.ts";
import { ALBUM, asking, onStage, PHOTO, PRINTER, pushed, trustedIssuer, VIEWER } from "../support/ledger-stage.ts";

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
      stage.issuers = Array.from({ length: 10 }, (_, policy) => issuers(policy)).flat();
      const reply = await stage.redeem();
      if (reply.outcome !== "need_info") throw new Error(`expected need_info, got ${reply.outcome}`);
      expect(reply.needs.length).toBeGreaterThan(1);
      expect(reply.needs.length).toBeLessThanOrEqual(20);
      const asked = requiredClaims(reply.needs);
      expect(Math.max(...asked.map(({ issuer }) => issuer?.length ?? 0))).toBe(10);
      expect(JSON.stringify(asked).length).toBeLessThan(25_000);
    }),
  );

  it(
    "tells nobody where the members of a group have their accounts, and asks nobody if they have none that counts",
    onStage(async (stage) => {
      const group = await stage.group([{ issuer: "https://clinic.example", subject: "bob" }]);
      await stage.share({ who: { group } });
      stage.issuers = ["https://bank.example", "https://clinic.example"];
      const sub = { kind: "claim", claim: "sub", issuers: stage.issuers };
      expect(await stage.redeem()).toEqual({ outcome: "need_info", needs: [sub] });
      stage.issuers = ["https://bank.example"];
      expect(await stage.redeem()).toMatchObject({ outcome: "denied", denial: { cause: "policies" } });
    }),
  );

  it(
    "names those who are trusted for it, and no others",
    onStage(async (stage) => {
      stage.issuers = ["https://bank.example", "https://clinic.example"];
      stage.trusted = (issuer) => ({
        ...trustedIssuer(issuer),
        claims: issuer.includes("bank") ? ["age"] : ["role", "email"],
      });
      const asked = async (who: Condition) => {
        const policy = await stage.share({ who });
        const reply = await stage.redeem();
        await stage.change({ kind: "delete_policy", id: policy, expected: "any" });
        return reply.outcome === "need_info"
          ? requiredClaims(reply.needs).map(({ name, issuer }) => [name, issuer])
          : reply.outcome;
      };
      expect(await asked({ claim: "role", exists: true })).toEqual([["role", ["https://clinic.example"]]]);
      const either = ["https://bank.example", "https://stranger.example"];
      expect(await asked({ claim: "age", exists: true, issuer: either })).toEqual([["age", ["https://bank.example"]]]);
      expect(await asked({ claim: "shoe_size", exists: true })).toBe("denied");
      expect(await asked({ claim: "role", exists: true, issuer: "https://bank.example" })).toBe("denied");
      const role: Condition = { claim: "role", exists: true };
      expect(await asked({ any: [{ claim: "shoe_size", exists: true }, role] })).toEqual([
        ["role", ["https://clinic.example"]],
      ]);
      expect(await asked({ all: [{ claim: "shoe_size", exists: true }, role] })).toBe("denied");
    }),
  );

  it(
    "is nothing that a deny would have to hear from nobody: then the answer is no",
    onStage(async (stage) => {
      await stage.share();
      await stage.share({ effect: "deny", who: { claim: "shoe_size", at_least: 50 } });
      stage.trusted = (issuer) => ({ ...trustedIssuer(issuer), claims: ["role"] });
      expect(await stage.redeem()).toMatchObject({ outcome: "denied" });
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
      expect(await stage.redeem(stage.ticket(), { client: MUTE })).toMatchObject({ outcome: "denied" });
    }),
  );

  it(
    "and where an agreement is asked for, which no claim can be, of a client that can send nobody here",
    onStage(async (stage) => {
      await stage.share({ target: { resources: [PHOTO.id] }, who: { claim: "email", exists: true }, terms: AGREEMENT });
      await stage.share({ target: { resources: [ALBUM.id] } });
      const album = { outcome: "granted", rpt: { permissions: [{ resource_id: ALBUM.id }] } };
      const asking = () => stage.ticket({ permissions: BOTH });
      const bob = { client: VIEWER, pushed: pushed("bob") };
      expect(await stage.redeem(asking(), { client: VIEWER })).toMatchObject(album);
      expect(await stage.redeem(asking(), bob)).toMatchObject(album);
      expect(await stage.redeem(stage.ticket(), bob)).toMatchObject({ outcome: "denied" });
      const browser = { client: { ...VIEWER, mayRedirect: true } };
      expect(await stage.redeem(asking(), browser)).toMatchObject({
        outcome: "need_info",
        needs: [{ claim: "email" }, { kind: "agreement" }],
      });
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
      expect(await stage.redeem(ticket, { client: MUTE })).toMatchObject({ outcome: "denied" });
    }),
  );
});
