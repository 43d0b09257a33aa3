import { decodeProtectedHeader, SignJWT } from "jose";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createAccessTokenSigner } from "../../src/crypto/access-token.ts";
import { createIdTokenSigner } from "../../src/crypto/own-id-token.ts";
import type { IdTokenSigner } from "../../src/operations/ports/id-token.ts";
import type { IdTokenClaims } from "../../src/protocol/wire/identity.ts";
import { ISSUER, START } from "../support/pure/signer.ts";
import { TestRing } from "../support/workerd/test-ring.ts";

const CLAIMS: IdTokenClaims = {
  iss: ISSUER,
  sub: "somebody",
  aud: "app",
  iat: START,
  exp: START + 3_600,
  auth_time: START - 5,
  amr: ["otp"],
  nonce: "n",
  jti: "sealed",
};

let ring: TestRing;
let idTokens: IdTokenSigner;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: START * 1_000 });
  ring = new TestRing();
  idTokens = createIdTokenSigner(ring.cache(), ISSUER, () => START);
});

afterEach(() => {
  vi.useRealTimers();
});

it.each(["RS256", "ES256"] as const)(
  "is signed with %s and known again, also once it has expired",
  async (algorithm) => {
    const token = await idTokens.sign(CLAIMS, algorithm);
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: algorithm, typ: "JWT" });
    for (const now of [START, START + 7_200]) expect(await idTokens.read(token, now)).toEqual(CLAIMS);
  },
);

it("is known again after its key was succeeded", async () => {
  const token = await idTokens.sign(CLAIMS, "RS256");
  await ring.rotate();
  expect(await idTokens.read(token, START)).toEqual(CLAIMS);
});

it("is none that another server signed, or that says another issuer", async () => {
  const elsewhere = createIdTokenSigner(new TestRing().cache(), ISSUER, () => START);
  expect(await idTokens.read(await elsewhere.sign(CLAIMS, "RS256"), START)).toBeNull();
  const lying = await idTokens.sign({ ...CLAIMS, iss: "https://other.example" }, "RS256");
  expect(await idTokens.read(lying, START)).toBeNull();
});

it("is no other kind of JWT of ours, and no other kind passes for one", async () => {
  const tokens = createAccessTokenSigner(ring.cache(), ISSUER, () => START);
  const access = { iss: ISSUER, sub: "s", aud: ISSUER, client_id: "app", iat: START, exp: START + 60, jti: "j" };
  expect(await idTokens.read(await tokens.sign(access), START)).toBeNull();
  expect(await tokens.verify(await idTokens.sign(CLAIMS, "ES256"), START)).toBeNull();
  const { kid, privateKey } = await ring.cache().activeIdTokenKey("ES256", START);
  const typed = new SignJWT({ ...CLAIMS }).setProtectedHeader({ alg: "ES256", kid, typ: "logout+jwt" });
  expect(await idTokens.read(await typed.sign(privateKey), START)).toBeNull();
});

it.each(["", "a.b", "a.b.c", "x".repeat(20_000)])("is not %j", async (text) => {
  expect(await idTokens.read(text, START)).toBeNull();
});
