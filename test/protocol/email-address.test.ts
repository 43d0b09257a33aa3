import { describe, expect, it } from "vitest";
import { letterBoxOf, parseAddress } from "../../src/protocol/email-address.ts";

describe("an address", () => {
  it.each([
    [" Ana.Lee@Example.COM ", "ana.lee@example.com"],
    ["o'neil+usher@mail.example", "o'neil+usher@mail.example"],
    ["ána@bücher.example", "ána@xn--bcher-kva.example"],
    ["अना@example.com", "अना@example.com"],
  ])("%j is written to as %j", (typed, address) => {
    expect(parseAddress(typed)).toBe(address);
  });

  it.each([
    ["nothing", ""],
    ["no at", "ana.example.com"],
    ["no local part", "@example.com"],
    ["no domain", "ana@"],
    ["a list", "eve,ana@example.com"],
    ["another address in brackets", "eve<ana@example.com"],
    ["two at signs", "eve@evil.example,ana@example.com"],
    ["a line end", "ana@example.com\nbcc:eve@evil.example"],
    ["a blank", "a na@example.com"],
    ["quotes", '"ana"@example.com'],
    ["two dots in a row", "a..na@example.com"],
    ["a dot at its end", "ana.@example.com"],
    ["too much", `${"a".repeat(245)}@example.com`],
    ["much too much", `${"a".repeat(1_000_000)}@example.com`],
    ["an invisible letter", "a\u200bna@example.com"],
    ["a mark of direction", "a\u202ena@example.com"],
  ])("with %s is none", (_, typed) => {
    expect(parseAddress(typed)).toBeNull();
  });

  it.each([
    ["ana+usher@example.com", "ana@example.com"],
    ["ana+a+b@example.com", "ana@example.com"],
    ["+ana@example.com", "+ana@example.com"],
    ["ana@example.com", "ana@example.com"],
  ])("%j ends in the box %j", (address, box) => {
    expect(letterBoxOf(address)).toBe(box);
  });
});
