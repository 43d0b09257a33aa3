import { describe, expect, it } from "vitest";
import { type LedgerStage, onStage, pushed, trustedIssuer } from "../support/ledger-stage.ts";

/** Nobody is left who could say anything, so nobody is asked. */
const UNTOLD = { outcome: "denied" };

/** Somebody whose issuer is known to be trusted for so many seconds more. */
function pushedFor(stage: LedgerStage, seconds: number, claims?: Parameters<typeof pushed>[1]) {
  return { pushed: { ...pushed("bob", claims), trustedUntil: stage.now + seconds } };
}

describe("an issuer that the operator removed", () => {
  it(
    "counts no more once the lease of pushed claims has run out, however long the call was on its way",
    onStage(async (stage) => {
      await stage.share({ who: { claim: "email", exists: true } });
      stage.trusted = () => null;
      expect(await stage.redeem(stage.ticket(), pushedFor(stage, 1))).toMatchObject({ outcome: "granted" });
      expect(await stage.redeem(stage.ticket(), pushedFor(stage, 0))).toMatchObject(UNTOLD);
    }),
  );

  it(
    "counts no more when the lease runs out while the record is read",
    onStage(async (stage) => {
      await stage.share({ who: { claim: "email", exists: true } });
      const { channel } = stage.record;
      const read = Promise.withResolvers<void>();
      stage.restart();
      stage.record.channel = async (call, reach) => {
        if (call === "load") await read.promise;
        return channel(call, reach);
      };
      const reply = stage.redeem(stage.ticket(), pushedFor(stage, 1));
      await scheduler.wait(0);
      stage.trusted = () => null;
      stage.now += 1;
      read.resolve();
      expect(await reply).toMatchObject(UNTOLD);
    }),
  );

  it(
    "counts on while it is trusted, after a lease has run out",
    onStage(async (stage) => {
      await stage.share({ who: { claim: "email", exists: true } });
      expect(await stage.redeem(stage.ticket(), pushedFor(stage, 0))).toMatchObject({ outcome: "granted" });
    }),
  );
});

describe("an issuer whose word the operator narrowed", () => {
  const narrowings = [
    ["to other claims", { claims: ["age"] }, { role: "x" }, "denied"],
    ["to another e-mail domain", { emailDomains: ["other.example"] }, { email: "bob@example.com" }, "need_info"],
  ] as const;

  it.each(narrowings)(
    "speaks for no more than that, %s: in claims that were kept",
    (_case, narrowing, claims, outcome) =>
      onStage(async (stage) => {
        const [claim = ""] = Object.keys(claims);
        await stage.share({ who: { claim, exists: true }, terms: { approval: true } });
        const first = stage.ticket();
        expect(await stage.redeem(first, { pushed: pushed("bob", claims) })).toMatchObject({ outcome: "submitted" });
        const second = stage.next(first);
        expect(await stage.redeem(second)).toMatchObject({ outcome: "submitted" });
        stage.trusted = (issuer) => ({ ...trustedIssuer(issuer), ...narrowing });
        expect(await stage.redeem(stage.next(second))).toMatchObject({ outcome });
      })(),
  );

  it.each(narrowings)(
    "speaks for no more than that, %s: in claims whose lease has run out",
    (_case, narrowing, claims, outcome) =>
      onStage(async (stage) => {
        const [claim = ""] = Object.keys(claims);
        await stage.share({ who: { claim, exists: true } });
        stage.trusted = (issuer) => ({ ...trustedIssuer(issuer), ...narrowing });
        expect(await stage.redeem(stage.ticket(), pushedFor(stage, 0, claims))).toMatchObject({ outcome });
      })(),
  );
});
