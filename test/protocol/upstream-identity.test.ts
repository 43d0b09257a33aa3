import { describe, expect, it } from "vitest";
import { joinUserInfo, lacksClaims } from "../../src/protocol/upstream-identity.ts";

const TOKEN = { iss: "https://op.example", sub: "ana", aud: "usher", exp: 2, iat: 1, nonce: "n" };

describe("the UserInfo endpoint is worth a question", () => {
  it.each<[string, readonly string[] | "all", object, boolean]>([
    ["for a claim that is left out", ["email", "role"], { email: "ana@example.com" }, true],
    ["for none that is there", ["email"], { email: "ana@example.com" }, false],
    ["for none that is about the token", ["aud", "nbf"], {}, false],
    ["for everything, where the token tells nothing", "all", {}, true],
    ["for nothing more, where the token tells something", "all", { role: "doctor" }, false],
  ])("%s", (_, claims, told, isWorth) => {
    expect(lacksClaims({ claims }, { ...TOKEN, ...told })).toBe(isWorth);
  });
});

describe("what token and UserInfo say together", () => {
  it("is what each says, and the token has the last word", () => {
    const joined = joinUserInfo({ ...TOKEN, role: "doctor" }, { sub: "ana", iss: "other", role: "nurse", name: "Ana" });
    expect(joined).toMatchObject({ ...TOKEN, role: "doctor", name: "Ana" });
  });

  it("never verifies an address by what was said of another", () => {
    const userInfo = { sub: "ana", email: "ana@example.com", email_verified: true };
    expect(joinUserInfo({ ...TOKEN, email: "mallory@example.com" }, userInfo)).toMatchObject(userInfo);
    const token = { ...TOKEN, email: "old@example.com", email_verified: false };
    expect(joinUserInfo(token, userInfo)).toMatchObject(token);
  });
});
