import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { randomness, secrets } from "../../../src/crypto/secret.ts";
import { countNewAccount } from "../../../src/operations/account/count-new-account.ts";
import { createAccountByAddress } from "../../../src/operations/account/email-sign-in.ts";
import { makeRecoveryCodes, signInWithRecoveryCode } from "../../../src/operations/account/recovery-codes.ts";
import { createFoundation, createServices } from "../../../src/services.ts";
import { MAX_FAILURES, MAX_FAILURES_PER_SOURCE } from "../../../src/shared/limits.ts";
import { D1AccountStore } from "../../../src/storage/d1/accounts.ts";
import { FailureCounters } from "../../../src/storage/durable/failure-counters.ts";
import { freshAddress } from "../../support/server/person.ts";
import { givenAccount, START } from "../../support/workerd/people.ts";
import { freshMail } from "../../support/workerd/visitor.ts";

const events = { emit: () => {} };
const WRONG = "BCDF-GHJK-LMNP-QRST-VWXZ";

// Long ago, so that what is counted here has expired for all tests that share the counters.
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: START * 1_000 }));
afterEach(() => void vi.useRealTimers());

/** What one isolate of many knows and shares. */
function isolate() {
  const failures = new FailureCounters(env.FAILURE_COUNTER);
  return { accounts: new D1AccountStore(env.DB), failures, randomness, secrets, events };
}

describe("guessing at recovery codes", () => {
  it("from many addresses gives each one try at a time, and holds up nobody who has not failed", async () => {
    const [one, other] = [isolate(), isolate()];
    const account = await givenAccount();
    const [code = ""] = await makeRecoveryCodes(one, account, START);
    const sources = Array.from({ length: MAX_FAILURES }, freshAddress);
    await Promise.all(sources.map((source) => one.failures.record({ subject: "recovery_code", source })));
    const tooMany = expect.objectContaining({ code: "too_many_requests" });
    await expect(signInWithRecoveryCode(one, WRONG, freshAddress())).rejects.toEqual(tooMany);
    // Nor does another isolate look at a second guess of the same address.
    const address = freshAddress();
    await expect(signInWithRecoveryCode(other, WRONG, address)).rejects.toEqual(tooMany);
    await expect(signInWithRecoveryCode(other, code, address)).rejects.toEqual(tooMany);
    expect(await signInWithRecoveryCode(other, code, freshAddress())).toEqual(account);
  });
});

describe("making accounts", () => {
  it("is slowed where too many come from, and nowhere else", async () => {
    const [here, services] = [freshAddress(), isolate()];
    for (let made = 0; made < MAX_FAILURES_PER_SOURCE; made += 1) await countNewAccount(services, here);
    await expect(countNewAccount(services, here)).rejects.toMatchObject({ code: "too_many_requests" });
    await countNewAccount(services, freshAddress());
  });

  it("is slowed as well where each has proved an address", async () => {
    const here = freshAddress();
    const services = { ...createServices(env, createFoundation(env)), ...isolate() };
    const newcomer = () => ({ address: freshMail(), name: "", location: null });
    for (let made = 0; made < MAX_FAILURES_PER_SOURCE; made += 1) await countNewAccount(services, here);
    const refused = createAccountByAddress(services, { ...newcomer(), source: here }, START);
    await expect(refused).rejects.toMatchObject({ code: "too_many_requests" });
    expect(await createAccountByAddress(services, { ...newcomer(), source: freshAddress() }, START)).not.toBeNull();
  });
});
