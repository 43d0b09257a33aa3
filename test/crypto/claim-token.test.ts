import { type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createClaimTokenVerifier } from "../../src/crypto/claim-token.ts";
import type { PushedToken } from "../../src/operations/ports/claim-token.ts";
import type { Client } from "../../src/protocol/client.ts";
import { IssuerDirectory } from "../../src/protocol/issuer-directory.ts";
import type { JwtPayload } from "../../src/protocol/jwt.ts";
import type { Introspection, TrustedIssuer } from "../../src/protocol/trusted-issuer.ts";
import { ID_TOKEN_FORMAT } from "../../src/protocol/wire/claims.ts";
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
/** What the issuer says of its access tokens. */
let answers: Map<string, { readonly claims: JwtPayload }>;

beforeAll(async () => {
  idp = await Signer.create("idp-key");
  stranger = await Signer.create("idp-key");
});

beforeEach(() => {
  hosts = new KeyHosts();
  answers = new Map();
  client = someClient({ id: "printer", issuerClientIds: { [IDP]: "printer-at-idp" } });
  trusted = someIssuer({ issuer: IDP, jwks: { keys: [idp.publicJwk] }, audiences: ["family"], maxTokenAge: 600 });
});

/** The only trusted issuer, as it stands when it is looked up. */
function trustedIssuers(find: () => TrustedIssuer | null = () => trusted) {
  return {
    findByIssuer: async (issuer: string) => (issuer === find()?.issuer ? find() : null),
    directory: async () => new IssuerDirectory([find() ?? []].flat()),
  };
}

function dependencies() {
  const ask = async (_: Introspection, token: string) => answers.get(token) ?? { reason: "status 401" };
  return { trustedIssuers: trustedIssuers(), keySets: hosts.keySets(), introspections: { ask }, issuer: ISSUER };
}

const pushed = (token: string, more: Partial<PushedToken> = {}): PushedToken => {
  return { client, token, name: { format: ID_TOKEN_FORMAT }, ticket: null, confirmation: null, ...more };
};

/** Verifies as the operation does; the trusted issuers are `trusted` alone. */
async function verify(token: string, now = START, more: Partial<PushedToken> = {}) {
  return createClaimTokenVerifier(dependencies()).verify(pushed(token, more), now);
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
    const verifier = createClaimTokenVerifier({ ...dependencies(), keySets });
    expect(await verifier.verify(pushed(await idToken()), START)).toEqual({
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
    const changing = { ...dependencies(), trustedIssuers: trustedIssuers(() => present) };
    return createClaimTokenVerifier(changing).verify(pushed(await idToken()), START);
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

const TOKEN_TYPE = "urn:ietf:params:oauth:token-type:";

describe("a row of the format table", () => {
  it("is named by a format with a ticket, and by a token type at another door", async () => {
    const token = await idToken();
    expect(await verify(token, START, { name: { tokenType: `${TOKEN_TYPE}id_token` } })).toMatchObject({
      accepted: true,
    });
    for (const name of [{ format: `${TOKEN_TYPE}id_token` }, { tokenType: `${TOKEN_TYPE}jwt` }, { format: "" }]) {
      expect(await verify(token, START, { name })).toEqual({ accepted: false, fault: "format" });
    }
  });

  it("may go by a plain word, and then by no other", async () => {
    trusted = { ...trusted, formats: [{ kind: "id_token", format: "my-format", typ: null, claims: "all" }] };
    expect(await verify(await idToken(), START, { name: { format: "my-format" } })).toMatchObject({ accepted: true });
    expect(await verify(await idToken())).toEqual({ accepted: false, fault: "format" });
  });

  it("lets its issuer speak for some claims of those it may speak for", async () => {
    const row = { kind: "jwt", format: "letter", typ: null, claims: ["role", "unspoken"] } as const;
    trusted = { ...trusted, claims: ["email", "role"], formats: [...trusted.formats, row] };
    const token = await idToken({ role: "nurse", unspoken: "x" });
    const verdict = await verify(token, START, { name: { format: "letter" } });
    expect(verdict).toMatchObject({ accepted: true, party: { claims: { sub: "bob", role: "nurse" } } });
    expect(verdict).not.toHaveProperty("party.claims.email");
    expect(await verify(token)).toMatchObject({ party: { claims: { email: "bob@example.com" } } });
  });

  it("asks for the type that it says", async () => {
    const row = { kind: "jwt", format: "letter", typ: "rqp+jwt", claims: "all" } as const;
    trusted = { ...trusted, formats: [row] };
    const name = { format: "letter" };
    for (const typ of ["rqp+jwt", "application/RQP+JWT"]) {
      expect(await verify(await idToken({}, { typ }), START, { name })).toMatchObject({ accepted: true });
    }
    for (const header of [{}, { typ: "JWT" }, { typ: "at+jwt" }]) {
      expect(await verify(await idToken({}, header), START, { name })).toEqual({ accepted: false, fault: "typ" });
    }
  });

  it("is chosen by the type where two go by one token type", async () => {
    const row = { kind: "jwt", typ: null, claims: [] } as const;
    trusted = {
      ...trusted,
      formats: [
        { ...row, format: "a" },
        { ...row, format: "b", typ: "rqp+jwt", claims: "all" },
      ],
    };
    const verdict = await verify(await idToken({}, { typ: "rqp+jwt" }), START, {
      name: { tokenType: `${TOKEN_TYPE}jwt` },
    });
    expect(verdict).toMatchObject({ accepted: true, party: { claims: { email: "bob@example.com" } } });
  });
});

describe("a token that names its ticket", () => {
  const HASH = "oDZz7Zz0Dg2mTmYMEKhoFlQ9c1Wpa2Rv9vbU6G7u7Ns";

  it("counts with that ticket alone", async () => {
    const ticket = "the-ticket";
    const hash = encodeBase64url(
      new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(ticket))),
    );
    const token = await idToken({ ticket_hash: hash });
    expect(await verify(token, START, { ticket })).toMatchObject({ accepted: true, leftOut: [] });
    for (const other of ["another", null]) {
      expect(await verify(token, START, { ticket: other })).toEqual({ accepted: false, fault: "ticket_hash" });
    }
  });

  it.each([HASH, "", 7, null])("counts with none where it names it by %j", async (hash) => {
    const token = await idToken({ ticket_hash: hash });
    expect(await verify(token, START, { ticket: "the-ticket" })).toEqual({ accepted: false, fault: "ticket_hash" });
  });
});

describe("what a client signs that is an issuer", () => {
  const ROW = { kind: "jwt", format: "pension_dashboard_rqp", typ: null, claims: "all" } as const;
  const name = { format: ROW.format };
  let own: Signer;
  const statement = (changes: JWTPayload = {}) => own.sign({ ...ID_TOKEN, aud: ISSUER, ...changes });

  beforeEach(async () => {
    own = await Signer.create("client-key");
    client = { ...client, jwks: { keys: [own.publicJwk] } };
    trusted = { ...trusted, jwks: null, jwksUri: null, clientId: client.id, formats: [ROW] };
  });

  it("counts in its own requests, with the keys it is registered with", async () => {
    expect(await verify(await statement(), START, { name })).toMatchObject({ accepted: true, party: { issuer: IDP } });
    const another = { ...client, id: "another" };
    expect(await verify(await statement(), START, { name, client: another })).toEqual({
      accepted: false,
      fault: "issuer_client",
    });
    own = idp;
    expect(await verify(await statement(), START, { name })).toMatchObject({ accepted: false, fault: "signature" });
  });

  it("is meant for us, and not for itself", async () => {
    for (const aud of ["printer", "printer-at-idp"]) {
      expect(await verify(await statement({ aud }), START, { name })).toEqual({ accepted: false, fault: "aud" });
    }
    expect(await verify(await statement({ aud: "family" }), START, { name })).toMatchObject({ accepted: true });
  });
});

describe("an access token", () => {
  const FORMAT = `${TOKEN_TYPE}access_token`;
  const name = { format: FORMAT };
  const ANSWER = {
    active: true,
    sub: "bob",
    client_id: "printer-at-idp",
    scope: "profile",
    token_type: "Bearer",
    iss: IDP,
    iat: START - 30,
    exp: START + 60,
    email: "bob@example.com",
    email_verified: true,
  };
  const answer = (changes: JwtPayload = {}) => answers.set("opaque", { claims: { ...ANSWER, ...changes } });

  beforeEach(() => {
    const introspection = { endpoint: `${IDP}/introspect`, clientId: "usher", sealedSecret: "sealed" };
    const formats = [{ kind: "access_token", format: FORMAT, typ: null, claims: "all" }] as const;
    trusted = { ...trusted, claims: "all", formats, introspection };
  });

  it("speaks for its subject by what its issuer says of it", async () => {
    answer();
    expect(await verify("opaque", START, { name })).toEqual({
      accepted: true,
      party: {
        issuer: IDP,
        subject: "bob",
        claims: { sub: "bob", email: "bob@example.com", email_verified: true },
        authenticatedAt: null,
        issuedAt: START - 30,
      },
      leftOut: [],
    });
  });

  it("may say what it is about itself, and is asked about all the same", async () => {
    const token = await idp.sign({ iss: IDP }, { typ: "at+jwt" });
    expect(await verify(token, START, { name })).toEqual({ accepted: false, fault: "unasked", detail: "status 401" });
    answers.set(token, { claims: ANSWER });
    expect(await verify(token, START, { name })).toMatchObject({ accepted: true });
    answers.set(token, { claims: { active: false } });
    expect(await verify(token, START, { name })).toEqual({ accepted: false, fault: "inactive" });
  });

  it("counts as issued now where its issuer does not say when, and for ever", async () => {
    const { iat, exp, ...timeless } = ANSWER;
    answers.set("opaque", { claims: timeless });
    expect(await verify("opaque", START, { name })).toMatchObject({ party: { issuedAt: START } });
  });

  it.each<[string, JwtPayload]>([
    ["inactive", { active: "true" }],
    ["iss", { iss: "https://other.example" }],
    ["kind", { typ: "Refresh" }],
    ["kind", { token_use: "id" }],
    ["bound", { cnf: { jkt: "k" } }],
    ["client_id", { client_id: "printer" }],
    ["client_id", { client_id: undefined }],
    ["sub", { sub: undefined }],
    ["sub", { sub: IDP }],
    ["aud", { aud: "https://photos.example" }],
    ["exp", { exp: START - 30 }],
    ["iat", { iat: START + 31 }],
    ["age", { iat: START - 631 }],
    ["nbf", { nbf: START + 31 }],
  ])("does not count for its %s: %j", async (fault, changes) => {
    answer(changes);
    expect(await verify("opaque", START, { name })).toEqual({ accepted: false, fault });
  });

  it("is shown to nobody where several go by its format", async () => {
    answer();
    const others = { ...trusted, issuer: "https://other.example" };
    const directory = async () => new IssuerDirectory([trusted, others]);
    const two = { ...dependencies(), trustedIssuers: { ...trustedIssuers(), directory } };
    const verdict = await createClaimTokenVerifier(two).verify(pushed("opaque", { name }), START);
    expect(verdict).toEqual({ accepted: false, fault: "ambiguous" });
  });

  it("of nobody who is asked is no token", async () => {
    expect(await verify("opaque")).toEqual({ accepted: false, fault: "form" });
    trusted = { ...trusted, introspection: null };
    expect(await verify("opaque", START, { name })).toMatchObject({ accepted: false, fault: "unasked" });
  });
});
