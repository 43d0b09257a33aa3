import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KEY_USES, type RingKey, ROTATING_USES } from "../../src/keys/key.ts";
import { KeyRingObject, type RingReply } from "../../src/keys/object.ts";
import { findKeyRing } from "../../src/keys/ring.ts";
import type { WrappingSettings } from "../../src/keys/wrapping.ts";
import {
  KEY_ACTIVE_SECONDS,
  KEY_PUBLISH_AHEAD_SECONDS,
  SEALING_KEY_KEPT_SECONDS,
  SIGNING_KEY_KEPT_SECONDS,
} from "../../src/protocol/lifetimes.ts";

const START = 1_900_000_000;

const FORMER = "the-secret-that-was-set-at-first-0123";
const LATTER = "the-secret-that-takes-over-from-it-0123";

/** A ring of its own for every test. */
let ring: DurableObjectStub<KeyRingObject>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  at(START);
  ring = env.KEY_RING.get(env.KEY_RING.newUniqueId());
});

afterEach(() => {
  vi.useRealTimers();
});

function at(seconds: number): void {
  vi.setSystemTime(seconds * 1000);
}

function open<T>(reply: RingReply<T>): T {
  if (reply.outcome !== "open") throw new Error("the ring is locked");
  return reply.value;
}

async function keys(): Promise<readonly RingKey[]> {
  return open(await ring.keys("ES256", KEY_USES));
}

const ofUse = (all: readonly RingKey[], use: string) => all.filter((key) => key.use === use);
const kids = (all: readonly { readonly kid: string }[]) => all.map((key) => key.kid).sort();

/** Everything in the ring's storage, as somebody with a copy of it would read it. */
async function dump(): Promise<string> {
  return runInDurableObject(ring, (_instance, state) =>
    JSON.stringify(state.storage.sql.exec("SELECT * FROM keys").toArray()),
  );
}

/** What the ring answers when it is started with other secrets, as by another deployment: the storage is the same. */
function under<T>(
  keyEncryptionKey: string | null,
  keyEncryptionKeyPrevious: string | null,
  ask: (ring: KeyRingObject) => Promise<T>,
): Promise<T> {
  const settings: WrappingSettings = { keyEncryptionKey, keyEncryptionKeyPrevious };
  return runInDurableObject(ring, (_instance, state) => ask(new KeyRingObject(state, env, settings)));
}

const ask = (other: KeyRingObject) => other.keys("ES256", KEY_USES);
const askOpen = async (other: KeyRingObject) => open(await ask(other));
const askSeals = async (other: KeyRingObject) => (await other.list()).map(({ sealedUnder }) => sealedUnder);

describe("first use", () => {
  it("makes one usable key of each use", async () => {
    const all = await keys();
    expect(all.map((key) => key.use).toSorted()).toEqual(KEY_USES.toSorted());
    for (const key of all) expect(key).toMatchObject({ useFrom: START, retireAt: null, expiresAt: null });
  });

  it("makes one set when many isolates ask at once", async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, keys));
    for (const answer of answers) expect(kids(answer)).toEqual(kids(answers[0] ?? []));
    expect(await keys()).toHaveLength(KEY_USES.length);
  });

  it.each([
    ["ES256", "EC"],
    ["EdDSA", "OKP"],
    ["RS256", "RSA"],
  ] as const)("makes a private key for %s", async (algorithm, keyType) => {
    const [key] = ofUse(open(await ring.keys(algorithm)), "sign");
    expect(key?.alg).toBe(algorithm);
    expect(JSON.parse(key?.material ?? "")).toMatchObject({ kty: keyType, d: expect.any(String) });
  });

  it.each([
    ["identity_rs256", "RS256"],
    ["identity_es256", "ES256"],
  ] as const)("makes the key of %s for %s, whatever access tokens are signed with", async (use, alg) => {
    const [key] = ofUse(open(await ring.keys("EdDSA", KEY_USES)), use);
    expect(key).toMatchObject({ alg });
  });

  it("hands an isolate that is older than some uses those that it knows", async () => {
    await keys();
    expect(
      open(await ring.keys("ES256"))
        .map((key) => key.use)
        .toSorted(),
    ).toEqual(["pairwise", "seal", "sign", "vault"]);
  });

  it("keeps the keys when the object is evicted", async () => {
    const before = await keys();
    await evictDurableObject(ring);
    expect(await keys()).toEqual(before);
  });
});

describe("at rest", () => {
  it("shows no private material in a copy of the storage", async () => {
    const all = await keys();
    const copy = await dump();
    expect(copy).not.toMatch(/\\?"d\\?":/);
    for (const key of all) expect(copy).not.toContain(key.material);
  });

  it("wraps keys that were made before the secret was set", async () => {
    const before = await under(null, null, askOpen);
    expect(await dump()).toMatch(/\\"d\\":/);
    expect(await under(FORMER, null, askOpen)).toEqual(before);
    expect(await dump()).not.toMatch(/\\"d\\":/);
    expect(await under(FORMER, null, askOpen)).toEqual(before);
  });

  it.each([
    ["missing", null],
    ["another one", "not-the-secret-they-were-sealed-with"],
  ])("answers locked, and makes nothing, when the secret is %s", async (_case, secret) => {
    const before = await keys();
    const copy = await dump();
    expect(await under(secret, null, ask)).toEqual({ outcome: "locked" });
    expect(await under(secret, null, (other) => other.rotate("ES256"))).toEqual({ outcome: "locked" });
    expect(await dump()).toBe(copy);
    expect(await keys()).toEqual(before);
  });

  it("does not open material that was moved to another row", async () => {
    await keys();
    await runInDurableObject(ring, (_instance, state) => {
      const swap = `UPDATE keys SET material = (SELECT material FROM keys WHERE use = 'seal') WHERE use = 'pairwise'`;
      state.storage.sql.exec(swap);
    });
    expect(await ring.keys("ES256")).toEqual({ outcome: "locked" });
  });
});

describe("while KEY_ENCRYPTION_KEY changes", () => {
  it("keeps every key under both secrets, and under the new one alone when the former is removed", async () => {
    const before = await under(FORMER, null, askOpen);
    expect(await under(LATTER, FORMER, askOpen)).toEqual(before);
    expect(await under(FORMER, null, askOpen)).toEqual(before);
    expect(await under(LATTER, null, askOpen)).toEqual(before);
    expect(await under(FORMER, null, ask)).toEqual({ outcome: "locked" });
    expect(await dump()).toContain('"rewrapped":null');
  });

  it("serves deployments with either secret in turn, whichever of them makes the next keys", async () => {
    const rotate = async (other: KeyRingObject) => open(await other.rotate("ES256"));
    await under(FORMER, null, askOpen);
    const made = await under(LATTER, FORMER, rotate);
    expect(kids(await under(FORMER, null, askOpen))).toEqual(expect.arrayContaining(kids(made)));
    at(START + KEY_PUBLISH_AHEAD_SECONDS);
    const next = await under(FORMER, null, rotate);
    expect(next).toHaveLength(ROTATING_USES.length);
    const all = await under(LATTER, FORMER, askOpen);
    expect(kids(all)).toEqual(expect.arrayContaining(kids(next)));
    expect(await under(LATTER, null, askOpen)).toEqual(all);
  });

  it("is given up as it was begun: the two secrets change places", async () => {
    const before = await under(FORMER, null, askOpen);
    await under(LATTER, FORMER, ask);
    expect(await under(FORMER, LATTER, askOpen)).toEqual(before);
    expect(await under(FORMER, null, askOpen)).toEqual(before);
    expect(await under(LATTER, null, ask)).toEqual({ outcome: "locked" });
  });

  it("lists which secrets open each key, and seals anew what is listed", async () => {
    const all = <T>(seal: T) => KEY_USES.map(() => seal);
    await under(null, null, ask);
    expect(await under(null, null, askSeals)).toEqual(all(null));
    expect(await under(FORMER, null, askSeals)).toEqual(all(["KEY_ENCRYPTION_KEY"]));
    expect(await under(LATTER, null, askSeals)).toEqual(all([]));
    const both = all(["KEY_ENCRYPTION_KEY_PREVIOUS", "KEY_ENCRYPTION_KEY"]);
    expect(await under(LATTER, FORMER, askSeals)).toEqual(both);
    expect(await under(LATTER, null, askSeals)).toEqual(all(["KEY_ENCRYPTION_KEY"]));
    expect(await under(LATTER, LATTER, askSeals)).toEqual(all(["KEY_ENCRYPTION_KEY"]));
  });

  it("logs that it has sealed the keys anew, and under which, each time and no oftener", async () => {
    const log = vi.spyOn(console, "log").mockReturnValue(undefined);
    const event = { event: "key_ring_resealed", keys: KEY_USES.length };
    await under(FORMER, null, ask);
    expect(log).not.toHaveBeenCalled();
    for (let turn = 0; turn < 2; turn += 1) await under(LATTER, FORMER, ask);
    for (let turn = 0; turn < 2; turn += 1) await under(LATTER, null, ask);
    expect(log.mock.calls).toEqual([
      [{ ...event, under: ["KEY_ENCRYPTION_KEY_PREVIOUS", "KEY_ENCRYPTION_KEY"] }],
      [{ ...event, under: ["KEY_ENCRYPTION_KEY"] }],
    ]);
    log.mockRestore();
  });

  it("seals all keys anew or none: what fails in the middle leaves the ring as it was", async () => {
    const before = await under(FORMER, null, askOpen);
    const copy = await dump();
    const failAtSecond = `CREATE TRIGGER fail BEFORE UPDATE ON keys
      WHEN (SELECT count(*) FROM keys WHERE rewrapped IS NOT NULL) = 1 BEGIN SELECT RAISE(ABORT, 'storage failed'); END`;
    const run = (sql: string) => runInDurableObject(ring, (_instance, { storage }) => void storage.sql.exec(sql));
    await run(failAtSecond);
    await expect(under(LATTER, FORMER, ask)).rejects.toThrow("storage failed");
    expect(await dump()).toBe(copy);
    await run("DROP TRIGGER fail");
    expect(await under(LATTER, FORMER, askOpen)).toEqual(before);
    expect(await under(LATTER, null, askOpen)).toEqual(before);
  });

  it("finds room in a ring that was made before secrets could change", async () => {
    const before = await under(FORMER, null, askOpen);
    await runInDurableObject(ring, (_instance, { storage }) => {
      storage.sql.exec("ALTER TABLE keys DROP COLUMN rewrapped");
    });
    expect(await under(LATTER, FORMER, askOpen)).toEqual(before);
    expect(await under(LATTER, null, askOpen)).toEqual(before);
  });
});

describe("rotation", () => {
  it("publishes the next key before its first use and names when the former retires", async () => {
    const [first] = ofUse(await keys(), "sign");
    const waiting = open(await ring.rotate("ES256"));
    expect(waiting.map((key) => key.use).sort()).toEqual(ROTATING_USES.toSorted());
    const takeover = START + KEY_PUBLISH_AHEAD_SECONDS;
    for (const key of waiting) expect(key).toMatchObject({ useFrom: takeover, retireAt: null });
    const former = ofUse(await keys(), "sign").find((key) => key.kid === first?.kid);
    expect(former).toMatchObject({ retireAt: takeover, expiresAt: takeover + SIGNING_KEY_KEPT_SECONDS });
  });

  it("does nothing more while the next keys wait", async () => {
    await keys();
    const waiting = open(await ring.rotate("ES256"));
    const again = await Promise.all(Array.from({ length: 5 }, () => ring.rotate("ES256")));
    for (const reply of again) expect(open(reply)).toEqual(waiting);
    expect(ofUse(await keys(), "sign")).toHaveLength(2);
  });

  it("makes one successor when many rotate at once", async () => {
    await keys();
    const all = (await Promise.all(Array.from({ length: 8 }, () => ring.rotate("ES256")))).map(open);
    for (const waiting of all) expect(kids(waiting)).toEqual(kids(all[0] ?? []));
    expect(await keys()).toHaveLength(KEY_USES.length + ROTATING_USES.length);
  });

  it("never rotates the pairwise secret", async () => {
    const [before] = ofUse(await keys(), "pairwise");
    for (let round = 1; round <= 3; round += 1) {
      at(START + round * KEY_ACTIVE_SECONDS);
      await ring.rotate("ES256");
    }
    expect(ofUse(await keys(), "pairwise")).toEqual([before]);
  });

  it("rotates on schedule only when the keys have served their time", async () => {
    await keys();
    at(START + KEY_ACTIVE_SECONDS - KEY_PUBLISH_AHEAD_SECONDS - 1);
    expect(open(await ring.rotateIfDue("ES256"))).toEqual([]);
    at(START + KEY_ACTIVE_SECONDS - KEY_PUBLISH_AHEAD_SECONDS);
    expect(open(await ring.rotateIfDue("ES256"))).toHaveLength(ROTATING_USES.length);
    at(START + KEY_ACTIVE_SECONDS + 1);
    expect(open(await ring.rotateIfDue("ES256"))).toEqual([]);
  });

  it("keeps a retired key until what it made has expired, then deletes it by alarm", async () => {
    const first = await keys();
    await ring.rotate("ES256");
    const gone = START + KEY_PUBLISH_AHEAD_SECONDS + SIGNING_KEY_KEPT_SECONDS;
    at(gone - 1);
    expect(kids(await keys())).toEqual(expect.arrayContaining(kids(first)));
    at(gone);
    expect(ofUse(await keys(), "sign")).toHaveLength(1);
    expect(await runDurableObjectAlarm(ring)).toBe(true);
    for (const key of ofUse(first, "sign")) expect(await dump()).not.toContain(key.kid);
    for (const key of ofUse(first, "seal")) expect(await dump()).toContain(key.kid);
  });

  it("sets the next alarm for the keys that are still kept", async () => {
    const first = await keys();
    await ring.rotate("ES256");
    at(START + KEY_PUBLISH_AHEAD_SECONDS + SIGNING_KEY_KEPT_SECONDS);
    await runDurableObjectAlarm(ring);
    at(START + KEY_PUBLISH_AHEAD_SECONDS + SEALING_KEY_KEPT_SECONDS);
    expect(await runDurableObjectAlarm(ring)).toBe(true);
    for (const key of ofUse(first, "seal")) expect(await dump()).not.toContain(key.kid);
  });

  it("treats another configured algorithm as a rotation: the former signs until everybody has seen the new", async () => {
    const [first] = ofUse(await keys(), "sign");
    const signing = ofUse(open(await ring.keys("EdDSA")), "sign");
    expect(signing).toHaveLength(2);
    expect(signing.find((key) => key.kid === first?.kid)).toMatchObject({ useFrom: START });
    expect(signing.find((key) => key.alg === "EdDSA")).toMatchObject({ useFrom: START + KEY_PUBLISH_AHEAD_SECONDS });
    expect(ofUse(open(await ring.keys("ES256")), "sign")).toHaveLength(2);
  });
});

describe("as the Worker calls it", () => {
  it("lists keys without their material", async () => {
    const listed = await findKeyRing(env.KEY_RING, "ES256");
    await listed.keys();
    for (const key of await listed.list()) {
      expect(Object.keys(key).sort()).toEqual(["alg", "expiresAt", "kid", "retireAt", "sealedUnder", "use", "useFrom"]);
    }
  });

  it("refuses with 503 while the ring is locked", async () => {
    const worker = findKeyRing(env.KEY_RING, "ES256");
    const before = await worker.keys();
    ring = env.KEY_RING.getByName("ring");
    const run = (sql: string) => runInDurableObject(ring, (_instance, { storage }) => void storage.sql.exec(sql));
    // Sealed material opens under its own kid only.
    await run("UPDATE keys SET kid = '~' || kid");
    await expect(worker.keys()).rejects.toMatchObject({
      code: "temporarily_unavailable",
      reason: expect.stringContaining("KEY_ENCRYPTION_KEY"),
    });
    await run("UPDATE keys SET kid = substr(kid, 2)");
    expect(await worker.keys()).toEqual(before);
  });
});
