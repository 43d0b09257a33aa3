import { describe, expect, it } from "vitest";
import { findActiveKey, findWaitingKey, isExpired, isRotationDue, type KeyDescription } from "../../src/keys/key.ts";
import { KEY_ACTIVE_SECONDS, KEY_PUBLISH_AHEAD_SECONDS } from "../../src/protocol/lifetimes.ts";

const START = 1_900_000_000;

function key(kid: string, changes: Partial<KeyDescription> = {}): KeyDescription {
  return { kid, use: "sign", alg: "ES256", useFrom: START, retireAt: null, expiresAt: null, ...changes };
}

const TAKEOVER = START + 600;
const former = key("former", { retireAt: TAKEOVER, expiresAt: TAKEOVER + 1_000 });
const next = key("next", { useFrom: TAKEOVER });

describe("the key to work with", () => {
  it.each<[string, KeyDescription[], number, string | undefined]>([
    ["none of no keys", [], START, undefined],
    ["none of another use", [key("seal", { use: "seal" })], START, undefined],
    ["the only one", [key("only")], START, "only"],
    ["the former until its successor comes into use", [next, former], TAKEOVER - 1, "former"],
    ["the successor from then on", [former, next], TAKEOVER, "next"],
    ["the only one, also for a clock that is behind", [key("only")], START - 1, "only"],
    ["the first of all for a clock that is far behind", [next, former], START - 1, "former"],
    ["none that has expired", [key("gone", { expiresAt: START + 1 })], START + 1, undefined],
  ])("is %s", (_case, keys, now, kid) => {
    expect(findActiveKey(keys, "sign", now)?.kid).toBe(kid);
  });
});

it("a key waits until it comes into use", () => {
  expect(findWaitingKey([former, next], "sign", TAKEOVER - 1)).toBe(next);
  expect(findWaitingKey([former, next], "sign", TAKEOVER)).toBeNull();
  expect(findWaitingKey([former, next], "seal", TAKEOVER - 1)).toBeNull();
});

it("a key expires at its time, and never without one", () => {
  expect(isExpired(former, TAKEOVER + 999)).toBe(false);
  expect(isExpired(former, TAKEOVER + 1_000)).toBe(true);
  expect(isExpired(next, Number.MAX_SAFE_INTEGER)).toBe(false);
});

it("a rotation is due so early that the successor takes over on time", () => {
  const due = START + KEY_ACTIVE_SECONDS - KEY_PUBLISH_AHEAD_SECONDS;
  expect(isRotationDue([key("only")], "sign", due - 1)).toBe(false);
  expect(isRotationDue([key("only")], "sign", due)).toBe(true);
  expect(isRotationDue([], "sign", due)).toBe(false);
});
