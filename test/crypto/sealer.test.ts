import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createSealer } from "../../src/crypto/sealer.ts";
import type { Sealer, SealPurpose } from "../../src/operations/ports/seal.ts";
import { KEY_PUBLISH_AHEAD_SECONDS, SEALING_KEY_KEPT_SECONDS } from "../../src/protocol/lifetimes.ts";
import { ISSUER, START } from "../support/pure/signer.ts";
import { StoppedClock } from "../support/workerd/stopped-clock.ts";
import { TestRing } from "../support/workerd/test-ring.ts";

/** The compiler checks that none is missing. */
const EVERY_PURPOSE: Record<SealPurpose, true> = {
  ticket: true,
  locator: true,
  handle: true,
  refresh: true,
  claims: true,
  continuation: true,
  authorization_request: true,
  pushed_request: true,
  code: true,
  connection_refresh: true,
  person: true,
  interaction: true,
  pct: true,
  bound_pct: true,
  dpop_nonce: true,
  passkey_challenge: true,
  upstream: true,
  email_challenge: true,
  proven_address: true,
  known_browser: true,
  notice_stop: true,
};
const PURPOSES = Object.keys(EVERY_PURPOSE) as SealPurpose[];
const LASTING: readonly SealPurpose[] = ["bound_pct", "connection_refresh", "notice_stop"];

const clock = StoppedClock.forEachTest();
let ring: TestRing;
let sealer: Sealer;

const anIsolate = (issuer = ISSUER) => createSealer(ring.cache(), issuer, () => clock.now);

beforeEach(() => {
  ring = new TestRing();
  sealer = anIsolate();
});

describe("sealer", () => {
  it("opens what any isolate sealed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.constantFrom(...PURPOSES), async (statement, purpose) => {
        const sealed = await sealer.seal(purpose, statement);
        expect(sealed).toMatch(/^[A-Za-z0-9._~-]+$/);
        expect(await sealer.open(purpose, sealed)).toEqual(JSON.parse(JSON.stringify(statement)));
      }),
      { numRuns: 60 },
    );
    expect(await anIsolate().open("ticket", await sealer.seal("ticket", { step: 0 }))).toEqual({ step: 0 });
  });

  it("never writes the same text twice", async () => {
    const sealed = await Promise.all(Array.from({ length: 50 }, () => sealer.seal("ticket", "same")));
    expect(new Set(sealed).size).toBe(50);
  });

  it("opens for no other purpose", async () => {
    for (const purpose of PURPOSES) {
      const sealed = await sealer.seal(purpose, { for: purpose });
      for (const other of PURPOSES.filter((one) => one !== purpose))
        expect(await sealer.open(other, sealed)).toBeNull();
    }
  });

  it("opens for no other issuer", async () => {
    const sealed = await sealer.seal("ticket", {});
    expect(await anIsolate("https://usher.example.org").open("ticket", sealed)).toBeNull();
  });

  it("opens nothing that was altered in any character", async () => {
    const sealed = await sealer.seal("ticket", { step: 1 });
    for (let index = 0; index < sealed.length; index += 1) {
      const other = sealed[index] === "A" ? "B" : "A";
      const altered = sealed.slice(0, index) + other + sealed.slice(index + 1);
      if (altered !== sealed) expect(await sealer.open("ticket", altered)).toBeNull();
    }
  });

  it("answers null to whatever a stranger sends", async () => {
    const [kid] = (await sealer.seal("ticket", {})).split(".");
    const texts = [
      "",
      ".",
      `${kid}.`,
      `${kid}.A`,
      `${kid}.AAAA`,
      `${kid}.${"A".repeat(40)}`,
      `${kid}.é`,
      "\u0000",
      "a.b.c",
    ];
    for (const text of [...texts, `${kid}.${"A".repeat(1_000_000)}`])
      expect(await sealer.open("ticket", text)).toBeNull();
    await fc.assert(fc.asyncProperty(fc.string(), async (text) => (await sealer.open("ticket", text)) === null));
  });

  it.each(LASTING)("opens for ever what has no end of its own: %s", async (purpose) => {
    const sealed = await sealer.seal(purpose, { generation: 1 });
    await ring.rotate();
    clock.set(START + 100 * SEALING_KEY_KEPT_SECONDS);
    expect(await anIsolate().open(purpose, sealed)).toEqual({ generation: 1 });
  });

  it.each(PURPOSES.filter((purpose) => !LASTING.includes(purpose)))(
    "opens what a retired key sealed until that key expires, however often before: %s",
    async (purpose) => {
      const sealed = await sealer.seal(purpose, { generation: 1 });
      expect(await sealer.open(purpose, sealed)).toEqual({ generation: 1 });
      await ring.rotate();
      const gone = START + KEY_PUBLISH_AHEAD_SECONDS + SEALING_KEY_KEPT_SECONDS;
      clock.set(gone - 1);
      expect(await sealer.open(purpose, sealed)).toEqual({ generation: 1 });
      expect((await sealer.seal(purpose, {})).split(".")[0]).not.toBe(sealed.split(".")[0]);
      clock.set(gone);
      expect(await sealer.open(purpose, sealed)).toBeNull();
    },
  );

  it.each([
    ["locator", 0],
    ["handle", 0],
    ["refresh", 1],
    ["ticket", 1],
  ] as const)(
    "remembers what tokens carry, which come back several times, and nothing else: %s",
    async (purpose, times) => {
      const sealed = await sealer.seal(purpose, "statement");
      await sealer.open(purpose, sealed);
      const decrypt = vi.spyOn(crypto.subtle, "decrypt");
      expect(await sealer.open(purpose, sealed)).toBe("statement");
      expect(decrypt).toHaveBeenCalledTimes(times);
      decrypt.mockRestore();
    },
  );
});
