import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ReplayGuardObject } from "../../../src/storage/durable/replay-guard.ts";
import { findReplayGuard } from "../../../src/storage/durable/replay-guards.ts";

const START = 1_900_000_000;
const MAX_LIVE = 50_000;

let guard: DurableObjectStub<ReplayGuardObject>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  at(START);
  guard = env.REPLAY_GUARD.get(env.REPLAY_GUARD.newUniqueId());
});

afterEach(() => {
  vi.useRealTimers();
});

function at(seconds: number): void {
  vi.setSystemTime(seconds * 1000);
}

async function rows(): Promise<number> {
  return runInDurableObject(guard, (_instance, state) =>
    Number(state.storage.sql.exec("SELECT count(*) AS n FROM used").one().n),
  );
}

async function tables(): Promise<readonly unknown[]> {
  return runInDurableObject(guard, (_instance, state) =>
    state.storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'used'").toArray(),
  );
}

async function fill(count: number, expiresAt: number): Promise<void> {
  await guard.claim("first", expiresAt);
  await runInDurableObject(guard, (_instance, state) => {
    const series = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)";
    state.storage.sql.exec(`${series} INSERT INTO used SELECT 'filler-' || i, ?1 FROM n`, expiresAt, count - 1);
  });
  await evictDurableObject(guard);
}

describe("replay guard", () => {
  it("takes a value once", async () => {
    expect(await guard.claim("a", START + 60)).toBe(true);
    expect(await guard.claim("a", START + 60)).toBe(false);
    expect(await guard.claim("b", START + 60)).toBe(true);
  });

  it("lets exactly one of many at once pass", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => guard.claim("a", START + 60)));
    expect(answers.filter((answer) => answer)).toHaveLength(1);
  });

  it("remembers through an eviction", async () => {
    await guard.claim("a", START + 60);
    await evictDurableObject(guard);
    expect(await guard.claim("a", START + 60)).toBe(false);
  });

  it("drops what has expired by alarm, and nothing sooner", async () => {
    await guard.claim("short", START + 60);
    await guard.claim("long", START + 600);
    at(START + 60);
    expect(await runDurableObjectAlarm(guard)).toBe(true);
    expect(await rows()).toBe(1);
    expect(await guard.claim("long", START + 600)).toBe(false);
    at(START + 600);
    expect(await runDurableObjectAlarm(guard)).toBe(true);
    expect(await runDurableObjectAlarm(guard)).toBe(false);
  });

  it("leaves nothing behind when all has expired, and begins anew", async () => {
    await guard.claim("a", START + 60);
    at(START + 60);
    expect(await runDurableObjectAlarm(guard)).toBe(true);
    expect(await tables()).toEqual([]);
    expect(await guard.claim("b", START + 120)).toBe(true);
    expect(await guard.claim("b", START + 120)).toBe(false);
    expect(await rows()).toBe(1);
  });

  it("refuses when too many are live, and takes more when they have expired", async () => {
    await fill(MAX_LIVE, START + 600);
    expect(await guard.claim("one more", START + 600)).toBe(false);
    at(START + 600);
    expect(await guard.claim("one more", START + 900)).toBe(true);
    expect(await rows()).toBe(1);
  });

  it("keeps audiences apart, and no jti in the clear", async () => {
    const port = findReplayGuard(env.REPLAY_GUARD);
    expect(await port.claim("client:a", "jti", START + 60)).toBe(true);
    expect(await port.claim("client:b", "jti", START + 60)).toBe(true);
    expect(await port.claim("client:a", "jti", START + 60)).toBe(false);
    const hashes = await runInDurableObject(env.REPLAY_GUARD.getByName("client:a"), (_instance, state) =>
      state.storage.sql.exec("SELECT hash FROM used").toArray(),
    );
    expect(hashes).toEqual([{ hash: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) }]);
  });
});
