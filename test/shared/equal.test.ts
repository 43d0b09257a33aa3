import { expect, it } from "vitest";
import { isEqual } from "../../src/shared/equal.ts";

it.each([
  [
    { networks: ["192.0.2.0/24"], countries: ["DE"] },
    { countries: ["DE"], networks: ["192.0.2.0/24"] },
  ],
  [{}, {}],
  [
    [1, [2, null]],
    [1, [2, null]],
  ],
  [null, null],
])("%j says the same as %j", (one, other) => {
  expect(isEqual(one, other)).toBe(true);
});

it.each([
  [{ countries: ["DE", "AT"] }, { countries: ["AT", "DE"] }],
  [{ countries: ["DE"] }, { networks: ["DE"] }],
  [{ countries: ["DE"] }, { countries: ["DE"], since: 1 }],
  [{ countries: ["DE"], since: 1 }, { countries: ["DE"] }],
  [{ 0: "a" }, ["a"]],
  [{}, null],
  [null, undefined],
  [1, "1"],
  [{ hasOwnProperty: 1 }, { toString: 1 }],
])("%j says something else than %j", (one, other) => {
  expect(isEqual(one, other)).toBe(false);
});
