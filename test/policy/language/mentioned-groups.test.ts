import { describe, expect, it } from "vitest";
import { mentionedGroups } from "../../../src/policy/language/mentioned-groups.ts";
import type { Condition } from "../../../src/policy/language/policy.ts";

describe("the groups that a condition names", () => {
  it.each<[string, object, readonly string[]]>([
    ["alone", { group: "friends" }, ["friends"]],
    ["under a not", { not: { group: "friends" } }, ["friends"]],
    ["under an all", { all: [{ group: "friends" }, { client: "c1" }, { group: "family" }] }, ["friends", "family"]],
    ["under an any", { any: [{ claim: "age", at_least: 18 }, { group: "friends" }] }, ["friends"]],
    [
      "at any depth",
      { all: [{ any: [{ not: { all: [{ group: "friends" }] } }] }, { group: "family" }] },
      ["friends", "family"],
    ],
    ["each time that they are named", { any: [{ group: "friends" }, { group: "friends" }] }, ["friends", "friends"]],
    ["none for a claim", { claim: "group", equals: "friends" }, []],
    ["none for a client", { client: ["friends"] }, []],
    ["none for anyone", { anyone: true }, []],
    ["none in a form that nobody knows", { moon: { group: "friends" } }, []],
  ])("%s", (_, condition, groups) => {
    expect(mentionedGroups(condition as Condition)).toEqual(groups);
  });

  it.each([null, undefined, "group", 5])("of what is no condition at all (%s) there are none", (condition) => {
    expect(mentionedGroups(condition as never)).toEqual([]);
    expect(mentionedGroups({ all: [condition as never, { group: "friends" }] })).toEqual(["friends"]);
  });
});
