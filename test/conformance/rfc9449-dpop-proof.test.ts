import { exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT, UnsecuredJWT } from "jose";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { Signer } from "../support/pure/signer.ts";
import type { Answer } from "../support/server/http-site.ts";
import { permission } from "../support/server/protection-api.ts";
import { type ProofOrder, Prover } from "../support/server/prover.ts";
import { refused, Scene } from "../support/server/scene.ts";
import { text, UMA_GRANT } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

/** What a proof of possession has to be, at the token endpoint and where an access token is used. */

const world = localWorld();
const INVALID_PROOF = refused(400, "invalid_dpop_proof");
let scene: Scene;
let photo: string;
let prover: Prover;
/** Bound to the prover's key. */
let pat: string;

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.resource();
  await scene.permitAnyone();
  prover = await Prover.create(world);
  pat = text(await prover.token(scene.cast.rs1, { grant_type: "client_credentials" }), "access_token");
});

afterEach(() => {
  vi.useRealTimers();
});

const ticketForm = async () => ({ grant_type: UMA_GRANT, ticket: await scene.ticket(photo) });
const redeem = async (order: ProofOrder = {}, by = prover) => by.token(scene.cast.c1, await ticketForm(), order);
const redeemWith = async (proof: string) => prover.tokenWith(scene.cast.c1, await ticketForm(), proof);
const usePat = (order: ProofOrder = {}) => prover.send("GET", "/resources", pat, {}, order);

/** RFC 9449 §7.1: where an access token is used, the challenge says what is wrong. */
function expectChallenged(answer: Answer, error = "invalid_dpop_proof"): void {
  expect(answer).toMatchObject(refused(401, error));
  expect(answer.headers.get("www-authenticate")).toMatch(new RegExp(`^DPoP .*error="${error}".*algs="ES256 `));
}

describe("the form (RFC 9449 §4.3)", () => {
  it.each([
    ["two proofs", async () => `${await prover.proof()}, ${await prover.proof()}`],
    ["what is no JWT", async () => "abc"],
    ["nothing", async () => ""],
    ["three empty parts", async () => ".."],
    ["a JWE", async () => "a.b.c.d.e"],
    ["one that is too long", async () => prover.proof({ claims: { more: "x".repeat(10_000) } })],
  ])("O-9449-4.3-single-header refuses %s", async (_, proof) => {
    expect(await redeemWith(await proof())).toMatchObject(INVALID_PROOF);
  });
});

describe("the claims (RFC 9449 §4.2)", () => {
  it.each(["jti", "htm", "htu", "iat"])("O-9449-4.3-required-claims refuses a proof without %s", async (claim) => {
    const without = { claims: { [claim]: undefined } };
    expect(await redeem(without)).toMatchObject(INVALID_PROOF);
    expectChallenged(await usePat(without));
  });

  it("O-9449-4.3-required-claims refuses one without ath beside an access token, and with the hash of another", async () => {
    expectChallenged(await usePat({ claims: { ath: undefined } }));
    expectChallenged(await usePat({ accessToken: "another" }));
    expect((await usePat()).status).toBe(200);
  });

  it.each([
    ["jti", 5],
    ["jti", ""],
    ["htm", ["POST"]],
    ["htu", 5],
    ["iat", "now"],
    ["nonce", 5],
  ])("O-9449-4.3-required-claims refuses %s as %j", async (claim, value) => {
    expect(await redeem({ claims: { [claim]: value } })).toMatchObject(INVALID_PROOF);
  });
});

describe("type and algorithm (RFC 9449 §4.2)", () => {
  it.each(["JWT", "at+jwt", "dpop", undefined])("O-9449-4.3-typ-alg refuses the type %s", async (typ) => {
    // exactOptionalPropertyTypes would not let a header leave its type out.
    const header = { typ } as Partial<JWTHeaderParameters>;
    expect(await redeem({ header })).toMatchObject(INVALID_PROOF);
    expectChallenged(await usePat({ header }));
  });

  it("O-9449-4.3-typ-alg refuses a proof that nobody signed, and one by a shared secret", async () => {
    const claims = { htm: "POST", htu: `${world.site.issuer}/token`, jti: "j", iat: Math.floor(Date.now() / 1_000) };
    const [, payload] = new UnsecuredJWT(claims).encode().split(".");
    const header = btoa(JSON.stringify({ typ: "dpop+jwt", alg: "none", jwk: prover.signer.publicJwk })).replaceAll(
      "=",
      "",
    );
    expect(await redeemWith(`${header}.${payload}.`)).toMatchObject(INVALID_PROOF);
    const secret = crypto.getRandomValues(new Uint8Array(32));
    const jwk = { kty: "oct", k: secret.toBase64({ alphabet: "base64url", omitPadding: true }) };
    const signed = new SignJWT(claims).setProtectedHeader({ typ: "dpop+jwt", alg: "HS256", jwk: jwk as never });
    expect(await redeemWith(await signed.sign(secret))).toMatchObject(INVALID_PROOF);
  });

  it.each(["ES256", "ES384", "EdDSA", "PS256", "RS256"])("O-9449-4.3-typ-alg takes %s", async (alg) => {
    expect(await redeem({}, await Prover.create(world, alg))).toMatchObject({ status: 200 });
  });

  it("O-9449-4.3-typ-alg refuses an algorithm that is not of the key", async () => {
    const other = await Prover.create(world, "ES384");
    const { kid: _, ...jwk } = prover.signer.publicJwk;
    expect(await redeem({ header: { jwk } }, other)).toMatchObject(INVALID_PROOF);
  });

  it("O-9449-4.3-typ-alg refuses a critical extension", async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256");
    const claims = { htm: "POST", htu: `${world.site.issuer}/token`, jti: crypto.randomUUID() };
    const header = { alg: "ES256", typ: "dpop+jwt", jwk: await exportJWK(publicKey), crit: ["b64"], b64: true };
    const proof = await new SignJWT(claims).setIssuedAt().setProtectedHeader(header).sign(privateKey);
    expect(await redeemWith(proof)).toMatchObject(INVALID_PROOF);
  });
});

describe("the key (RFC 9449 §4.2)", () => {
  it("O-9449-4.3-jwk refuses a key with its private half", async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    const claims = { htm: "POST", htu: `${world.site.issuer}/token`, jti: crypto.randomUUID() };
    const signed = async (jwk: object) => {
      const proof = new SignJWT(claims).setIssuedAt();
      return proof.setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk }).sign(privateKey);
    };
    expect(await redeemWith(await signed(await exportJWK(privateKey)))).toMatchObject(INVALID_PROOF);
    expect(await redeemWith(await signed(await exportJWK(publicKey)))).toMatchObject({ status: 200 });
  });

  it("O-9449-4.3-jwk refuses the key of somebody else, and none at all", async () => {
    const signer = await Signer.create("k1");
    expect(await redeem({ signer })).toMatchObject(INVALID_PROOF);
    expectChallenged(await usePat({ signer }));
    expect(await redeem({ header: { jwk: undefined } as never })).toMatchObject(INVALID_PROOF);
    for (const jwk of [{}, "key", { kty: "EC", crv: "P-256", x: "AA", y: "AA" }]) {
      expect(await redeem({ header: { jwk: jwk as never } })).toMatchObject(INVALID_PROOF);
    }
  });
});

describe("the request it is for (RFC 9449 §4.3)", () => {
  it.each([
    ["another method", { htm: "GET" }],
    ["a method in other letters", { htm: "post" }],
    ["another endpoint", { htu: `${world.site.issuer}/revocation` }],
    ["another host", { htu: "https://elsewhere.example/token" }],
    ["another scheme", { htu: `${world.site.issuer.replace("http:", "https:")}/token` }],
    ["another port", { htu: "http://localhost:1/token" }],
    ["a path below", { htu: `${world.site.issuer}/token/more` }],
    ["a path alone", { htu: "/token" }],
    ["credentials in the URL", { htu: `${world.site.issuer.replace("//", "//me@")}/token` }],
  ])("O-9449-4.3-htm-htu refuses a proof for %s", async (_, claims) => {
    expect(await redeem({ claims })).toMatchObject(INVALID_PROOF);
  });

  it("O-9449-4.3-htm-htu refuses a proof for another method and endpoint where an access token is used", async () => {
    expectChallenged(await usePat({ method: "POST" }));
    expectChallenged(await usePat({ path: "/permission" }));
  });

  it.each([
    ["an upper-case host", `${world.site.issuer.replace("localhost", "LOCALHOST")}/token`],
    ["a query and a fragment", `${world.site.issuer}/token?one=1#two`],
    ["dot segments", `${world.site.issuer}/x/../token`],
    ["what need not be escaped", `${world.site.issuer}/%74oken`],
  ])("O-9449-4.3-htm-htu takes another spelling of the same URL: %s", async (_, htu) => {
    expect(await redeem({ claims: { htu } })).toMatchObject({ status: 200 });
  });
});

describe("the request it is for, where the port goes without saying (RFC 9449 §4.3)", () => {
  const https = configuredWorld({ ISSUER: "https://as.example" });

  it.each([
    ["https://as.example/token", 200],
    ["https://as.example:443/token", 200],
    ["HTTPS://AS.EXAMPLE:443/token", 200],
    ["https://as.example:80/token", 400],
    ["https://as.example:8443/token", 400],
    ["http://as.example:443/token", 400],
  ])("O-9449-4.3-htm-htu %s", async (htu, status) => {
    const order = { claims: { htu } };
    const by = await Prover.create(https);
    expect((await by.token(scene.cast.rs1, { grant_type: "client_credentials" }, order)).status).toBe(status);
  });
});

describe("its time (RFC 9449 §11.1)", () => {
  it.each([-600, -100, 40, 600])("O-9449-11.1-freshness refuses a proof made %i seconds from now", async (offset) => {
    const iat = Math.floor(Date.now() / 1_000) + offset;
    expect(await redeem({ claims: { iat } })).toMatchObject(INVALID_PROOF);
    expectChallenged(await usePat({ claims: { iat } }));
  });

  it.each([-30, -5, 5, 20])("O-9449-11.1-freshness takes a clock that is off by %i seconds", async (offset) => {
    const iat = Math.floor(Date.now() / 1_000) + offset;
    expect(await redeem({ claims: { iat } })).toMatchObject({ status: 200 });
  });
});

describe("once (RFC 9449 §11.1)", () => {
  it("O-9449-11.1-replay takes a proof once, at the token endpoint and where an access token is used", async () => {
    const proof = await prover.proof();
    expect(await redeemWith(proof)).toMatchObject({ status: 200 });
    expect(await redeemWith(proof)).toMatchObject(INVALID_PROOF);
    const headers = { DPoP: await prover.proof({ method: "GET", path: "/resources", accessToken: pat }) };
    const list = () => world.send("GET", "/resources", { authorization: `DPoP ${pat}`, headers });
    expect((await list()).status).toBe(200);
    expectChallenged(await list());
  });

  it("O-9449-11.1-replay lets exactly one of many at once pass", async () => {
    const proof = await prover.proof();
    const forms = await Promise.all(Array.from({ length: 8 }, ticketForm));
    const answers = await Promise.all(forms.map((form) => prover.tokenWith(scene.cast.c1, form, proof)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400, 400, 400, 400, 400, 400, 400]);
    for (const answer of answers.filter(({ status }) => status === 400)) expect(answer).toMatchObject(INVALID_PROOF);
  });

  it("O-9449-11.1-replay remembers a jti as long as its proof is fresh, whatever else the next one says", async () => {
    const jti = crypto.randomUUID();
    const iat = Math.floor(Date.now() / 1_000);
    expect(await redeem({ claims: { jti, iat } })).toMatchObject({ status: 200 });
    vi.useFakeTimers({ toFake: ["Date"], now: (iat + 89) * 1_000 });
    expect(await redeem({ claims: { jti, iat } })).toMatchObject(INVALID_PROOF);
    expectChallenged(await usePat({ claims: { jti } }));
  });

  it("O-9449-11.1-replay takes the jti of another key, and no jti of any length", async () => {
    const claims = { jti: crypto.randomUUID() };
    const other = await Prover.create(world);
    expect(await redeem({ claims })).toMatchObject({ status: 200 });
    expect(await redeem({ claims }, other)).toMatchObject({ status: 200 });
    expect(await redeem({ claims: { jti: "j".repeat(5_000) } })).toMatchObject(INVALID_PROOF);
    expect(await redeem({ claims: { jti: "j".repeat(10_000) } })).toMatchObject(INVALID_PROOF);
  });
});

describe("beside an access token (RFC 9449 §7.1)", () => {
  it("O-9449-7.1-protected-use refuses a bound token as Bearer, with and without its proof", async () => {
    const bearer = await world.send("GET", "/resources", { bearer: pat });
    const headers = { DPoP: await prover.proof({ method: "GET", path: "/resources", accessToken: pat }) };
    for (const answer of [bearer, await world.send("GET", "/resources", { bearer: pat, headers })]) {
      expect(answer).toMatchObject(refused(401, "invalid_token"));
      expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer .*error="invalid_token".*, DPoP algs="ES256 /);
    }
  });

  it("O-9449-7.1-protected-use refuses it without a proof, and with one of another key", async () => {
    expectChallenged(await world.send("GET", "/resources", { authorization: `DPoP ${pat}` }));
    const thief = await Prover.create(world);
    expectChallenged(await thief.send("GET", "/resources", pat), "invalid_token");
  });

  it("O-9449-7.1-protected-use refuses a token that is bound to nothing under DPoP", async () => {
    expectChallenged(await prover.send("GET", "/resources", scene.pat), "invalid_token");
  });

  it("O-9449-7.1-protected-use holds at every kind of endpoint", async () => {
    const json = permission(photo, "view");
    const rpt = text(await redeem(), "access_token");
    const tool = text(await prover.token(scene.cast.tool, { grant_type: "client_credentials" }), "access_token");
    const calls = [
      ["POST", "/permission", pat, { json }, 201],
      ["POST", "/introspection", pat, { form: { token: rpt } }, 200],
      ["POST", "/resources", pat, { json: { resource_scopes: ["view"] } }, 201],
      ["GET", "/owner/policies", tool, {}, 200],
    ] as const;
    const thief = await Prover.create(world);
    for (const [method, path, token, call, status] of calls) {
      expect((await prover.send(method, path, token, call)).status, path).toBe(status);
      expect((await world.send(method, path, { ...call, bearer: token })).status, path).toBe(401);
      expectChallenged(await thief.send(method, path, token, call), "invalid_token");
    }
  });
});
