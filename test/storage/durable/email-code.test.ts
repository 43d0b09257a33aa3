import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { NewLetter } from "../../../src/operations/ports/email-code.ts";
import type { EmailCodeObject } from "../../../src/storage/durable/email-code.ts";

const START = 1_900_000_000;
const [MINUTE, HOUR] = [60, 3_600];
const MAX_LIVE = 20_000;
const GONE = { kind: "gone" };

let codes: DurableObjectStub<EmailCodeObject>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  at(START);
  codes = env.EMAIL_CODE.get(env.EMAIL_CODE.newUniqueId());
});

afterEach(() => {
  vi.useRealTimers();
});

function at(seconds: number): void {
  vi.setSystemTime(seconds * 1000);
}

function send(changes: Partial<NewLetter> = {}): Promise<number> {
  return codes.begin({ id: "letter", box: "box", sender: "here", isKnown: false, codeHash: "right", ...changes });
}

async function rows(): Promise<number> {
  return runInDurableObject(codes, (_instance, state) =>
    Number(state.storage.sql.exec("SELECT count(*) AS n FROM letters").one().n),
  );
}

describe("a code", () => {
  it("is right once, and at once again, as it is for a double click", async () => {
    await send();
    expect(await codes.tryCode("box", "letter", "right")).toEqual({ kind: "right" });
    at(START + 9);
    expect(await codes.tryCode("box", "letter", "wrong")).toEqual(GONE);
    expect(await codes.tryCode("box", "letter", "right")).toEqual({ kind: "right" });
    at(START + 10);
    expect(await codes.tryCode("box", "letter", "right")).toEqual(GONE);
  });

  it("is looked at five times of twenty at once, and not once more", async () => {
    await send();
    const tries = await Promise.all(Array.from({ length: 20 }, (_, n) => codes.tryCode("box", "letter", `wrong ${n}`)));
    const looked = tries.filter((one) => one.kind === "wrong");
    expect(looked.map((one) => one.kind === "wrong" && one.triesLeft)).toEqual([4, 3, 2, 1, 0]);
    expect(await codes.tryCode("box", "letter", "right")).toEqual(GONE);
  });

  it("is right at the fifth try", async () => {
    await send();
    for (let wrong = 0; wrong < 4; wrong += 1) await codes.tryCode("box", "letter", "wrong");
    expect(await codes.tryCode("box", "letter", "right")).toEqual({ kind: "right" });
  });

  it("is good for ten minutes", async () => {
    await send();
    await send({ id: "later", sender: "there" });
    at(START + 10 * MINUTE - 1);
    expect(await codes.tryCode("box", "letter", "right")).toEqual({ kind: "right" });
    at(START + 10 * MINUTE);
    expect(await codes.tryCode("box", "later", "right")).toEqual(GONE);
  });

  it("belongs to its letter, and the letter to its box", async () => {
    await send();
    expect(await codes.tryCode("box", "another", "right")).toEqual(GONE);
    expect(await codes.tryCode("another", "letter", "right")).toEqual(GONE);
  });

  it("is remembered through an eviction, with the tries at it", async () => {
    await send();
    for (let wrong = 0; wrong < 3; wrong += 1) await codes.tryCode("box", "letter", "wrong");
    await evictDurableObject(codes);
    expect(await codes.tryCode("box", "letter", "wrong")).toEqual({ kind: "wrong", triesLeft: 1 });
  });
});

describe("letters", () => {
  it("of which many are asked for at once are as few as one by one", async () => {
    const waits = await Promise.all(
      Array.from({ length: 20 }, (_, n) => send({ id: `letter ${n}`, sender: `source ${n}` })),
    );
    expect(waits.filter((wait) => wait === 0)).toHaveLength(5);
    expect(await rows()).toBe(5);
  });

  it("to one box leave those to another alone", async () => {
    for (let n = 0; n < 6; n += 1) await send({ id: `letter ${n}`, sender: `source ${n}` });
    expect(await send({ id: "more", sender: "more" })).toBe(HOUR);
    expect(await send({ id: "another", box: "another" })).toBe(0);
  });

  it("that were not sent after all do not count, and their codes are worth nothing", async () => {
    await send();
    await codes.withdraw("box", "letter");
    expect(await codes.tryCode("box", "letter", "right")).toEqual(GONE);
    expect(await send()).toBe(0);
  });

  it("are dropped after an hour by alarm, and no sooner", async () => {
    await send();
    at(START + HOUR - 1);
    await runDurableObjectAlarm(codes);
    expect(await rows()).toBe(1);
    at(START + HOUR);
    expect(await runDurableObjectAlarm(codes)).toBe(true);
    expect(await rows()).toBe(0);
    expect(await runDurableObjectAlarm(codes)).toBe(false);
  });

  it("wait when too many are live, and go again when those have ended", async () => {
    await send();
    await runInDurableObject(codes, (_instance, state) => {
      const series = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?3)";
      const filler = "SELECT 'x' || i, 'filler-' || i, 'stranger', 'x', 'x', 0, NULL, ?1, ?2 FROM n";
      state.storage.sql.exec(`${series} INSERT INTO letters ${filler}`, START, START + HOUR, MAX_LIVE);
    });
    await evictDurableObject(codes);
    expect(await send({ id: "one more", box: "another" })).toBe(MINUTE);
    at(START + HOUR);
    expect(await send({ id: "one more", box: "another" })).toBe(0);
    expect(await rows()).toBe(1);
  });
});
