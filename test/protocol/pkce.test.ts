import { expect, it } from "vitest";
import { isCodeChallenge, isCodeVerifier } from "../../src/protocol/pkce.ts";

/** RFC 7636, appendix B. */
const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

it("a verifier has 43 to 128 unreserved characters", () => {
  for (const good of [VERIFIER, "a".repeat(43), "~._-".repeat(32)]) expect(isCodeVerifier(good), good).toBe(true);
  for (const bad of ["", "a".repeat(42), "a".repeat(129), `${VERIFIER}!`, `${VERIFIER}\n`]) {
    expect(isCodeVerifier(bad), bad).toBe(false);
  }
});

it("a challenge is 43 characters of base64url", () => {
  expect(isCodeChallenge(CHALLENGE)).toBe(true);
  for (const bad of ["abc", `${CHALLENGE}=`, CHALLENGE.replace("-", "+"), `${CHALLENGE}x`, `${CHALLENGE}\n`]) {
    expect(isCodeChallenge(bad), bad).toBe(false);
  }
});
