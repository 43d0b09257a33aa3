import { type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createClaimTokenVerifier } from "../../src/crypto/claim-token.ts";
import type { TrustedIssuer } from "../../src/protocol/claims.ts";
import type { Client } from "../../src/protocol/client.ts";
import { encodeBase64url } from "../../src/shared/base64url.ts";
import { ISSUER, Signer, START } from "../support/pure/signer.ts";
import { freshHost, KeyHosts } from "../support/workerd/key-hosts.ts";
import { someClient, someIssuer } from "../support/workerd/records.ts";

const IDP = "https://idp.example";
const ID_TOKEN: JWTPayload = {
  iss: IDP,
  sub: "bob",
  aud: "printer-at-idp",
  iat: START - 5,
  exp: START + 300,
  auth_time: START - 60,
  nonce: "n1",
  email: "Bob@Example.com",
  email_verified: true,
};

let idp: Signer;
let stranger: Signer;
let hosts: KeyHosts;
let trusted: TrustedIssuer;
let client: Client;

beforeAll(async () => {
  idp = await Signer.create("idp-key");
  stranger = await Signer.create("idp-key");
});

beforeEach(() => {
  hosts = new KeyHosts();
  client = someClient({ id: "printer", issuerClientIds: { [IDP]: "printer-at-idp" } });
  trusted = someIssuer({ issuer: IDP, jwks: { keys: [idp.publicJwk] }, audiences: ["family"], maxTokenAge: 600 });
});

/** Verifies as the operation does; the trusted issuers are `trusted` alone. */
async function verify(claimToken: string, now = START) {
  const findByIssuer = async (issuer: string) => (issuer === trusted.issuer ? trusted : null);
  const dependencies = { trustedIssuers: { findByIssuer }, keySets: hosts.keySets(), issuer: ISSUER };
  return createClaimTokenVerifier(dependencies).verify(claimToken, client, now);
}

const idToken = (changes: JWTPayload = {}, header = {}) => idp.sign({ ...ID_TOKEN, ...changes }, header);
const encoded = (text: string) => encodeBase64url(new TextEncoder().encode(text));

describe("an ID Token that counts", () => {
  it("speaks for its subject", async () => {
    expect(await verify(await idToken())).toEqual({
      accepted: true,
      party: {
        issuer: IDP,
        subject: "bob",
        claims: { sub: "bob", email: "bob@example.com" },
        authenticatedAt: START - 60,
        issuedAt: START - 5,
      },
      leftOut: [],
    });
  });

  it("names what it states in vain, and why", async () => {
    const vain = { email_verified: false, shoe_size: 44, address: { city: "x" }, nonce: "n" };
    expect(await verify(await idToken(vain))).toMatchObject({
      leftOut: [
        { name: "email", fault: "unverified" },
        { name: "shoe_size", fault: "not_trusted_for" },
        { name: "address", fault: "not_trusted_for" },
      ],
    });
    trusted = { ...trusted, emailDomains: ["example.com"] };
    expect(await verify(await idToken({ email: "bob@elsewhere.example" }))).toMatchObject({
      leftOut: [{ name: "email", fault: "domain" }],
    });
    expect(await verify(await idToken({ email: "no address" }))).toMatchObject({
      leftOut: [{ name: "email", fault: "value" }],
    });
  });

  it("may be base64url of the JWT, or the JWT itself", async () => {
    const token = await idToken();
    expect(await verify(encoded(token))).toMatchObject({ accepted: true });
    expect(await verify(btoa(token).replace(/\+/g, "-").replace(/\//g, "_"))).toMatchObject({ accepted: true });
  });

  it.each<[string, JWTPayload]>([
    ["our issuer identifier", { aud: ISSUER }],
    ["an audience the operator named", { aud: "family" }],
    ["several of these", { aud: ["family", "printer-at-idp", ISSUER] }],
    [
      "the client and a stranger, but issued to the client",
      { aud: ["printer-at-idp", "other"], azp: "printer-at-idp" },
    ],
  ])("may be meant for %s", async (_case, changes) => {
    expect(await verify(await idToken(changes))).toMatchObject({ accepted: true });
  });

  it("may name the client by its id here where it has no other at the issuer", async () => {
    client = { ...client, issuerClientIds: {} };
    expect(await verify(await idToken({ aud: "printer" }))).toMatchObject({ accepted: true });
    expect(await verify(await idToken())).toMatchObject({ accepted: false });
  });

  it.each([["JWT"], ["jwt"], ["application/jwt"]])("may say in its header that it is a %s", async (typ) => {
    expect(await verify(await idToken({}, { typ }))).toMatchObject({ accepted: true });
  });

  it.each(["RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"])("may be signed with %s", async (algorithm) => {
    const signer = await Signer.create("other", algorithm);
    trusted = { ...trusted, jwks: { keys: [idp.publicJwk, signer.publicJwk] } };
    expect(await verify(await signer.sign(ID_TOKEN))).toMatchObject({ accepted: true });
  });

  it("may come from a clock that is a little off", async () => {
    expect(await verify(await idToken({ exp: START - 29 }))).toMatchObject({ accepted: true });
    expect(await verify(await idToken({ iat: START + 30, nbf: START + 30 }))).toMatchObject({ accepted: true });
  });

  it("may be verified with keys found by discovery", async () => {
    trusted = { ...trusted, jwks: null, jwksUri: null };
    hosts.serves(`${IDP}/.well-known/openid-configuration`, { issuer: IDP, jwks_uri: `${IDP}/jwks` });
    hosts.serves(`${IDP}/jwks`, { keys: [idp.publicJwk] });
    expect(await verify(await idToken())).toMatchObject({ accepted: true });
  });
});

describe("an ID Token that does not count", () => {
  const claims: [string, JWTPayload, string][] = [
    ["issuer with a slash more", { iss: `${IDP}/` }, "issuer"],
    ["another issuer", { iss: "https://other.example" }, "issuer"],
    ["no issuer", { iss: undefined as unknown as string }, "issuer"],
    ["expired", { exp: START - 30 }, "exp"],
    ["expired ten minutes ago", { exp: START - 600 }, "exp"],
    ["no expiry", { exp: undefined as unknown as number }, "exp"],
    ["an expiry that is text", { exp: "9999999999" as unknown as number }, "exp"],
    ["no time of issue", { iat: undefined as unknown as number }, "iat"],
    ["issued in the future", { iat: START + 31 }, "iat"],
    ["issued too long ago", { iat: START - 631 }, "age"],
    ["not valid yet", { nbf: START + 31 }, "nbf"],
    ["no subject", { sub: undefined as unknown as string }, "sub"],
    ["an empty subject", { sub: "" }, "sub"],
    ["a subject too long", { sub: "b".repeat(256) }, "sub"],
    ["a subject that is a number", { sub: 7 as unknown as string }, "sub"],
    ["meant for another client", { aud: "other" }, "aud"],
    ["meant for another client as well", { aud: ["printer-at-idp", "other"] }, "aud"],
    ["meant for the client by its id here, not there", { aud: "printer" }, "aud"],
    ["meant for nobody", { aud: [] }, "aud"],
    ["no audience", { aud: undefined as unknown as string }, "aud"],
    ["an audience that is no text", { aud: [7, "printer-at-idp"] as unknown as string[] }, "aud"],
    ["issued to another client", { azp: "other" }, "azp"],
    ["issued to another client, for us", { aud: ISSUER, azp: "other" }, "azp"],
    ["a logout token", { events: { "http://schemas.openid.net/event/backchannel-logout": {} } }, "kind"],
    ["an introspection answer", { token_introspection: { active: true } }, "kind"],
    ["an access token", { client_id: "printer-at-idp", scope: "openid" }, "kind"],
    ["an access token by its other names", { cid: "printer-at-idp", scp: ["openid"] }, "kind"],
    ["a payload that says Bearer", { typ: "Bearer" }, "kind"],
    ["a payload that says access", { token_use: "access" }, "kind"],
    ["a client assertion of the issuer", { sub: IDP, aud: ISSUER }, "sub"],
  ];
  it.each(claims)("%s", async (_case, changes, fault) => {
    expect(await verify(await idToken(changes))).toEqual({ accepted: false, fault });
  });

  it.each([
    ["at+jwt", "typ"],
    ["application/at+jwt", "typ"],
    ["logout+jwt", "typ"],
    ["secevent+jwt", "typ"],
    ["token-introspection+jwt", "typ"],
    ["client-authentication+jwt", "typ"],
    ["dpop+jwt", "typ"],
    ["", "typ"],
  ])("of type %j", async (typ, fault) => {
    expect(await verify(await idToken({}, { typ }))).toEqual({ accepted: false, fault });
  });

  it("alg none", async () => {
    expect(await verify(new UnsecuredJWT(ID_TOKEN).encode())).toMatchObject({ accepted: false });
    const [, payload, signature] = (await idToken()).split(".");
    const none = `${encoded('{"alg":"none"}')}.${payload}.${signature}`;
    expect(await verify(none)).toEqual({ accepted: false, fault: "alg" });
  });

  it("HS256 with the public key as secret", async () => {
    const secret = new TextEncoder().encode(JSON.stringify(idp.publicJwk));
    const forged = new SignJWT(ID_TOKEN).setProtectedHeader({ alg: "HS256", kid: idp.kid }).sign(secret);
    expect(await verify(await forged)).toEqual({ accepted: false, fault: "alg" });
  });

  it("an edited payload", async () => {
    const [header, , signature] = (await idToken()).split(".");
    const edited = `${header}.${encoded(JSON.stringify({ ...ID_TOKEN, sub: "alice" }))}.${signature}`;
    expect(await verify(edited)).toEqual({
      accepted: false,
      fault: "signature",
      detail: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
    });
  });

  it("another key under the same kid", async () => {
    expect(await verify(await stranger.sign(ID_TOKEN))).toMatchObject({ accepted: false });
  });

  it("a symmetric key among the issuer's", async () => {
    const secret = crypto.getRandomValues(new Uint8Array(32));
    trusted = { ...trusted, jwks: { keys: [{ kty: "oct", kid: "shared", k: encodeBase64url(secret) }] } };
    const forged = new SignJWT(ID_TOKEN).setProtectedHeader({ alg: "HS256", kid: "shared" }).sign(secret);
    expect(await verify(await forged)).toEqual({ accepted: false, fault: "alg" });
  });

  it.each([
    ["jku", { jku: "https://stranger.example/jwks" }],
    ["x5u", { x5u: "https://stranger.example/chain.pem" }],
    ["jwk", { jwk: {} }],
  ])("%s in the header is not looked at, and nothing is fetched", async (name, header) => {
    hosts.serves("https://stranger.example/jwks", { keys: [stranger.publicJwk] });
    const own = name === "jwk" ? { jwk: stranger.publicJwk } : header;
    expect(await verify(await stranger.sign(ID_TOKEN, own))).toMatchObject({ accepted: false });
    expect(hosts.asked).toEqual([]);
  });

  it("a critical header extension", async () => {
    const [, payload, signature] = (await idToken()).split(".");
    const header = encoded(JSON.stringify({ alg: "ES256", kid: idp.kid, crit: ["exp"], exp: 1 }));
    expect(await verify(`${header}.${payload}.${signature}`)).toEqual({ accepted: false, fault: "crit" });
  });

  it("is not even looked up when its issuer is not trusted: nothing is fetched", async () => {
    await verify(await stranger.sign({ ...ID_TOKEN, iss: "https://stranger.example" }));
    expect(hosts.asked).toEqual([]);
  });

  it("found through a discovery document that names another issuer", async () => {
    trusted = { ...trusted, jwks: null, jwksUri: null };
    hosts.serves(`${IDP}/.well-known/openid-configuration`, {
      issuer: "https://other.example",
      jwks_uri: `${IDP}/jwks`,
    });
    const keySets = hosts.keySets({ find: async () => null, keep: async () => undefined });
    const findByIssuer = async () => trusted;
    const verifier = createClaimTokenVerifier({ trustedIssuers: { findByIssuer }, keySets, issuer: ISSUER });
    expect(await verifier.verify(await idToken(), client, START)).toEqual({
      accepted: false,
      fault: "keys",
      detail: "fetch: no such document",
    });
  });
});

describe("what is no ID Token at all", () => {
  it.each([
    "",
    "%%%",
    ".",
    "..",
    "a.b.c",
    "a.b.c.d.e",
    "AAAA",
    "{}",
    encoded("{}"),
    encoded("a.b.c"),
    `${encoded("[]")}.${encoded("{}")}.AAAA`,
    `${encoded('{"alg":"ES256"}')}.${encoded("null")}.AAAA`,
    `${encoded('{"alg":"ES256"}')}.${encoded(`{"iss":"${IDP}"}`)}.AAAA`,
    "é".repeat(100),
  ])("%j is refused without a fault of ours", async (text) => {
    expect(await verify(text)).toMatchObject({ accepted: false });
  });

  it("is refused when it is longer than 16 KB", async () => {
    const long = await idToken({ padding: "x".repeat(16 * 1024) });
    expect(await verify(long)).toEqual({ accepted: false, fault: "form" });
    expect(await verify(encoded(long))).toEqual({ accepted: false, fault: "form" });
  });
});

describe("trust that ends while the keys of an issuer are fetched", () => {
  const start = () => {
    trusted = { ...trusted, jwks: null, jwksUri: `${freshHost()}/jwks` };
    return { url: trusted.jwksUri ?? "", keys: { keys: [idp.publicJwk] } };
  };
  let present: TrustedIssuer | null;

  /** The operator changes the entry after the token's keys were asked for. */
  async function verifyWhile(change: (trusted: TrustedIssuer) => TrustedIssuer | null) {
    const { url, keys } = start();
    present = trusted;
    hosts.answers(url, () => {
      present = change(trusted);
      return Response.json(keys);
    });
    const dependencies = {
      trustedIssuers: { findByIssuer: async () => present },
      keySets: hosts.keySets(),
      issuer: ISSUER,
    };
    return createClaimTokenVerifier(dependencies).verify(await idToken(), client, START);
  }

  it("counts no longer", async () => {
    const refusal = { accepted: false, fault: "issuer" };
    expect(await verifyWhile(() => null)).toEqual(refusal);
    expect(await verifyWhile((entry) => ({ ...entry, id: "made-anew" }))).toEqual(refusal);
    expect(await verifyWhile((entry) => ({ ...entry, jwksUri: "https://other.example/jwks" }))).toEqual(refusal);
    expect(await verifyWhile((entry) => ({ ...entry, jwks: { keys: [stranger.publicJwk] } }))).toEqual(refusal);
  });

  it("counts for as much as is left of it", async () => {
    expect(await verifyWhile((entry) => entry)).toMatchObject({ party: { claims: { email: "bob@example.com" } } });
    const narrowed = await verifyWhile((entry) => ({ ...entry, claims: [] }));
    expect(narrowed).toMatchObject({ accepted: true, party: { claims: { sub: "bob" } } });
    expect(narrowed).not.toHaveProperty("party.claims.email");
  });
});
