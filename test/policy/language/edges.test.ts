import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { isTimeZone } from "../../../src/policy/language/local-time.ts";
import { findNetworkFault } from "../../../src/policy/language/network.ts";
import { parseDocument } from "../../../src/policy/language/parse-document.ts";
import { parsePolicy } from "../../../src/policy/language/parse-policy.ts";
import { minimal } from "../documents.ts";

describe("a span of time", () => {
  it.each([{ not_before: "2027-01-01T00:00:00Z" }, { expires: "2027-01-01T00:00:00Z" }])("may be open: %j", (when) => {
    expect(parsePolicy({ ...minimal, when })).toEqual({ ...minimal, when });
  });
});

describe("a time zone", () => {
  it.each([
    ["Europe/Berlin", true],
    ["UTC", true],
    ["+01:00", false],
    ["Europe/Atlantis", false],
    ["", false],
  ])("%s is one: %s", (name, is) => {
    expect(isTimeZone(name)).toBe(is);
  });
});

describe("a CIDR block", () => {
  it.each([
    "x:y/8",
    "1.2.3.4:5/8",
    "::1::/8",
    "fe80::%1/64",
    "fe80::%eth0/64",
    "2001:db8::/032",
    "2001:db8::/129",
    "::/",
  ])("is not %s", (network) => {
    expect(findNetworkFault(network)).toBe("is not a CIDR block such as 192.0.2.0/24 or 2001:db8::/32");
  });

  it.each(["0.0.0.0/0", "192.0.2.1/32", "::/0", "2001:db8::/128"])("is %s", (network) => {
    expect(findNetworkFault(network)).toBeNull();
  });
});

describe("a document", () => {
  const words = v.array(v.strictObject({ word: v.string("must be a text") }));
  const refusal = (message: string) =>
    expect.objectContaining({ code: "invalid_request", reason: "bad_document", message });

  it("may be as large as is allowed", () => {
    expect(parseDocument(v.string(), "abc", 5)).toBe("abc");
    expect(() => parseDocument(v.string(), "abc", 4)).toThrow(refusal("the document is larger than 4 bytes"));
  });

  it("is told where its fault is, also in a list", () => {
    expect(() => parseDocument(words, [{ word: "a" }, { word: 1 }], 100)).toThrow(refusal("[1].word: must be a text"));
    const inner = v.strictObject({ words });
    expect(() => parseDocument(inner, { words: [{ word: 1 }] }, 100)).toThrow(refusal("words[0].word: must be a text"));
  });

  it("is not told more than fits an answer", () => {
    const name = "x".repeat(400);
    expect(() => parsePolicy({ ...minimal, [name]: 1 })).toThrow(refusal("x".repeat(300)));
  });
});
