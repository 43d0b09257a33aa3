import { describe, expect, it } from "vitest";
import { account, onStage, PRINTER, pushed } from "../support/ledger-stage.ts";

const ALICE = { ...account("alice"), isOwner: true } as const;
const CLIENT = { ...PRINTER, mayRedirect: true };

describe("an owner who asks for her own things", () => {
  it(
    "is let in once she has shown who she is, over a restart, and until she ends it",
    onStage(async (stage) => {
      const ticket = stage.ticket();
      stage.arrive(ticket);
      expect(await stage.look(ticket, ALICE)).toMatchObject({ answer: "granted" });
      const next = stage.continued(ticket, await stage.complete(ticket, ALICE));
      stage.restart();
      const granted = await stage.redeem(next, { client: CLIENT });
      expect(granted).toMatchObject({ outcome: "granted", rpt: { permissions: [{ resource_scopes: ["view"] }] } });
      const grantId = granted.outcome === "granted" ? granted.rpt.grantId : "";
      expect(await stage.held(grantId)).toEqual(["photo:view"]);
      expect(await stage.refresh(grantId)).toMatchObject({ outcome: "refreshed" });
      await stage.cut({ by: "client", clientId: PRINTER.id });
      expect(await stage.held(grantId)).toEqual([]);
    }),
  );

  it(
    "is shut out by what she forbids, also later",
    onStage(async (stage) => {
      const grantId = await stage.grant({ remembered: ALICE });
      await stage.share({ effect: "deny" });
      expect(await stage.held(grantId)).toEqual([]);
      expect(await stage.redeem(stage.ticket(), { remembered: ALICE })).toMatchObject({ outcome: "denied" });
    }),
  );

  it(
    "is told by whoever reads D1, and by no claim",
    onStage(async (stage) => {
      const claims = { ...account("mallory").claims, isOwner: true } as const;
      const mallory = { ...account("mallory"), claims };
      expect(await stage.redeem(stage.ticket(), { remembered: mallory })).toMatchObject({ outcome: "denied" });
      const forged = { ...pushed("bob"), claims: { ...pushed("bob").claims, isOwner: true } as const };
      expect(await stage.redeem(stage.ticket(), { pushed: forged })).toMatchObject({ outcome: "denied" });
    }),
  );
});
