import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RequestLogObject } from "../../../src/storage/durable/request-log.ts";

const START = 1_900_000_000;
const HOUR = 3_600;

let log: DurableObjectStub<RequestLogObject>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  at(START);
  log = env.REQUEST_LOG.get(env.REQUEST_LOG.newUniqueId());
});

afterEach(() => {
  vi.useRealTimers();
});

function at(seconds: number): void {
  vi.setSystemTime(seconds * 1_000);
}

async function keep(requestId: string, ...stories: readonly string[]): Promise<void> {
  await log.keep(stories.map((story) => ({ requestId, story, teller: "somebody" })));
}

/** Hundreds of stories of one teller, each under an id of its own. */
async function tell(teller: string, hundreds: number): Promise<void> {
  for (let one = 0; one < hundreds; one += 1) {
    const requestIds = Array.from({ length: 100 }, () => crypto.randomUUID());
    await log.keep(requestIds.map((requestId) => ({ requestId, story: "{}", teller })));
  }
}

const rows = () =>
  runInDurableObject(log, (_instance, state) =>
    Number(state.storage.sql.exec("SELECT count(*) AS n FROM stories").one().n),
  );

/** As many rows as are kept at most, in one statement. */
const fill = (number: number, endsAt: number) =>
  runInDurableObject(log, (_instance, state) => {
    state.storage.sql.exec(
      `INSERT INTO stories WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       SELECT 'filler-' || ? || i, 1, '{}', ? FROM n`,
      number,
      endsAt,
      endsAt,
    );
  });

describe("the request log", () => {
  it("tells the stories of one id in their order, and no others", async () => {
    await keep("one", "first", "second");
    await keep("another", "third");
    await keep("one", "fourth");
    expect(await log.find("one")).toEqual(["first", "second", "fourth"]);
    expect(await log.find("none")).toEqual([]);
  });

  it("forgets after an hour, and clears up", async () => {
    await keep("one", "first");
    at(START + HOUR - 1);
    expect(await log.find("one")).toEqual(["first"]);
    at(START + HOUR);
    expect(await log.find("one")).toEqual([]);
    await runDurableObjectAlarm(log);
    expect(await rows()).toBe(0);
  });

  it("lets go of the older ones when it is full, and of none that is new", async () => {
    await keep("old", "old");
    await fill(29_999, START + HOUR);
    at(START + 20 * 60);
    // It counts what it added itself; so that it sees the rest, it begins anew.
    await runDurableObjectAlarm(log);
    await keep("new", "new");
    expect(await log.find("old")).toEqual([]);
    expect(await log.find("new")).toEqual(["new"]);
  });

  it("is filled by nobody alone: whoever told much leaves half of it to the others, and tells on after a while", async () => {
    await keep("one", "first");
    await fill(14_949, START + HOUR);
    await runDurableObjectAlarm(log);
    await tell("loud", 20);
    expect(await rows()).toBe(14_950 + 1_500);
    await tell("quiet", 1);
    expect(await rows()).toBe(14_950 + 1_600);
    at(START + 15 * 60);
    await tell("loud", 1);
    expect(await rows()).toBe(14_950 + 1_700);
  });

  it("keeps no more when all of it is new", async () => {
    await keep("one", "first");
    await fill(29_999, START + HOUR);
    await runDurableObjectAlarm(log);
    await keep("late", "late");
    expect(await log.find("late")).toEqual([]);
  });
});
