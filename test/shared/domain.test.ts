import { describe, expect, it } from "vitest";
import { canonicalDomain } from "../../src/shared/domain.ts";
import { canonicalEmail, emailDomain } from "../../src/shared/email.ts";

describe("a domain", () => {
  it.each([
    ["example.com", "example.com"],
    ["EXAMPLE.Com", "example.com"],
    ["example.com.", "example.com"],
    ["bücher.example", "xn--bcher-kva.example"],
    ["BÜCHER.example", "xn--bcher-kva.example"],
    ["bu\u0308cher.example", "xn--bcher-kva.example"],
    ["xn--bcher-kva.example", "xn--bcher-kva.example"],
    ["XN--Bcher-KVA.example.", "xn--bcher-kva.example"],
    ["straße.example", "xn--strae-oqa.example"],
    ["例え。テスト", "xn--r8jz45g.xn--zckzah"],
    ["a-b.c-d.example", "a-b.c-d.example"],
    ["1and1.example", "1and1.example"],
  ])("%s is compared as %s", (spelling, canonical) => {
    expect(canonicalDomain(spelling)).toBe(canonical);
    expect(canonicalDomain(canonical)).toBe(canonical);
  });

  it.each([
    ["one label", "localhost"],
    ["nothing", ""],
    ["a dot", "."],
    ["two dots at its end", "example.com.."],
    ["an empty label", "a..example"],
    ["an IPv4 address", "192.0.2.1"],
    ["an IPv4 address in other numbers", "0x7f.1"],
    ["a number at its end", "example.1"],
    ["an IPv6 address", "[::1]"],
    ["a port", "example.com:443"],
    ["a path", "example.com/x"],
    ["a query", "example.com?x"],
    ["a fragment", "example.com#x"],
    ["a name before it", "me@example.com"],
    ["an escape", "ex%61mple.com"],
    ["a wildcard", "*.example.com"],
    ["a blank", "example .com"],
    ["a line end", "example.com\n"],
    ["a tab, which URLs drop", "exam\tple.com"],
    ["an underscore", "a_b.example"],
    ["a hyphen at the start of a label", "-a.example"],
    ["a hyphen at the end of a label", "a-.example"],
    ["a long label", `${"a".repeat(64)}.example`],
    ["too many letters", `${"a.".repeat(127)}example`],
    ["fullwidth letters", "ｅvil.example"],
    ["a fullwidth dot", "evil．example"],
    ["a Kelvin sign for k", "\u212Aiosk.example"],
    ["a long s", "\u017Ftore.example"],
    ["a ligature", "\uFB01ve.example"],
    ["a soft hyphen", "exam\u00adple.com"],
    ["a zero width space", "exam\u200bple.com"],
    ["a joiner where no script needs it", "exam\u200dple.com"],
    ["half a character", "\ud800.example"],
  ])("is not %s", (_, text) => {
    expect(canonicalDomain(text)).toBeNull();
  });
});

describe("an e-mail address", () => {
  it.each([
    ["bob@example.com", "bob@example.com"],
    ["Bob@EXAMPLE.com.", "bob@example.com"],
    ["b.o'b+x@bücher.example", "b.o'b+x@xn--bcher-kva.example"],
    ["Jose\u0301@example.com", "jos\u00e9@example.com"],
    ["ÉVE@example.com", "Éve@example.com"],
    ["E\u0301VE@example.com", "Éve@example.com"],
    ["H\u0331al@example.com", "\u1e96al@example.com"],
  ])("%s is compared as %s", (address, canonical) => {
    expect(canonicalEmail(address)).toBe(canonical);
    expect(canonicalEmail(canonical)).toBe(canonical);
    expect(`${canonical.split("@")[0]}@${emailDomain(address)}`).toBe(canonical);
  });

  it.each([
    "",
    "@",
    "bob",
    "bob@",
    "@example.com",
    "bob@example",
    "bob@192.0.2.1",
    "bob@example.com@evil.example",
    "bob @example.com",
    "bob@ｅvil.example",
    "\u212Aim@example.com",
    "bob\n@example.com",
  ])("is not %j", (text) => {
    expect(canonicalEmail(text)).toBeNull();
    expect(emailDomain(text)).toBeNull();
  });
});
