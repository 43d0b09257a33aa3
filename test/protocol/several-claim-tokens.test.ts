import { describe, expect, it } from "vitest";
import { parseClaimTokens } from "../../src/protocol/several-claim-tokens.ts";
import { MAX_CLAIM_TOKEN_CHARACTERS, MAX_CLAIM_TOKENS, MAX_WORD_CHARACTERS } from "../../src/shared/limits.ts";
import "../support/pure/base64.ts";

const PART = { claim_token: "a.b.c", claim_token_format: "passport" };
const READ = { token: "a.b.c", format: "passport" };
const encode = (text: string) => Buffer.from(text).toString("base64url");
const parse = (value: unknown) => parseClaimTokens(encode(JSON.stringify(value)));

describe("several claim tokens in one parameter (Grant §3.3.1)", () => {
  it("are each read with its format, in their order", () => {
    expect(parse([PART])).toEqual([READ]);
    expect(parse([PART, { claim_token: "d", claim_token_format: "é" }])).toEqual([READ, { token: "d", format: "é" }]);
  });

  it("are so many, and so long, at most", () => {
    const longest = {
      claim_token: "t".repeat(MAX_CLAIM_TOKEN_CHARACTERS),
      claim_token_format: "f".repeat(MAX_WORD_CHARACTERS),
    };
    expect(parse(Array.from({ length: MAX_CLAIM_TOKENS }, () => longest))).toHaveLength(MAX_CLAIM_TOKENS);
    expect(parse(Array.from({ length: MAX_CLAIM_TOKENS + 1 }, () => PART))).toBeNull();
    expect(parse([{ ...longest, claim_token: `${longest.claim_token}t` }])).toBeNull();
    expect(parse([{ ...longest, claim_token_format: `${longest.claim_token_format}f` }])).toBeNull();
  });

  it("may be padded as base64 is", () => {
    const padded = ["", " ", "  "].map((blanks) => Buffer.from(JSON.stringify([PART]) + blanks).toString("base64"));
    expect(padded.map((text) => text.replace(/^\w+/, "")).sort()).toEqual(["", "=", "=="]);
    for (const text of padded) expect(parseClaimTokens(text), text).toEqual([READ]);
  });

  it.each([
    ["nothing", ""],
    ["JSON that is not encoded", JSON.stringify([PART])],
    ["what is no JSON", encode("[")],
    ["padding at the front", `=${encode(JSON.stringify([PART]))}`],
    ["more padding than there is", `${encode(JSON.stringify([PART]))}===`],
  ])("are not read from %s", (_, text) => {
    expect(parseClaimTokens(text)).toBeNull();
  });

  it.each<[string, unknown]>([
    ["null", null],
    ["one that is no list", PART],
    ["an empty list", []],
    ["a text", ["a.b.c"]],
    ["no token", [{ claim_token_format: "passport" }]],
    ["no format", [{ claim_token: "a.b.c" }]],
    ["an empty token", [{ ...PART, claim_token: "" }]],
    ["an empty format", [{ ...PART, claim_token_format: "" }]],
    ["a token that is no text", [{ ...PART, claim_token: 5 }]],
    ["a member that is not known", [{ ...PART, typ: "passport" }]],
    ["a bad one after a good one", [PART, {}]],
  ])("are nothing else: %s", (_, value) => {
    expect(parse(value)).toBeNull();
  });
});
