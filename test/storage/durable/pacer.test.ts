import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PacerObject } from "../../../src/storage/durable/pacer.ts";
import { Pacers } from "../../../src/storage/durable/pacers.ts";
import { countHops } from "../../support/workerd/hops.ts";
import { storedContent } from "../../support/workerd/stored-content.ts";

const START = 1_900_000_000;
const PACE = { burst: 5, interval: 10 };
const MAX_LIVE = 20_000;

let pacer: DurableObjectStub<PacerObject>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  at(START);
  pacer = env.PACER.get(env.PACER.newUniqueId());
});

afterEach(() => {
  vi.useRealTimers();
});

function at(seconds: number): void {
  vi.setSystemTime(seconds * 1000);
}

async function take(times: number, key = "here"): Promise<number> {
  const waits = await Promise.all(Array.from({ length: times }, () => pacer.take(key, PACE)));
  return waits.filter((wait) => wait === 0).length;
}

async function rows(): Promise<number> {
  return runInDurableObject(pacer, (_instance, state) =>
    Number(state.storage.sql.exec("SELECT count(*) AS n FROM paces").one().n),
  );
}

describe("the pacer", () => {
  it("lets as many of many at once pass as may, and then one after each interval", async () => {
    expect(await take(20)).toBe(5);
    at(START + 10);
    expect(await take(20)).toBe(1);
  });

  it("keeps keys apart", async () => {
    await take(20);
    expect(await take(20, "there")).toBe(5);
  });

  it("remembers through an eviction", async () => {
    await take(20);
    await evictDurableObject(pacer);
    expect(await take(1)).toBe(0);
  });

  it("drops by alarm what says nothing any more", async () => {
    await take(1);
    at(START + 9);
    await take(1, "there");
    at(START + 10);
    await runDurableObjectAlarm(pacer);
    expect(await rows()).toBe(1);
    at(START + 19);
    await runDurableObjectAlarm(pacer);
    expect(await rows()).toBe(0);
  });

  it("when it is full forgets nobody, and whoever is new waits", async () => {
    await take(20);
    await runInDurableObject(pacer, (_instance, state) => {
      const series = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)";
      state.storage.sql.exec(`${series} INSERT INTO paces SELECT 'x' || i, ?1 FROM n`, START + 30, MAX_LIVE);
    });
    await evictDurableObject(pacer);
    expect(await pacer.take("new", PACE)).toBe(60);
    at(START + 10);
    expect(await take(20)).toBe(1);
  });
});

describe("an isolate", () => {
  const isolate = () => new Pacers(env.PACER);

  it("counts together with all others, and then knows who waits without asking", async () => {
    const [one, other, key] = [isolate(), isolate(), crypto.randomUUID()];
    const waits = await Promise.all([one, other, one, other, one, other].map((pacers) => pacers.take(key, PACE)));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(5);
    await one.take(key, PACE);
    expect(await countHops(() => one.take(key, PACE))).toEqual([]);
    at(START + 10);
    expect(await one.take(key, PACE)).toBe(0);
  });

  it("leaves no key in the storage", async () => {
    const key = crypto.randomUUID();
    await isolate().take(key, PACE);
    expect(await storedContent()).not.toContain(key);
  });
});
