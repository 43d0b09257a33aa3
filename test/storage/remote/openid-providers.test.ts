import { env } from "cloudflare:workers";
import { type JWTPayload, UnsecuredJWT } from "jose";
import { beforeEach, describe, expect, it } from "vitest";
import { clientKeys } from "../../../src/crypto/client-keys.ts";
import { KeySets } from "../../../src/crypto/key-sets.ts";
import type { KnownProvider } from "../../../src/operations/ports/identity-provider.ts";
import type { IdentityProvider } from "../../../src/protocol/identity-provider.ts";
import type { KeySource } from "../../../src/protocol/jwt.ts";
import type { UpstreamRequest } from "../../../src/protocol/upstream-flow.ts";
import { KvPublicDocuments } from "../../../src/storage/kv/public-documents.ts";
import { RemoteDocuments } from "../../../src/storage/remote/documents.ts";
import { createGuardedFetch, createGuardedRequest } from "../../../src/storage/remote/guarded-fetch.ts";
import { createOpenIdProviders } from "../../../src/storage/remote/openid-providers.ts";
import { type Twists, UpstreamProvider } from "../../support/server/upstream-provider.ts";
import { freshHost } from "../../support/workerd/key-hosts.ts";
import { someProvider } from "../../support/workerd/records.ts";

const OWN = "https://as.example";
const PARTY = { clientId: "usher", redirectUri: `${OWN}/sign-in/callback`, secret: "s3cret/ä" };
const ANA = { sub: "ana", email: "ana@example.com", email_verified: true, name: "Ana", role: "doctor" };
const NOW = Math.floor(Date.now() / 1_000);
const REQUEST: UpstreamRequest = {
  state: "the-state",
  nonce: "the-nonce",
  codeVerifier: "v".repeat(43),
  authenticatedSince: null,
  loginHint: null,
};

let provider: UpstreamProvider;
/** Every host there is; what is not among them cannot be reached. */
let hosts: Map<string, (request: Request) => Promise<Response>>;

beforeEach(async () => {
  provider = await UpstreamProvider.create(freshHost(), { ...PARTY, secret: "s3cret-%+ :" });
  hosts = new Map([[new URL(provider.issuer).host, (request) => provider.fetch(request)]]);
});

const fetcher = (async (input: RequestInfo | URL, init?: RequestInit) => {
  const request = new Request(input, init);
  const host = hosts.get(new URL(request.url).host);
  if (host === undefined) throw new TypeError("Network connection lost");
  return host(request);
}) as typeof fetch;

/** The adapter of another isolate. */
function adapter() {
  const documents = new RemoteDocuments(createGuardedFetch(fetcher, OWN), new KvPublicDocuments(env.PUBLIC_DOCUMENTS));
  const keySets = new KeySets(documents, OWN);
  return createOpenIdProviders({
    request: createGuardedRequest(fetcher, OWN),
    documents,
    publishedKeys: { renew: (source: KeySource) => keySets.renew(source, NOW) },
    verify: (token, source, now) => keySets.verify(token, source, now),
    issuer: OWN,
  });
}

const known = (changes: Partial<IdentityProvider> = {}): KnownProvider => ({
  provider: someProvider({
    issuer: provider.issuer,
    clientId: "usher",
    claims: "all",
    emailDomains: "all",
    ...changes,
  }),
  credentials: { secret: "s3cret-%+ :", keys: [] },
});

interface Trip {
  readonly twists?: Twists;
  readonly at?: KnownProvider;
  readonly request?: Partial<UpstreamRequest>;
}

/** There and back again. */
async function trip({ twists = {}, at = known(), request = {} }: Trip = {}) {
  provider.twists = twists;
  const providers = adapter();
  const asked = { ...REQUEST, ...request };
  const url = await providers.authorizationUrl(at, asked, NOW);
  if (url.outcome === "failed") return url;
  const back = await provider.signIn(url.value, ANA);
  return providers.complete(at, asked, back.searchParams, NOW);
}

const failed = (fault: string, detail: RegExp = /./) => ({
  outcome: "failed",
  fault,
  detail: expect.stringMatching(detail),
});

describe("somebody signs in at a provider", () => {
  it("and is known by what it says", async () => {
    expect(await trip()).toEqual({
      outcome: "done",
      value: {
        party: {
          issuer: provider.issuer,
          subject: "ana",
          claims: ANA,
          authenticatedAt: expect.any(Number),
          issuedAt: expect.any(Number),
        },
        acr: null,
        amr: [],
      },
    });
  });

  it("and is known by no more than it may speak for", async () => {
    const at = known({ claims: ["email", "role"], emailDomains: ["elsewhere.example"] });
    expect(await trip({ at })).toMatchObject({ value: { party: { claims: { sub: "ana", role: "doctor" } } } });
  });

  it.each(["client_secret_basic", "client_secret_post"] as const)("where we prove who we are by %s", async (method) => {
    expect(await trip({ at: known({ authenticationMethod: method }) })).toMatchObject({ outcome: "done" });
  });

  it.each(["ES256", "PS256", "RS256"] as const)(
    "where assertion and request object are signed with a key of ours: %s",
    async (signingAlgorithm) => {
      const { privateKey, publicKey } = await clientKeys.make(signingAlgorithm);
      expect(publicKey).not.toHaveProperty("d");
      provider = await UpstreamProvider.create(freshHost(), {
        clientId: "usher",
        redirectUri: PARTY.redirectUri,
        jwks: { keys: [{ kty: "", ...publicKey }] },
      });
      hosts.set(new URL(provider.issuer).host, (request) => provider.fetch(request));
      const terms = { authenticationMethod: "private_key_jwt", signsRequests: true, signingAlgorithm } as const;
      const at = { ...known(terms), credentials: { secret: null, keys: [privateKey] } };
      expect(await trip({ at, request: { authenticatedSince: NOW - 60 } })).toMatchObject({ outcome: "done" });
      expect(provider.asked).toMatchObject({ signed: true, nonce: REQUEST.nonce, max_age: 60 });
    },
  );

  it("where an assertion has to be for the token endpoint, and says so", async () => {
    const { privateKey, publicKey } = await clientKeys.make("ES256");
    const jwks = { keys: [{ kty: "", ...publicKey }] };
    provider = await UpstreamProvider.create(freshHost(), { ...PARTY, jwks });
    hosts.set(new URL(provider.issuer).host, (request) => provider.fetch(request));
    const twists = { assertionAudience: `${provider.issuer}/token` };
    const by = (assertionAudience: IdentityProvider["assertionAudience"]) => ({
      ...known({ authenticationMethod: "private_key_jwt", assertionAudience }),
      credentials: { secret: null, keys: [privateKey] },
    });
    expect(await trip({ at: by("token_endpoint"), twists })).toMatchObject({ outcome: "done" });
    expect(await trip({ at: by("issuer"), twists })).toEqual(failed("exchange", /^invalid_client$/));
  });

  it("with everything that the operator and the moment ask for", async () => {
    const at = known({
      acrValues: ["high", "low"],
      acceptedLevels: ["high"],
      prompt: "login",
      scopes: ["openid", "email"],
    });
    const request = { authenticatedSince: NOW - 300, loginHint: "ana@example.com" };
    const done = await trip({ at, request, twists: { acr: "high" } });
    expect(done).toMatchObject({ value: { acr: "high", amr: ["pin"] } });
    expect(provider.asked).toMatchObject({
      scope: "openid email",
      acr_values: "high low",
      prompt: "login",
      max_age: "300",
      login_hint: "ana@example.com",
      state: REQUEST.state,
    });
  });

  it("and nothing is asked for that nobody wants", async () => {
    await trip();
    const names = ["client_id", "response_type", "redirect_uri", "scope", "state", "nonce"];
    expect(Object.keys(provider.asked).sort()).toEqual([...names, "code_challenge", "code_challenge_method"].sort());
  });

  it("and a query that the authorization endpoint has already stays there", async () => {
    provider.twists = { metadata: { authorization_endpoint: `${provider.issuer}/authorize?tenant=1` } };
    const url = await adapter().authorizationUrl(known(), REQUEST, NOW);
    expect(new URL(url.outcome === "done" ? url.value : "").searchParams.get("tenant")).toBe("1");
  });

  it("and the UserInfo endpoint is asked only for what the token leaves out", async () => {
    const at = known({ claims: ["email", "role"] });
    const never = { endpoints: { "/userinfo": () => Promise.reject(new Error("asked")) } };
    expect(await trip({ at, twists: never })).toMatchObject({ outcome: "done" });
    expect(await trip({ at, twists: { atUserInfo: ["role"] } })).toMatchObject({
      value: { party: { claims: { role: "doctor" } } },
    });
    expect(
      await trip({ at, twists: { atUserInfo: ["role"], metadata: { userinfo_endpoint: undefined } } }),
    ).toMatchObject({
      outcome: "done",
    });
  });

  it("and the UserInfo endpoint may sign what it says", async () => {
    const at = known({ claims: ["role"] });
    const signedBy = (signer: UpstreamProvider, claims: JWTPayload): Twists => {
      const headers = { "content-type": "application/jwt" };
      return {
        atUserInfo: ["role"],
        endpoints: { "/userinfo": async () => new Response(await signer.sign(claims), { headers }) },
      };
    };
    const claims = { ...ANA, iss: provider.issuer, aud: "usher" };
    expect(await trip({ at, twists: signedBy(provider, claims) })).toMatchObject({
      value: { party: { claims: { role: "doctor" } } },
    });
    const mallory = await UpstreamProvider.create(provider.issuer, PARTY);
    for (const twists of [
      signedBy(mallory, claims),
      signedBy(provider, { ...claims, sub: "mallory" }),
      signedBy(provider, { ...claims, aud: "another" }),
      signedBy(provider, { ...claims, iss: "https://mallory.example" }),
    ]) {
      expect(await trip({ at, twists })).toEqual(failed("userinfo"));
    }
  });

  it("and the UserInfo endpoint speaks for nobody else", async () => {
    const other = { "/userinfo": () => Response.json({ ...ANA, sub: "mallory" }) };
    const told = await trip({ at: known({ claims: ["role"] }), twists: { atUserInfo: ["role"], endpoints: other } });
    expect(told).toEqual(failed("userinfo"));
  });
});

describe("an ID Token does not count", () => {
  const wrong = (claims: Readonly<Record<string, unknown>>): Twists => ({
    claims: (honest) => ({ ...honest, ...claims }),
  });

  it.each<[string, Twists]>([
    ["of another issuer", wrong({ iss: "https://mallory.example" })],
    ["for another nonce", wrong({ nonce: "another" })],
    ["without a nonce", wrong({ nonce: undefined })],
    ["for another audience", wrong({ aud: "another" })],
    ["issued to another among several", wrong({ aud: ["usher", "another"], azp: "another" })],
    ["that has expired", wrong({ exp: NOW - 60 })],
    ["that does not expire", wrong({ exp: undefined })],
    ["of the future", wrong({ iat: NOW + 600 })],
    ["without a subject", wrong({ sub: undefined })],
    ["with an empty subject", wrong({ sub: "" })],
    ["with an endless subject", wrong({ sub: "x".repeat(256) })],
    ["that is none", { idToken: () => "no.token" }],
    ["that nobody signed", { idToken: (honest) => new UnsecuredJWT({ ...payloadOf(honest) }).encode() }],
    ["that was altered", { idToken: (honest) => altered(honest) }],
    ["under a key of somebody else", { idToken: async (honest) => await resigned(honest) }],
  ])("%s", async (_, twists) => {
    expect(await trip({ twists })).toEqual(failed("id_token"));
  });

  it("that says more of somebody than is kept", async () => {
    const roles = Array.from({ length: 200 }, (_, index) => `${"r".repeat(60)}${index}`);
    expect(await trip({ twists: wrong({ roles }) })).toEqual(failed("id_token", /more claims/));
  });

  it("that nobody signed, also where the provider says that this is its way", async () => {
    const metadata = { id_token_signing_alg_values_supported: ["none"] };
    const idToken = (honest: string) => new UnsecuredJWT({ ...payloadOf(honest) }).encode();
    expect(await trip({ twists: { metadata, idToken } })).toEqual(failed("id_token"));
  });

  it.each<[string, Twists]>([
    ["too low", { acr: "low" }],
    ["not told", {}],
    ["told in another form", wrong({ acr: ["high"] })],
  ])("of a level that is %s", async (_, twists) => {
    expect(await trip({ at: known({ acceptedLevels: ["high"] }), twists })).toEqual(failed("level"));
  });

  it.each<[string, Twists]>([
    ["too long ago", { authenticatedAt: NOW - 400 }],
    ["at a time that is not told", wrong({ auth_time: undefined })],
  ])("of a sign-in %s", async (_, twists) => {
    expect(await trip({ request: { authenticatedSince: NOW - 300 }, twists })).toEqual(failed("stale"));
    if (twists.authenticatedAt !== undefined) expect(await trip({ twists })).toMatchObject({ outcome: "done" });
  });
});

describe("what the browser brings back is no answer", () => {
  it.each<[string, (answer: URLSearchParams) => void]>([
    ["to another state", (answer) => answer.set("state", "another")],
    ["without a state", (answer) => answer.delete("state")],
    ["with two states", (answer) => answer.append("state", "the-state")],
    ["of another provider", (answer) => answer.set("iss", "https://mallory.example")],
    ["of nobody, where the provider says who it is", (answer) => answer.delete("iss")],
    ["with a token in the address", (answer) => answer.set("id_token", "x")],
  ])("%s", async (_, answer) => {
    expect(await trip({ twists: { answer } })).toEqual(failed("answer"));
  });

  it("without a code", async () => {
    expect(await trip({ twists: { answer: (answer) => answer.delete("code") } })).toMatchObject({ outcome: "failed" });
  });

  it("with a code of somebody else's", async () => {
    const answer = (honest: URLSearchParams) => honest.set("code", "stolen");
    expect(await trip({ twists: { answer } })).toEqual(failed("exchange", /^invalid_grant$/));
  });

  it.each([
    ["access_denied", "declined"],
    ["server_error", "refused"],
    ["login_required", "refused"],
  ])("and %s is told as that the provider %s", async (error, fault) => {
    const answer = (honest: URLSearchParams) => honest.set("error", error);
    expect(await trip({ twists: { answer } })).toEqual(failed(fault, new RegExp(`^${error}$`)));
  });

  it("and what somebody writes in its place gets into no log as it came", async () => {
    const answer = (honest: URLSearchParams) => honest.set("error", `a\r\n"b" ${"T".repeat(44)}`);
    expect(await trip({ twists: { answer } })).toEqual(failed("refused", /^a\?\?\?b\? \.\.\.$/));
  });
});

describe("a provider that fails, or means harm", () => {
  const at = (path: string, answer: () => Response | Promise<Response>): Twists => ({ endpoints: { [path]: answer } });
  const endless = () =>
    new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) }));

  it.each<[string, Twists, string]>([
    ["redirects", at("/token", () => Response.redirect("https://inside.example/", 307)), "exchange"],
    ["answers without end", at("/token", endless), "unreachable"],
    [
      "answers with a page",
      at("/token", () => new Response("<html>", { headers: { "content-type": "text/html" } })),
      "exchange",
    ],
    ["answers with nothing", at("/token", () => new Response(null, { status: 204 })), "exchange"],
    ["is down", at("/token", () => new Response("down", { status: 503 })), "exchange"],
    ["gives no ID Token", at("/token", () => Response.json({ access_token: "x", token_type: "Bearer" })), "id_token"],
    [
      "gives one of another form",
      at("/token", () => Response.json({ access_token: "x", token_type: "Bearer", id_token: 1 })),
      "id_token",
    ],
    ["knows us not", at("/token", () => Response.json({ error: "invalid_client" }, { status: 401 })), "exchange"],
    ["hides its keys", at("/jwks", () => new Response(null, { status: 404 })), "id_token"],
    ["has an endless UserInfo", { ...at("/userinfo", endless), atUserInfo: ["email"] }, "userinfo"],
  ])("%s", async (_, twists, fault) => {
    expect(await trip({ at: known({ claims: ["email"] }), twists })).toEqual(failed(fault));
  });

  it("names itself otherwise than it was registered", async () => {
    expect(await trip({ twists: { metadata: { issuer: "https://mallory.example" } } })).toEqual(failed("unreachable"));
  });

  it.each(["authorization_endpoint", "token_endpoint"])("has no %s, or one inside", async (endpoint) => {
    for (const address of [undefined, "https://10.0.0.1/", "http://localhost/"]) {
      provider = await UpstreamProvider.create(freshHost(), PARTY);
      hosts.set(new URL(provider.issuer).host, (request) => provider.fetch(request));
      expect(await trip({ twists: { metadata: { [endpoint]: address } } })).toEqual(failed("metadata"));
    }
  });

  it("cannot be reached", async () => {
    hosts.clear();
    expect(await trip()).toEqual(failed("unreachable"));
  });
});

const payloadOf = (token: string): JWTPayload =>
  JSON.parse(atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/")));

function altered(token: string): string {
  const [header, , signature] = token.split(".");
  const payload = btoa(JSON.stringify({ ...payloadOf(token), sub: "mallory" }))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
  return `${header}.${payload.replaceAll("=", "")}.${signature}`;
}

async function resigned(token: string): Promise<string> {
  const mallory = await UpstreamProvider.create(provider.issuer, PARTY);
  return mallory.sign(payloadOf(token));
}
