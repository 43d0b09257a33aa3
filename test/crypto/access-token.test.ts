import { decodeProtectedHeader, jwtVerify, SignJWT, UnsecuredJWT } from "jose";
import { beforeEach, describe, expect, it } from "vitest";
import { createAccessTokenSigner } from "../../src/crypto/access-token.ts";
import type { AccessTokenClaims, AccessTokenSigner } from "../../src/operations/ports/access-token.ts";
import { KEY_PUBLISH_AHEAD_SECONDS } from "../../src/protocol/lifetimes.ts";
import { ISSUER, Signer, START } from "../support/pure/signer.ts";
import { StoppedClock } from "../support/workerd/stopped-clock.ts";
import { TestRing } from "../support/workerd/test-ring.ts";

const CLAIMS: AccessTokenClaims = {
  iss: ISSUER,
  sub: "party",
  aud: "resource-server",
  client_id: "printer",
  iat: START,
  exp: START + 300,
  jti: "locator",
  permissions: [{ resource_id: "photo", resource_scopes: ["view"], exp: START + 300 }],
};

const clock = StoppedClock.forEachTest();
let ring: TestRing;
let tokens: AccessTokenSigner;

beforeEach(() => {
  ring = new TestRing();
  tokens = createAccessTokenSigner(ring.cache(), ISSUER, () => clock.now);
});

const signingKey = () => ring.cache().activeSigningKey(clock.now);

/** Signs anything with the ring's own key. */
async function signedByUs(claims: object, header: object = {}): Promise<string> {
  const { kid, alg, privateKey } = await signingKey();
  return new SignJWT({ ...claims }).setProtectedHeader({ alg, kid, typ: "at+jwt", ...header }).sign(privateKey);
}

describe("access tokens", () => {
  it("signed with a published key, as at+jwt", async () => {
    const token = await tokens.sign(CLAIMS);
    const { keys } = await ring.cache().publicJwks(START);
    const [jwk] = keys as { kid: string; alg: string }[];
    expect(decodeProtectedHeader(token)).toEqual({ alg: jwk?.alg, kid: jwk?.kid, typ: "at+jwt" });
    const { publicKey } = await signingKey();
    expect((await jwtVerify(token, publicKey, { currentDate: new Date(START * 1000) })).payload).toEqual(CLAIMS);
  });

  it("are known again by every isolate", async () => {
    const token = await tokens.sign(CLAIMS);
    const elsewhere = createAccessTokenSigner(ring.cache(), ISSUER, () => clock.now);
    expect(await elsewhere.verify(token, START)).toEqual(CLAIMS);
  });

  it("keep what their bearer has to prove", async () => {
    const bound = { ...CLAIMS, cnf: { jkt: "k".repeat(43) } };
    expect(await tokens.verify(await tokens.sign(bound), START)).toEqual(bound);
  });

  it("end when they expire", async () => {
    const token = await tokens.sign(CLAIMS);
    expect(await tokens.verify(token, START + 299)).toEqual(CLAIMS);
    expect(await tokens.verify(token, START + 300)).toBeNull();
  });

  it("verify after their key was retired", async () => {
    await tokens.sign(CLAIMS);
    await ring.rotate();
    clock.set(START + KEY_PUBLISH_AHEAD_SECONDS - 1);
    const token = await tokens.sign({ ...CLAIMS, exp: clock.now + 300 });
    clock.set(START + KEY_PUBLISH_AHEAD_SECONDS + 200);
    const next = await tokens.sign({ ...CLAIMS, exp: clock.now + 300 });
    expect(decodeProtectedHeader(next).kid).not.toBe(decodeProtectedHeader(token).kid);
    expect(await tokens.verify(token, clock.now)).not.toBeNull();
  });

  it.each([
    ["another type", () => signedByUs(CLAIMS, { typ: "JWT" })],
    ["no type", () => signedByUs(CLAIMS, { typ: undefined })],
    ["another issuer", () => signedByUs({ ...CLAIMS, iss: `${ISSUER}/` })],
    ["a claim missing", () => signedByUs({ ...CLAIMS, jti: undefined })],
    ["no expiry", () => signedByUs({ ...CLAIMS, exp: undefined })],
    ["a proof to ask for that is not known here", () => signedByUs({ ...CLAIMS, cnf: { kid: "k" } })],
    ["an audience that is no text", () => signedByUs({ ...CLAIMS, aud: ["a", 1] as string[] })],
    ["a critical extension", () => signedByUs(CLAIMS, { crit: ["exp"] }).catch(() => "a.b.c")],
    ["an unknown kid", () => signedByUs(CLAIMS, { kid: "unknown" })],
    ["no kid", () => signedByUs(CLAIMS, { kid: undefined })],
  ])("are refused with %s", async (_case, forge) => {
    expect(await tokens.verify(await forge(), START)).toBeNull();
  });

  it("alg none, and HS256 with the public key as secret, are refused", async () => {
    const { kid, publicJwk } = await signingKey();
    const unsecured = new UnsecuredJWT({ ...CLAIMS }).encode();
    expect(await tokens.verify(unsecured, START)).toBeNull();
    const secret = new TextEncoder().encode(JSON.stringify(publicJwk));
    const hmac = new SignJWT({ ...CLAIMS }).setProtectedHeader({ alg: "HS256", kid, typ: "at+jwt" }).sign(secret);
    expect(await tokens.verify(await hmac, START)).toBeNull();
  });

  it("a key in the header or at its jku is not looked at", async () => {
    const stranger = await Signer.create("stranger");
    const { kid } = await signingKey();
    const header = { typ: "at+jwt", kid, jwk: stranger.publicJwk, jku: "https://stranger.example/jwks" };
    expect(await tokens.verify(await stranger.sign({ ...CLAIMS }, header), START)).toBeNull();
  });

  it("are not confused by garbage", async () => {
    const token = await tokens.sign(CLAIMS);
    const [header, payload, signature] = token.split(".");
    const texts = ["", ".", "..", "a.b.c", `${header}..${signature}`, `${header}.${payload}.`, `${token}.${signature}`];
    for (const text of [...texts, "é", `${token}${"A".repeat(20_000)}`])
      expect(await tokens.verify(text, START)).toBeNull();
  });
});
