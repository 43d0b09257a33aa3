import { beforeEach, describe, expect, it } from "vitest";
import { SIGNING_USES } from "../../src/keys/key.ts";
import {
  KEY_CACHE_SECONDS,
  KEY_PUBLISH_AHEAD_SECONDS,
  SIGNING_KEY_KEPT_SECONDS,
} from "../../src/protocol/lifetimes.ts";
import { START } from "../support/pure/signer.ts";
import { StoppedClock } from "../support/workerd/stopped-clock.ts";
import { TestRing } from "../support/workerd/test-ring.ts";

const clock = StoppedClock.forEachTest();
let ring: TestRing;

beforeEach(() => {
  ring = new TestRing();
});

const kidsOf = (jwks: { readonly keys: readonly object[] }) => jwks.keys.map((key) => (key as { kid: string }).kid);

describe("key cache", () => {
  it("asks the ring once per cache life, whatever is asked of it", async () => {
    const cache = ring.cache();
    for (let second = 0; second < KEY_CACHE_SECONDS; second += 50) {
      await cache.activeSigningKey(START + second);
      await cache.activeSealingKey(START + second);
      await cache.pairwiseSecret(START + second);
      await cache.publicJwks(START + second);
    }
    expect(ring.asked).toBe(1);
    await cache.activeSigningKey(START + KEY_CACHE_SECONDS);
    expect(ring.asked).toBe(2);
  });

  it("asks anew when the clock was set back", async () => {
    const cache = ring.cache();
    await cache.activeSigningKey(START);
    await cache.activeSigningKey(START - KEY_CACHE_SECONDS);
    expect(ring.asked).toBe(2);
  });

  it("asks about an unknown kid at most once a second", async () => {
    const cache = ring.cache();
    await cache.activeSigningKey(START - 1);
    for (let guess = 0; guess < 20; guess += 1) {
      expect(await cache.verificationKey(`guess-${guess}`, START)).toBeNull();
      expect(await cache.sealingKey(`guess-${guess}`, START)).toBeNull();
    }
    expect(ring.asked).toBe(2);
    await cache.verificationKey("guess", START + 1);
    expect(ring.asked).toBe(3);
  });

  it("finds a key that another isolate made a moment ago", async () => {
    const cache = ring.cache();
    await cache.activeSigningKey(START);
    const waiting = await ring.rotate();
    const find = {
      sign: (kid: string) => cache.verificationKey(kid, START + 1),
      identity_rs256: (kid: string) => cache.idTokenVerificationKey("RS256", kid, START + 1),
      identity_es256: (kid: string) => cache.idTokenVerificationKey("ES256", kid, START + 1),
      seal: (kid: string) => cache.sealingKey(kid, START + 1),
    };
    expect(waiting.map(({ use }) => use).toSorted()).toEqual(Object.keys(find).toSorted());
    for (const { kid, use } of waiting) expect(await find[use as keyof typeof find](kid)).toMatchObject({ kid });
  });

  it("does not take a key of one use for another", async () => {
    const cache = ring.cache();
    const { kid } = await cache.activeSealingKey(START);
    expect(await cache.verificationKey(kid, START)).toBeNull();
    const { kid: identity } = await cache.activeIdTokenKey("ES256", START);
    expect(await cache.verificationKey(identity, START)).toBeNull();
    expect(await cache.idTokenVerificationKey("RS256", identity, START)).toBeNull();
  });
});

describe("rotation as an isolate sees it", () => {
  it("shows the next key before anything is signed with it", async () => {
    const cache = ring.cache();
    const first = await cache.activeSigningKey(START);
    await ring.rotate();
    const seen = START + KEY_CACHE_SECONDS;
    expect(kidsOf(await cache.publicJwks(seen))).toHaveLength(2 * SIGNING_USES.length);
    expect(await cache.activeSigningKey(seen)).toMatchObject({ kid: first.kid });
    const next = await cache.activeSigningKey(START + KEY_PUBLISH_AHEAD_SECONDS);
    expect(next.kid).not.toBe(first.kid);
    expect(kidsOf(await cache.publicJwks(seen))).toContain(next.kid);
  });

  it("keeps the former key until what it signed has expired", async () => {
    const cache = ring.cache();
    const first = await cache.activeSigningKey(START);
    await ring.rotate();
    const gone = START + KEY_PUBLISH_AHEAD_SECONDS + SIGNING_KEY_KEPT_SECONDS;
    clock.set(gone - 1);
    expect(await cache.verificationKey(first.kid, clock.now)).toMatchObject({ kid: first.kid });
    expect(kidsOf(await cache.publicJwks(clock.now))).toContain(first.kid);
    clock.set(gone);
    expect(await cache.verificationKey(first.kid, clock.now)).toBeNull();
    expect(kidsOf(await cache.publicJwks(clock.now))).not.toContain(first.kid);
  });

  it("never has an isolate sign with a key that another isolate has not been able to see", async () => {
    const [early, late] = [ring.cache(), ring.cache()];
    await early.activeSigningKey(START);
    await ring.rotate();
    await late.activeSigningKey(START + 1);
    for (let second = START + 1; second < START + 2 * KEY_PUBLISH_AHEAD_SECONDS; second += 10) {
      const { kid } = await late.activeSigningKey(second);
      expect(kidsOf(await early.publicJwks(second))).toContain(kid);
    }
  });
});

describe("an unreachable ring", () => {
  it("is survived for as long as no unseen key can be in use", async () => {
    const cache = ring.cache();
    const first = await cache.activeSigningKey(START);
    ring.reachable = false;
    expect(await cache.activeSigningKey(START + KEY_PUBLISH_AHEAD_SECONDS - 1)).toMatchObject({ kid: first.kid });
    await expect(cache.activeSigningKey(START + KEY_PUBLISH_AHEAD_SECONDS)).rejects.toThrow("connection lost");
  });

  it("is an error when there are no keys yet", async () => {
    ring.reachable = false;
    await expect(ring.cache().activeSigningKey(START)).rejects.toThrow("connection lost");
  });
});

describe("published keys", () => {
  it("show public members only", async () => {
    const { keys } = await ring.cache().publicJwks(START);
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([
      ["alg", "crv", "kid", "kty", "use", "x", "y"],
      ["alg", "e", "kid", "kty", "n", "use"],
      ["alg", "crv", "kid", "kty", "use", "x", "y"],
    ]);
  });

  it("carry a kid, use and alg", async () => {
    await ring.cache().publicJwks(START);
    await ring.rotate();
    const { keys } = await ring.cache().publicJwks(START);
    expect(new Set(kidsOf({ keys })).size).toBe(2 * SIGNING_USES.length);
    for (const key of keys) expect(key).toMatchObject({ use: "sig", alg: expect.stringMatching(/^(ES|RS)256$/) });
  });
});
