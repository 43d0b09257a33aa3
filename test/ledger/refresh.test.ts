import { describe, expect, it } from "vitest";
import { GRANT_LIFETIME_SECONDS, REFRESH_IDLE_SECONDS } from "../../src/protocol/lifetimes.ts";
import { ALBUM, asking, onStage, PHOTO, PRINTER, permit, pushed, START, VIEWER } from "../support/ledger-stage.ts";

const ENDED = { outcome: "invalid" };
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
      const request = { attemptId: "a", clientId: VIEWER.id, grantId, generation: 9, rotate: true, scopes: null };
      expect(await stage.ledger.refresh(request)).toEqual({ outcome: "invalid" });
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
      expect(await stage.refresh(grantId, 1, { rotate: true })).toEqual({ outcome: "invalid" });
      expect(await stage.refresh(grantId, 2, { rotate: true })).toEqual(ENDED);
      expect(await stage.held(grantId)).toEqual([]);
      const [last] = (await stage.ledger.activity(stage.caller, null, 1)) ?? [];
      expect(last).toMatchObject({ kind: "refresh_reused", clientId: PRINTER.id });
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
