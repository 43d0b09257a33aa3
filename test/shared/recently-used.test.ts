import { expect, it } from "vitest";
import { RecentlyUsed } from "../../src/shared/recently-used.ts";

it("lets go of the one that was used least recently, and of no other", () => {
  const kept = new RecentlyUsed<string>(2);
  const made: string[] = [];
  const find = (key: string) =>
    kept.find(key, () => {
      made.push(key);
      return key;
    });
  for (const key of ["a", "b", "a", "c", "a", "b"]) expect(find(key)).toBe(key);
  expect(made).toEqual(["a", "b", "c", "b"]);
});
