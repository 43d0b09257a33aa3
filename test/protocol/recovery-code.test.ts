import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  parseRecoveryCode,
  RECOVERY_CODE_LENGTH,
  RECOVERY_CODE_LETTERS,
  renderRecoveryCode,
} from "../../src/protocol/recovery-code.ts";

const LETTERS = "BCDFGHJKLMNPQRSTVWXZ";
const codes = fc.string({
  unit: fc.constantFrom(...RECOVERY_CODE_LETTERS),
  minLength: RECOVERY_CODE_LENGTH,
  maxLength: RECOVERY_CODE_LENGTH,
});

describe("a recovery code", () => {
  it("is as hard to guess as a plain hash needs, and has no vowels and no digits", () => {
    expect(RECOVERY_CODE_LENGTH * Math.log2(RECOVERY_CODE_LETTERS.length)).toBeGreaterThan(80);
    expect(RECOVERY_CODE_LETTERS).not.toMatch(/[AEIOUY0-9]/);
    expect(new Set(RECOVERY_CODE_LETTERS).size).toBe(RECOVERY_CODE_LETTERS.length);
  });

  it("is shown in groups, and read as it was shown", () => {
    expect(renderRecoveryCode(LETTERS)).toBe("BCDF-GHJK-LMNP-QRST-VWXZ");
    fc.assert(fc.property(codes, (letters) => parseRecoveryCode(renderRecoveryCode(letters)) === letters));
  });

  it.each([
    "bcdfghjklmnpqrstvwxz",
    " bcdf ghjk lmnp qrst vwxz ",
    "BCDF–GHJK—LMNP−QRST-VWXZ",
    "BcDf.GhJk, LmNp\tQrSt\u00a0VwXz\n",
  ])("is read however it is typed: %j", (typed) => {
    expect(parseRecoveryCode(typed)).toBe(LETTERS);
  });

  it.each([
    "",
    "-",
    LETTERS.slice(1),
    `${LETTERS}B`,
    LETTERS.replace("B", "A"),
    LETTERS.replace("Z", "2"),
    "ß".repeat(20),
  ])("is nothing else: %j", (typed) => {
    expect(parseRecoveryCode(typed)).toBeNull();
  });
});
