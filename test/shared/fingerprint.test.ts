import { describe, expect, it } from "vitest";
import { fingerprint } from "../../src/shared/fingerprint.ts";

describe("the fingerprint of a text", () => {
  it.each([
    ["", 0x81_1c_9d_c5],
    ["a", 0xe4_0c_29_2c],
    ["foobar", 0xbf_9c_f9_68],
  ])("of %j is that of FNV-1a", (text, hash) => {
    expect(fingerprint(text)).toBe(hash.toString(36));
  });

  it("counts bytes, not letters", () => {
    expect(fingerprint("é")).not.toBe(fingerprint("\u00c3\u00a9"));
  });
});
