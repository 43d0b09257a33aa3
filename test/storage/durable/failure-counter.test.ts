import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FailureCounterObject } from "../../../src/storage/durable/failure-counter.ts";
import { FailureCounters } from "../../../src/storage/durable/failure-counters.ts";
import { storedContent } from "../../support/workerd/stored-content.ts";

const START = 1_900_000_000;
const PER_SOURCE = 60;
const EVERYWHERE = 600;
const MAX_LIVE = 20_000;

let counter: DurableObjectStub<FailureCounterObject>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  at(START);
  counter = env.FAILURE_COUNTER.get(env.FAILURE_COUNTER.newUniqueId());
});

afterEach(() => {
  vi.useRealTimers();
});

function at(seconds: number): void {
  vi.setSystemTime(seconds * 1000);
}

async function fail(times: number, source = "here", subject = "c1"): Promise<readonly number[]> {
  return Promise.all(Array.from({ length: times }, () => counter.record(subject, source)));
}

async function rows(): Promise<number> {
  return runInDurableObject(counter, (_instance, state) =>
    Number(state.storage.sql.exec("SELECT count(*) AS n FROM failures").one().n),
  );
}

describe("the counter of failures", () => {
  it("counts each of many at once", async () => {
    const penalties = await fail(3 * PER_SOURCE);
    expect(penalties.filter((seconds) => seconds === 0)).toHaveLength(PER_SOURCE - 1);
    expect(penalties.at(-1)).toBe(60);
  });

  it("ends a penalty a minute after it began, whatever fails meanwhile", async () => {
    await fail(PER_SOURCE);
    at(START + 50);
    expect(await fail(5)).toEqual([10, 10, 10, 10, 10]);
    at(START + 60);
    expect(await fail(1)).toEqual([0]);
  });

  it("forgets failures that were too few within a minute", async () => {
    await fail(PER_SOURCE - 1);
    at(START + 60);
    expect(new Set(await fail(PER_SOURCE - 1))).toEqual(new Set([0]));
  });

  it("keeps sources apart, and subjects", async () => {
    await fail(PER_SOURCE);
    expect(await fail(1, "elsewhere")).toEqual([0]);
    expect(await fail(1, "here", "c2")).toEqual([0]);
  });

  it("of guesses from everywhere slows each source that has failed, and no other subject", async () => {
    for (let source = 0; source < 30; source += 1) await fail(PER_SOURCE / 3, `bot ${source}`);
    expect(await fail(1, "bot 0")).toEqual([60]);
    expect(await fail(1, "bot 31")).toEqual([60]);
    expect(await fail(1, "bot 31", "c2")).toEqual([0]);
    at(START + 61);
    expect(await fail(1, "bot 31")).toEqual([0]);
  });

  it("counts a source that is slowed already no more", async () => {
    await fail(2 * EVERYWHERE, "one source alone");
    expect(await fail(1, "another")).toEqual([0]);
  });

  it("remembers through an eviction", async () => {
    await fail(PER_SOURCE);
    await evictDurableObject(counter);
    expect(await fail(1)).toEqual([60]);
  });

  it("drops what is over by alarm, and nothing sooner", async () => {
    await fail(1);
    at(START + 30);
    await fail(PER_SOURCE, "slowed");
    at(START + 60);
    expect(await runDurableObjectAlarm(counter)).toBe(true);
    expect(await fail(1, "slowed")).toEqual([30]);
    at(START + 120);
    expect(await runDurableObjectAlarm(counter)).toBe(true);
    expect(await rows()).toBe(0);
    expect(await runDurableObjectAlarm(counter)).toBe(false);
  });

  it("when it is full forgets nobody, and whoever fails then waits", async () => {
    await fail(1);
    await runInDurableObject(counter, (_instance, state) => {
      const series = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)";
      state.storage.sql.exec(`${series} INSERT INTO failures SELECT 'x', i, 1, ?1 FROM n`, START + 30, MAX_LIVE);
    });
    await evictDurableObject(counter);
    expect(await fail(1, "new")).toEqual([60]);
    expect(await rows()).toBe(MAX_LIVE + 2);
    at(START + 30);
    expect(await fail(1, "new")).toEqual([0]);
  });
});

describe("an isolate", () => {
  const attempt = (subject: string) => ({ subject, source: "192.0.2.1" });
  const isolate = () => new FailureCounters(env.FAILURE_COUNTER);

  it("counts together with all others, and then knows without asking", async () => {
    const [one, other] = [isolate(), isolate()];
    const guess = attempt(crypto.randomUUID());
    for (let index = 0; index < PER_SOURCE / 2; index += 1) await Promise.all([one.record(guess), other.record(guess)]);
    const counters = [one, other, isolate()];
    expect(await Promise.all(counters.map((counters) => counters.record(guess)))).toEqual([60, 60, 60]);
    expect(counters.map((counters) => counters.penalty(guess))).toEqual([60, 60, 60]);
    expect(one.penalty(attempt("another"))).toBe(0);
    at(START + 60);
    expect(one.penalty(guess)).toBe(0);
  });

  it("counts what it sees before the object has answered", async () => {
    const counters = isolate();
    const guess = attempt(crypto.randomUUID());
    const counted = Array.from({ length: PER_SOURCE }, () => counters.record(guess));
    expect(counters.penalty(guess)).toBe(60);
    expect(new Set(await Promise.all(counted))).toEqual(new Set([60]));
  });

  it("leaves no name and no address in the storage", async () => {
    const subject = crypto.randomUUID();
    await isolate().record(attempt(subject));
    const kept = await storedContent();
    expect(kept).not.toContain(subject);
    expect(kept).not.toContain("192.0.2.1");
  });
});
