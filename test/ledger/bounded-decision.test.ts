import { describe, expect, it, vi } from "vitest";
import { MAX_DECISION_STEPS, MAX_REQUESTED_SCOPES } from "../../src/shared/limits.ts";
import { asking, onStage, PRINTER, pushed, RS } from "../support/ledger-stage.ts";

const scopes = (count: number, prefix = "s") => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const heavy = { any: [...scopes(40).map((group) => ({ group })), { anyone: true as const }] };

describe("a decision has a bounded price", () => {
  it(
    "policies that were kept before there was a bound are not run on with: no, and the operator is told",
    onStage(async (stage) => {
      const error = vi.spyOn(console, "error").mockImplementation(() => {});
      const enough = Math.ceil(MAX_DECISION_STEPS / 500) + 1;
      for (let count = 0; count < enough; count += 1) await stage.share({ who: heavy });
      expect(await stage.redeem()).toMatchObject({ outcome: "denied" });
      const told = expect.objectContaining({ event: "decision_too_much", steps: expect.any(Number) });
      expect(error).toHaveBeenCalledWith(told);
      error.mockRestore();
    }),
  );

  it(
    "the scope parameter adds up with the ticket's scopes",
    onStage(async (stage) => {
      const many = scopes(100);
      const resources = Object.fromEntries(
        scopes(4, "r").map((id) => [id, { id, resourceServerId: RS, type: null, collections: [], scopes: many }]),
      );
      stage.record.content = { ...stage.record.content, resources };
      await stage.share();
      const client = { ...PRINTER, registeredScopes: many };
      const permissions = scopes(4, "r").map((id) => asking(id, ...many.slice(0, 60)));
      const redeem = (extra: number) =>
        stage.redeem(stage.ticket({ permissions }), { client, requestedScopes: many.slice(60, 60 + extra) });
      expect(4 * 75).toBe(MAX_REQUESTED_SCOPES);
      expect((await redeem(15)).outcome).toBe("granted");
      expect((await redeem(16)).outcome).toBe("invalid_scope");
    }),
  );

  it(
    "a permit that carries nothing takes nothing away when its group changes; a deny does",
    onStage(async (stage) => {
      const [family, work] = [await stage.group([]), await stage.group([])];
      await stage.share({ who: { claim: "email", exists: true } });
      await stage.share({ who: { group: family } });
      await stage.share({ effect: "deny", who: { group: work } });
      const members = [{ email: "bob@example.com" }];
      const join = (id: string) =>
        stage.change({ kind: "put_group", id, document: { name: id, members }, expected: "any" });
      const grant = await stage.grant({ pushed: pushed("bob") });
      await join(family);
      expect(await stage.held(grant)).toEqual(["photo:view"]);
      await join(work);
      expect(await stage.held(grant)).toEqual([]);
    }),
  );

  it(
    "the alarm judges grants that nobody uses before many entries stand between",
    onStage(async (stage) => {
      await stage.share();
      const grant = await stage.grant();
      for (let count = 0; count < 60; count += 1) await stage.cut({ by: "client", clientId: `other${count}` });
      stage.now += 2;
      await stage.ledger.alarm();
      const [row] = stage.rows("grants");
      const last = stage.rows("book").at(-1);
      expect(row?.judged).toBe(last?.sequence);
      expect(await stage.held(grant)).toEqual(["photo:view"]);
    }),
  );
});
