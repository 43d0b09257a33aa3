import { describe, expect, it } from "vitest";
import type { PolicyBody } from "../../../src/policy/language/policy.ts";
import { weightOf, weightOfAll } from "../../../src/policy/language/weight.ts";
import { MAX_DECISION_STEPS, MAX_TARGET_STEPS } from "../../../src/shared/limits.ts";
import { newer } from "../support.ts";

const PLAIN: PolicyBody = { effect: "permit", target: { all: true }, scopes: "all", who: { anyone: true } };
const weightWith = (more: object) => weightOf(newer({ ...PLAIN, ...more })) - weightOf(PLAIN);
const window = { from: "08:00", to: "17:00", time_zone: "Europe/Berlin" };

describe("the weight of a policy", () => {
  it("is a few steps for a plain one, so that hundreds fit on one target", () => {
    expect(weightOf(PLAIN)).toBeLessThanOrEqual(MAX_TARGET_STEPS / 200);
  });

  it.each<[string, object, number]>([
    ["conditions", { who: { any: Array.from({ length: 10 }, () => ({ client: "c" })) } }, 10],
    ["groups, each once", { who: { any: [{ group: "a" }, { group: "b" }, { group: "a" }] } }, 30],
    ["windows and their time zone", { when: { hours: [window, window] } }, 20],
    ["time zones of each", { when: { hours: [window, { ...window, time_zone: "UTC" }] } }, 30],
    ["networks", { where: { networks: ["192.0.2.0/24", "198.51.100.0/24"] } }, 4],
    ["characters", { name: "n".repeat(1_000) }, 10],
  ])("grows with its %s", (_, more, atLeast) => {
    expect(weightWith(more)).toBeGreaterThanOrEqual(atLeast);
    expect(weightWith(more)).toBeLessThanOrEqual(atLeast + 6);
  });

  it("of the heaviest that is accepted fits on a target", () => {
    const heaviest = {
      name: "n".repeat(16_000),
      who: { any: Array.from({ length: 63 }, (_, index) => ({ group: `g${index}` })) },
      when: { hours: Array.from({ length: 14 }, (_, index) => ({ ...window, time_zone: `Zone/${index}` })) },
      where: { networks: Array.from({ length: 20 }, () => "192.0.2.0/24") },
    };
    expect(weightOf(newer({ ...PLAIN, ...heaviest }))).toBeLessThanOrEqual(MAX_TARGET_STEPS);
  });

  it.each<[object]>([
    [{ who: { all: "everybody" } }],
    [{ who: null }],
    [{ when: { hours: { from: "08:00" } } }],
    [{ when: { hours: [null] } }],
    [{ where: { networks: "home" } }],
  ])("is finite for what newer code has kept: %j", (kept) => {
    expect(weightOf(newer({ ...PLAIN, ...kept }))).toBeLessThan(MAX_TARGET_STEPS);
  });

  it("leaves room for each target of one resource in a decision", () => {
    expect(3 * MAX_TARGET_STEPS).toBeLessThanOrEqual(MAX_DECISION_STEPS);
    expect(weightOfAll([PLAIN, PLAIN])).toBe(2 * weightOf(PLAIN));
  });
});
