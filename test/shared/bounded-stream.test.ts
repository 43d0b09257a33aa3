import { describe, expect, it } from "vitest";
import { readBounded } from "../../src/shared/bounded-stream.ts";

/** Gives these parts and then ends, fails, or says no more; tells whether its reader has let go. */
function streamOf(parts: readonly string[], then: "end" | "fail" | "stall") {
  const left = [...parts];
  const state = { cancelled: false };
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const part = left.shift();
      if (part !== undefined) return controller.enqueue(new TextEncoder().encode(part));
      if (then === "end") return controller.close();
      if (then === "fail") return controller.error(new Error("gone"));
      return new Promise(() => undefined);
    },
    cancel: () => {
      state.cancelled = true;
    },
  });
  return { stream, state };
}

const textOf = (bytes: Uint8Array | null) => bytes && new TextDecoder().decode(bytes);

describe("a stream", () => {
  it("is read whole up to the limit", async () => {
    expect(textOf(await readBounded(streamOf(["ab", "", "cde"], "end").stream, 5))).toBe("abcde");
    expect(textOf(await readBounded(streamOf([], "end").stream, 0))).toBe("");
  });

  it("is left to the caller beyond it", async () => {
    const { stream, state } = streamOf(["ab", "cde", "f"], "end");
    expect(await readBounded(stream, 4)).toBeNull();
    expect(state.cancelled).toBe(false);
    expect(textOf(await readBounded(stream, 4))).toBe("f");
  });

  it("fails as it fails", async () => {
    await expect(readBounded(streamOf(["ab"], "fail").stream, 5)).rejects.toThrow("gone");
  });

  it("is cut short by a signal", async () => {
    const { stream, state } = streamOf(["ab"], "stall");
    const abort = new AbortController();
    const reading = readBounded(stream, 5, abort.signal);
    abort.abort();
    await reading;
    expect(state.cancelled).toBe(true);
  });
});
