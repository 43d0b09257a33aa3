import { expect, it } from "vitest";
import { isVisible } from "../../src/shared/visible.ts";

it.each(["a", "9", "李", "!", "€", "👩‍⚕️", "\u200b\u202ea", "e\u0301"])("%j can be seen", (text) => {
  expect(isVisible(text)).toBe(true);
});

it.each([
  "",
  " ",
  "\u0301",
  "\u200b",
  "\u00ad",
  "\u2060\ufeff",
  "\u3164",
  "\uffa0",
  "\u115f\u1160",
  "\u2800",
  "\u202e",
  "\u{e0041}",
])("of %j nothing is to be seen", (text) => {
  expect(isVisible(text)).toBe(false);
});
