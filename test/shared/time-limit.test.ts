import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { withinSeconds } from "../../src/shared/time-limit.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("what comes in time is passed on, and leaves no timer behind", async () => {
  expect(await withinSeconds(2, Promise.resolve("done"))).toBe("done");
  await expect(withinSeconds(2, Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(vi.getTimerCount()).toBe(0);
});

it("what does not come in time is given up", async () => {
  const given = vi.fn();
  const waiting = withinSeconds(2, new Promise(() => undefined)).catch(given);
  await vi.advanceTimersByTimeAsync(1_999);
  expect(given).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await waiting;
  expect(given).toHaveBeenCalledWith(new Error("no answer within 2 seconds"));
});
