import { expect, it } from "vitest";
import { readSoughtActivity } from "../../../src/http/console/sought-activity.ts";

it("what is sought in the log is cut where it is longer than any name", () => {
  const { text } = readSoughtActivity((name) => (name === "q" ? " a".repeat(8_000) : undefined));
  expect(text).toBe("a ".repeat(100).trim());
});
