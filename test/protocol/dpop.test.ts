import { describe, expect, it } from "vitest";
import { type ProvenRequest, readProofClaims } from "../../src/protocol/dpop.ts";
import { MAX_JTI_CHARACTERS } from "../../src/shared/limits.ts";

const NOW = 1_900_000_000;
const REQUEST: ProvenRequest = { method: "POST", url: "https://as.example/token?one=1", tokenHash: null };
const PROOF = { jti: "j", htm: "POST", htu: "https://as.example/token", iat: NOW };
const read = (change: object, request = REQUEST) => readProofClaims({ ...PROOF, ...change }, request, NOW);

describe("a proof", () => {
  it("says what is left to look at", () => {
    expect(read({})).toEqual({ jti: "j", nonce: null, expiresAt: NOW + 90 });
    expect(read({ nonce: "n", iat: NOW - 0.5 })).toEqual({ jti: "j", nonce: "n", expiresAt: NOW + 90 });
  });

  it("is fresh for a minute, and half of one either way for clocks that are off", () => {
    for (const iat of [NOW + 30, NOW - 89, NOW - 89.5]) expect(read({ iat })).not.toBe("iat");
    for (const iat of [NOW + 31, NOW + 30.5, NOW - 90, NOW - 1_000, Number.POSITIVE_INFINITY]) {
      expect(read({ iat }), String(iat)).toBe("iat");
    }
  });

  it("has to be about the access token that it comes with, and about none else", () => {
    const request = { ...REQUEST, tokenHash: "hash" };
    expect(read({ ath: "hash" }, request)).toMatchObject({ jti: "j" });
    expect(read({ ath: "other" }, request)).toBe("ath");
    expect(read({}, request)).toBe("ath");
    expect(read({ ath: "hash" })).toMatchObject({ jti: "j" });
  });

  it.each([
    "https://AS.example/token",
    "https://as.example:443/token",
    "HTTPS://as.example/token?two=2#three",
    "https://as.example/a/../token",
    "https://as.example/%74ok%65n",
  ])("is for the same URL as %s", (htu) => {
    expect(read({ htu })).toMatchObject({ jti: "j" });
  });

  it.each([
    "https://as.example/Token",
    "https://as.example/token/",
    "https://as.example:8443/token",
    "http://as.example/token",
    "https://as.example.evil/token",
    "https://me@as.example/token",
    "https://:pw@as.example/token",
    "https://as.example/%54oken",
    "//as.example/token",
    "token",
    "",
    null,
    5,
    ["https://as.example/token"],
  ])("is not for the same URL as %j", (htu) => {
    expect(read({ htu })).toBe("htu");
  });

  it("is for no URL that is no target, though it is the same text", () => {
    for (const url of ["https://me@as.example/token", "token"])
      expect(read({ htu: url }, { ...REQUEST, url })).toBe("htu");
  });

  it("may have a jti as long as is remembered", () => {
    const jti = "j".repeat(MAX_JTI_CHARACTERS);
    expect(read({ jti })).toMatchObject({ jti });
  });

  it("keeps apart what an escape keeps apart, in whichever case it is written", () => {
    const request = { ...REQUEST, url: "https://as.example/resources/a%2Fb" };
    expect(read({ htu: "https://as.example/resources/a%2fb" }, request)).toMatchObject({ jti: "j" });
    expect(read({ htu: "https://as.example/resources/a/b" }, request)).toBe("htu");
  });

  it.each([
    ["jti", ""],
    ["jti", "j".repeat(MAX_JTI_CHARACTERS + 1)],
    ["jti", 5],
    ["htm", "post"],
    ["htm", undefined],
    ["iat", "1"],
    ["iat", undefined],
    ["nonce", 5],
    ["nonce", null],
  ])("is refused for %s as %j", (claim, value) => {
    expect(read({ [claim]: value })).toBe(claim);
  });
});
