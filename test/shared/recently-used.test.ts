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

it("has room for as much as its values take, and none for what takes more than all of it", () => {
  const kept = new RecentlyUsed<string>(5, (value) => value.length);
  kept.keep("a", "12");
  kept.keep("b", "12");
  kept.keep("a", "1");
  kept.keep("c", "12");
  expect(["a", "b", "c"].map((key) => kept.get(key))).toEqual(["1", "12", "12"]);
  kept.keep("d", "1");
  expect(["a", "b", "c", "d"].map((key) => kept.get(key))).toEqual([undefined, "12", "12", "1"]);
  expect(kept.keep("e", "123456")).toBe("123456");
  expect(["b", "c", "d", "e"].map((key) => kept.get(key))).toEqual([undefined, undefined, undefined, undefined]);
});

it("forgets what it is told to, and has the room again", () => {
  const kept = new RecentlyUsed<number>(2);
  for (const value of [1, 2]) kept.keep(`${value}`, value);
  kept.forgetWhere((value) => value === 1);
  kept.keep("3", 3);
  expect(["1", "2", "3"].map((key) => kept.get(key))).toEqual([undefined, 2, 3]);
  kept.clear();
  for (const value of [4, 5]) kept.keep(`${value}`, value);
  expect(["2", "3", "4", "5"].map((key) => kept.get(key))).toEqual([undefined, undefined, 4, 5]);
});
