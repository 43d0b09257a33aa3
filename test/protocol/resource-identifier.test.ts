import { describe, expect, it } from "vitest";
import { canonicalIdentifier, isCanonicalIdentifier, isWithin } from "../../src/protocol/resource-identifier.ts";
import { MAX_RESOURCE_IDENTIFIER_CHARACTERS } from "../../src/shared/limits.ts";

describe("a resource identifier (RFC 8707 §2)", () => {
  it.each([
    ["https://mcp.example/mcp", "https://mcp.example/mcp"],
    ["HTTPS://MCP.example:443/mcp", "https://mcp.example/mcp"],
    ["https://mcp.example", "https://mcp.example/"],
    ["https://mcp.example/mcp/", "https://mcp.example/mcp/"],
    ["https://mcp.example/a?tenant=b", "https://mcp.example/a?tenant=b"],
    ["http://localhost:8788/mcp", "http://localhost:8788/mcp"],
  ])("is compared as a URL parser writes it: %s", (text, canonical) => {
    expect(canonicalIdentifier(text)).toBe(canonical);
    expect([isCanonicalIdentifier(canonical), isCanonicalIdentifier(text)]).toEqual([true, text === canonical]);
  });

  it.each([
    "",
    "mcp",
    "/mcp",
    "https://mcp.example/mcp#part",
    "http://mcp.example/mcp",
    "ftp://mcp.example/mcp",
    "ftp://localhost/mcp",
    "urn:mcp:server",
    "https://me@mcp.example/mcp",
    "https://mcp.example/m cp",
  ])("is no %j", (text) => {
    expect(canonicalIdentifier(text)).toBeNull();
  });

  it("may be as long as the bound says, and no longer", () => {
    const longest = "https://mcp.example/".padEnd(MAX_RESOURCE_IDENTIFIER_CHARACTERS, "a");
    expect([canonicalIdentifier(longest), canonicalIdentifier(`${longest}a`)]).toEqual([longest, null]);
  });
});

describe("what lies below an identifier", () => {
  it.each([
    ["https://mcp.example/mcp", true],
    ["https://mcp.example/mcp/ana", true],
    ["https://mcp.example/mcp?of=ana", true],
    ["https://mcp.example/mcp2", false],
    ["https://mcp.example/", false],
    ["https://mcp.example.evil.example/mcp", false],
  ])("%s: %s", (identifier, isBelow) => {
    expect(isWithin(identifier, ["https://other.example/", "https://mcp.example/mcp"])).toBe(isBelow);
  });

  it("is everything at a host that is named itself, and nothing where nothing is named", () => {
    expect(isWithin("https://mcp.example/mcp", ["https://mcp.example/"])).toBe(true);
    expect(isWithin("https://mcp.example/mcp", [])).toBe(false);
  });
});
