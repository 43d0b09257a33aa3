import { expect, it } from "vitest";
import { matchesText } from "../../src/http/search-text.ts";

const TEXTS = ["Dr. Zoë Müller was let in to view Straße 7.", "zoe@example.com"];

it.each(["", "zoe", "ZOË", "muller let", "  müller\tstrasse ", "example.com dr."])("%j is found", (typed) => {
  expect(matchesText(typed, TEXTS)).toBe(true);
});

it.each(["roth", "zoe roth", "zoe view@"])("%j is not", (typed) => {
  expect(matchesText(typed, TEXTS)).toBe(false);
});
