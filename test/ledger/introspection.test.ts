import { describe, expect, it } from "vitest";
import { ALBUM, asking, onStage, PHOTO, PRINTER, pushed, RS } from "../support/ledger-stage.ts";

const INACTIVE = { outcome: "inactive" };

describe("introspection", () => {
  it(
    "tells what a grant holds, to the resource server that it is for",
    onStage(async (stage) => {
      await stage.share();
      const grantId = await stage.grant({ pushed: pushed("bob") });
      expect(await stage.introspect(grantId)).toEqual({
        outcome: "active",
        partyReference: "pairwise-bob",
        permissions: [{ resource_id: PHOTO.id, resource_scopes: ["view"] }],
      });
      await stage.change({ kind: "put_connection", clientId: "rs2", scopes: [] });
      const other = { ...stage.caller, clientId: "rs2", generation: stage.record.epoch ?? 0 };
      expect(await stage.introspect(grantId, stage.now + 300, other)).toEqual(INACTIVE);
    }),
  );

  it(
    "says no more of what nobody granted, what was revoked, and what its token outlived",
    onStage(async (stage) => {
      await stage.share();
      const grantId = await stage.grant();
      expect(await stage.introspect("unknown")).toEqual(INACTIVE);
      expect(await stage.introspect(grantId, stage.now)).toEqual(INACTIVE);
      await stage.ledger.revoke("other", grantId);
      expect(await stage.held(grantId)).toEqual(["photo:view"]);
      await stage.ledger.revoke(PRINTER.id, grantId);
      expect(await stage.introspect(grantId)).toEqual(INACTIVE);
    }),
  );

  it(
    "needs a token made under the connection as it stands now",
    onStage(async (stage) => {
      await stage.share();
      const grantId = await stage.grant();
      const before = stage.caller;
      await stage.change({ kind: "put_connection", clientId: RS, scopes: [] });
      expect(await stage.introspect(grantId, stage.now + 300, before)).toEqual({ outcome: "not_connected" });
      expect(await stage.held(grantId)).toEqual(["photo:view"]);
    }),
  );

  it(
    "states the end of what ends before the token, and leaves out what has ended",
    onStage(async (stage) => {
      const soon = stage.now + 60;
      const when = { expires: new Date(soon * 1_000).toISOString() };
      await stage.share({ target: { resources: [PHOTO.id] }, when });
      await stage.share({ target: { resources: [ALBUM.id] } });
      const permissions = [asking(PHOTO.id, "view"), asking(ALBUM.id, "view")];
      const grantId = await stage.grant({}, stage.ticket({ permissions }));
      const photo = { resource_id: PHOTO.id, resource_scopes: ["view"], exp: soon };
      const album = { resource_id: ALBUM.id, resource_scopes: ["view"] };
      expect(await stage.introspect(grantId)).toMatchObject({ permissions: [photo, album] });
      stage.now = soon;
      expect(await stage.introspect(grantId)).toMatchObject({ permissions: [album] });
    }),
  );

  it(
    "keeps a permission without scopes apart from one of all scopes",
    onStage(async (stage) => {
      await stage.share();
      const grantId = await stage.grant({}, stage.ticket({ permissions: [asking(PHOTO.id)] }));
      const none = { resource_id: PHOTO.id, resource_scopes: [] };
      expect(await stage.introspect(grantId)).toMatchObject({ outcome: "active", permissions: [none] });
    }),
  );

  it(
    "asks nobody but the ledger",
    onStage(async (stage) => {
      const id = await stage.share();
      const grantId = await stage.grant();
      await stage.change({ kind: "delete_policy", id, expected: "any" });
      stage.record.calls.length = 0;
      await stage.introspect(grantId);
      expect(stage.record.calls).toEqual([]);
    }),
  );

  it(
    "writes down now and then how far a grant has been judged, so that the next look is short",
    onStage(async (stage) => {
      await stage.share();
      const grantId = await stage.grant();
      const [{ judged } = {}] = stage.rows("grants");
      for (let count = 0; count < 60; count += 1) await stage.cut({ by: "client", clientId: "other" });
      expect(stage.rows("grants")).toMatchObject([{ judged }]);
      await stage.introspect(grantId);
      expect(stage.rows("grants")).toMatchObject([{ judged: Number(judged) + 60 }]);
    }),
  );
});
