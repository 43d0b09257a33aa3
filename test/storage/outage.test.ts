import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { isOutage } from "../../src/storage/outage.ts";

/** What a call of this object's method comes to. */
async function failureOf(method: string): Promise<unknown> {
  const ledger = env.OWNER_LEDGER.getByName("nobody's") as unknown as Record<string, () => Promise<unknown>>;
  try {
    return await ledger[method]?.();
  } catch (error) {
    return error;
  }
}

it("an object that still runs the release before, and lacks a method, is worth another try", async () => {
  expect(isOutage(await failureOf("of_a_later_release"))).toBe(true);
});

it("a mistake of our own is none", () => {
  expect(isOutage(new TypeError("x is not a function"))).toBe(false);
  expect(isOutage(new TypeError("this receiver does not implement the method x"))).toBe(false);
  expect(isOutage("a text")).toBe(false);
});
