import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeBase64url, encodeBase64url } from "../../src/shared/base64url.ts";

it("writes what Node writes, and reads it back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const text = encodeBase64url(bytes);
      expect(text).toBe(Buffer.from(bytes).toString("base64url"));
      expect(decodeBase64url(text)).toEqual(new Uint8Array(bytes));
    }),
  );
});

it("has one text for one value: whatever it reads, it would have written the same", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."ABYZaz019-_+/= \n") }), (text) => {
      const bytes = decodeBase64url(text);
      if (bytes) expect(encodeBase64url(bytes)).toBe(text);
    }),
  );
});

it.each(["A", "AB", "AAA=", "AA==", "A+/A", "AAAA\n", " AAAA", "é"])("reads nothing from %j", (text) => {
  expect(decodeBase64url(text)).toBeNull();
});
