import { expect, it } from "vitest";
import { drain } from "../../src/http/drain.ts";

it("waits no longer than it is told for whoever sends byte by byte", async () => {
  const state = { cancelled: false };
  const slow = new ReadableStream({
    type: "bytes",
    pull: async (controller) => {
      await scheduler.wait(5);
      if (!state.cancelled) controller.enqueue(new Uint8Array(1));
    },
    cancel: () => {
      state.cancelled = true;
    },
  });
  await drain(slow, 0.05);
  expect(state.cancelled).toBe(true);
});

it("takes what breaks off for all there is", async () => {
  const broken = new ReadableStream({
    type: "bytes",
    pull: (controller) => controller.error(new Error("Network connection lost.")),
  });
  await expect(drain(broken, 1)).resolves.toBeUndefined();
});
