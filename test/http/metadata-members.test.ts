import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from "jose";
import { beforeAll, expect, it } from "vitest";
import { Signer } from "../support/pure/signer.ts";
import { BrowserLike } from "../support/server/browser-like.ts";
import { CodeApp, locationOf, saidIn } from "../support/server/code-app.ts";
import { readIdToken } from "../support/server/id-tokens.ts";
import { permission } from "../support/server/protection-api.ts";
import { Prover } from "../support/server/prover.ts";
import { refused, Scene } from "../support/server/scene.ts";
import { initialAccessToken } from "../support/server/self-registered.ts";
import { JWT_BEARER } from "../support/server/signing-client.ts";
import { type Credentials, expectStatus, text, UMA_GRANT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";

/** What the metadata says, held against what the server does: a member that is added needs a row here. */

const world = localWorld();
let scene: Scene;
let photo: string;
let metadata: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.sharedPhoto();
  metadata = (await world.send("GET", "/.well-known/uma2-configuration")).body;
});

const url = (member: string) => String(metadata[member]);
const list = (member: string) => metadata[member] as readonly string[];
const rpt = async () =>
  text(await scene.redeem(await scene.ticket(photo), { idToken: await scene.bob() }), "access_token");

/** A call of the endpoint that only an authenticated client may make; revoking and refreshing nothing do no harm. */
function callAs(endpoint: string, proof: object, form: Readonly<Record<string, string>> = {}) {
  const useless = { token: "x", grant_type: "refresh_token", refresh_token: "x" };
  return world.send("POST", url(endpoint), { ...proof, form: { ...useless, ...form } });
}

/** Authenticated, the client is told that its refresh token is none; at the revocation endpoint that it is gone. */
const isAuthenticated = ({ status, body }: { status: number; body: { error?: unknown } }) =>
  status === 200 || body.error === "invalid_grant";

async function signedProof(endpoint: string, algorithm: string, registration: Registration = {}) {
  const signer = await Signer.create("k", algorithm);
  const keys = { jwks: { keys: [signer.publicJwk] } };
  const { id } = await world.client({ token_endpoint_auth_method: "private_key_jwt", ...keys, ...registration });
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: id, sub: id, aud: url(endpoint), jti: crypto.randomUUID(), exp: now + 60 };
  return { client_assertion: await signer.sign(claims), client_assertion_type: JWT_BEARER };
}

type Registration = Readonly<Record<string, unknown>>;
const INTROSPECTS: Registration = { introspects_with_own_credentials: true };

const METHODS: Readonly<Record<string, (endpoint: string, registration?: Registration) => ReturnType<typeof callAs>>> =
  {
    client_secret_basic: async (endpoint, more = {}) => callAs(endpoint, { basic: await world.client(more) }),
    client_secret_post: async (endpoint, more = {}) => callAs(endpoint, {}, inBody(await world.client(more))),
    private_key_jwt: async (endpoint, more) => callAs(endpoint, {}, await signedProof(endpoint, "ES256", more)),
    none: async (endpoint) => {
      const { id } = await world.client({ token_endpoint_auth_method: "none" });
      return callAs(endpoint, {}, { client_id: id });
    },
  };

const inBody = ({ id, secret }: Credentials) => ({ client_id: id, client_secret: secret });

async function takesMethods(endpoint: string, member: string) {
  expect(list(member)).toEqual(Object.keys(METHODS));
  for (const [method, call] of Object.entries(METHODS)) expect(await call(endpoint), method).toSatisfy(isAuthenticated);
}

async function takesAlgorithms(endpoint: string, member: string) {
  expect(list(member)).not.toContain("none");
  for (const algorithm of list(member)) {
    const answer = await callAs(endpoint, {}, await signedProof(endpoint, algorithm));
    expect(answer, algorithm).toSatisfy(isAuthenticated);
  }
}

/** What the authorization endpoint answers at once, where nobody is signed in; asked for more, that is what is wrong. */
async function silentAnswer(more: Readonly<Record<string, string>> = {}) {
  const app = await CodeApp.register(world);
  const browser = await (await Resident.settle()).browse(world.site);
  const silent = await new BrowserLike(world.site).open(app.path({ prompt: "none", ...more }));
  return saidIn(locationOf(more.prompt === undefined ? silent : await browser.open(app.path(more))));
}

/** Somebody signs in to an app that wants to know everything. */
async function identified(registration: Readonly<Record<string, unknown>> = {}, by: BrowserLike | null = null) {
  const app = await CodeApp.register(world, registration);
  const browser = by ?? (await (await Resident.settle()).browse(world.site));
  return app.connect(browser, { scope: "openid email profile", nonce: "n" });
}

const MEMBERS: Readonly<Record<string, () => Promise<unknown>>> = {
  issuer: async () => expect(metadata.issuer).toBe(world.site.issuer),

  authorization_endpoint: async () => {
    const app = await CodeApp.register(world);
    const browser = await (await Resident.settle()).browse(world.site);
    const path = `${url("authorization_endpoint")}?${new URLSearchParams(app.request())}`;
    expect((await app.redeem(await app.allow(browser, path))).status).toBe(200);
  },

  authorization_response_iss_parameter_supported: async () => {
    expect(metadata.authorization_response_iss_parameter_supported).toBe(true);
    expect((await silentAnswer()).iss).toBe(metadata.issuer);
  },

  response_types_supported: async () => {
    for (const response_type of list("response_types_supported"))
      expect(await silentAnswer({ response_type })).toMatchObject({ error: "login_required" });
    for (const response_type of ["token", "id_token", "code token"])
      expect(await silentAnswer({ response_type })).toMatchObject({ error: "unsupported_response_type" });
  },

  response_modes_supported: async () => {
    for (const response_mode of list("response_modes_supported"))
      expect(await silentAnswer({ response_mode })).toMatchObject({ error: "login_required" });
    for (const response_mode of ["fragment", "form_post"])
      expect(await silentAnswer({ response_mode })).toMatchObject({ error: "invalid_request" });
  },

  code_challenge_methods_supported: async () => {
    for (const code_challenge_method of list("code_challenge_methods_supported"))
      expect(await silentAnswer({ code_challenge_method })).toMatchObject({ error: "login_required" });
    expect(await silentAnswer({ code_challenge_method: "plain" })).toMatchObject({ error: "invalid_request" });
  },

  authorization_details_types_supported: async () => {
    const asking = (type: string) => {
      const detail = { type, locations: ["https://mcp.example/mcp"] };
      return silentAnswer({ scope: "", authorization_details: JSON.stringify([detail]) });
    };
    for (const type of list("authorization_details_types_supported"))
      expect(await asking(type)).toMatchObject({ error: "login_required" });
    expect(await asking("payment_initiation")).toMatchObject({ error: "invalid_authorization_details" });
  },

  prompt_values_supported: async () => {
    const app = await CodeApp.register(world);
    for (const prompt of list("prompt_values_supported")) {
      const { pathname, search } = locationOf(await new BrowserLike(world.site).open(app.path({ prompt })));
      expect(prompt === "none" ? search : pathname).toMatch(prompt === "none" ? /login_required/ : /sign-in$/);
    }
    expect(await silentAnswer({ prompt: "none create" })).toMatchObject({ error: "invalid_request" });
  },

  pushed_authorization_request_endpoint: async () => {
    const app = await CodeApp.register(world);
    const call = { basic: app.client, form: app.request() };
    expectStatus(await world.send("POST", url("pushed_authorization_request_endpoint"), call), 201);
  },

  require_pushed_authorization_requests: async () => {
    expect(metadata.require_pushed_authorization_requests).toBe(false);
    const app = await CodeApp.register(world);
    const answer = await world.send("GET", app.path({ prompt: "none" }));
    expect(locationOf(answer).searchParams.get("error")).toBe("login_required");
  },

  token_endpoint: async () => {
    const form = { grant_type: "client_credentials" };
    expectStatus(await world.send("POST", url("token_endpoint"), { basic: scene.cast.rs1, form }), 200);
  },

  jwks_uri: async () => {
    const { kid } = JSON.parse(atob((await rpt()).split(".")[0] ?? ""));
    const { body } = await world.send("GET", url("jwks_uri"));
    expect(body.keys).toContainEqual(expect.objectContaining({ kid }));
  },

  scopes_supported: async () => {
    for (const scope of ["email", "profile"]) {
      expect(list("scopes_supported")).toContain(scope);
      const app = await CodeApp.register(world);
      const browser = await (await Resident.settle()).browse(world.site);
      const asked = `openid ${scope}`;
      expect(await app.connect(browser, { scope: asked })).toMatchObject({ scope: asked });
    }
    for (const scope of list("scopes_supported").filter((one) => one.startsWith("uma_"))) {
      const client = await world.client({ grant_types: ["client_credentials"] });
      await world.connect(scene.cast.alice, client, [scope]);
      const form = { grant_type: "client_credentials", scope };
      expect(await world.token(client, form)).toMatchObject({ status: 200, body: { scope } });
    }
  },

  userinfo_endpoint: async () => {
    const bearer = String((await identified()).access_token);
    expect((await world.send("GET", url("userinfo_endpoint"), { bearer })).body).toHaveProperty("sub");
  },

  end_session_endpoint: async () => {
    const browser = await (await Resident.settle()).browse(world.site);
    expect((await browser.open(url("end_session_endpoint"))).text).toContain("Sign out here as well?");
  },

  subject_types_supported: async () => {
    expect(list("subject_types_supported")).toEqual(["pairwise"]);
    const browser = await (await Resident.settle()).browse(world.site);
    const subjects = await Promise.all(
      [identified({}, browser), identified({}, browser)].map(async (body) => {
        return (await readIdToken(world, await body)).claims.sub;
      }),
    );
    expect(new Set(subjects).size).toBe(2);
  },

  id_token_signing_alg_values_supported: async () => {
    for (const id_token_signed_response_alg of list("id_token_signing_alg_values_supported")) {
      const { header } = await readIdToken(world, await identified({ id_token_signed_response_alg }));
      expect(header.alg).toBe(id_token_signed_response_alg);
    }
  },

  acr_values_supported: async () => {
    const { claims } = await readIdToken(world, await identified());
    expect(list("acr_values_supported")).toEqual([claims.acr]);
  },

  claims_supported: async () => {
    const body = await identified();
    const { claims } = await readIdToken(world, body);
    const told = await world.send("GET", url("userinfo_endpoint"), { bearer: String(body.access_token) });
    for (const claim of [...Object.keys(claims), ...Object.keys(told.body)].filter((name) => name !== "jti"))
      expect(list("claims_supported"), claim).toContain(claim);
  },

  request_uri_parameter_supported: async () => {
    expect(metadata.request_uri_parameter_supported).toBe(false);
    const request_uri = "https://app.example/request";
    expect(await silentAnswer({ request_uri })).toMatchObject({ error: "request_uri_not_supported" });
  },

  grant_types_supported: async () => {
    for (const grant_type of list("grant_types_supported")) {
      const client = await world.client({ grant_types: [grant_type], redirect_uris: ["https://app.example/cb"] });
      expect((await world.token(client, { grant_type })).body.error, grant_type).not.toBe("unsupported_grant_type");
    }
    for (const grant_type of ["implicit", "password", "urn:ietf:params:oauth:grant-type:device_code"]) {
      const answer = await world.token(scene.cast.c1, { grant_type });
      expect(answer, grant_type).toMatchObject(refused(400, "unsupported_grant_type"));
    }
  },

  /** An assertion of that type is read as one; where its issuer is not trusted, that is what is wrong with it. */
  authorization_grant_profiles_supported: async () => {
    expect(list("authorization_grant_profiles_supported")).toEqual(["urn:ietf:params:oauth:grant-profile:id-jag"]);
    const grant_type = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    const client = await world.client({ grant_types: [grant_type] });
    const signer = await Signer.create("k1");
    const claims = { iss: "https://nobody.example", sub: "ana", aud: world.site.issuer };
    const trade = async (typ: string) =>
      world.token(client, { grant_type, assertion: await signer.sign(claims, { typ }) });
    const reason = (error_description: string) => refused(400, "invalid_grant", { error_description });
    expect(await trade("oauth-id-jag+jwt")).toMatchObject(reason(expect.stringContaining("its issuer is not trusted")));
    expect(await trade("id-jag")).toMatchObject(reason(expect.stringContaining("another type")));
  },

  token_endpoint_auth_methods_supported: () => takesMethods("token_endpoint", "token_endpoint_auth_methods_supported"),
  token_endpoint_auth_signing_alg_values_supported: () =>
    takesAlgorithms("token_endpoint", "token_endpoint_auth_signing_alg_values_supported"),

  /** A proof of each algorithm binds what is asked for with it. */
  dpop_signing_alg_values_supported: async () => {
    for (const algorithm of list("dpop_signing_alg_values_supported")) {
      const prover = await Prover.create(world, algorithm);
      const answer = await prover.token(scene.cast.rs1, { grant_type: "client_credentials" });
      expect(answer, algorithm).toMatchObject({ status: 200, body: { token_type: "DPoP" } });
    }
  },

  /** They are ignored unless the operator says that the edge asks for them (test/http/client-certificates.test.ts). */
  tls_client_certificate_bound_access_tokens: async () => {
    expect(metadata.tls_client_certificate_bound_access_tokens).toBe(false);
    const client = await world.client({ tls_client_certificate_bound_access_tokens: true });
    const form = { grant_type: UMA_GRANT, ticket: await scene.ticket(photo) };
    expect(await world.token(client, form)).toMatchObject(refused(400, "invalid_request"));
  },

  registration_endpoint: async () => {
    const call = { bearer: await initialAccessToken(world), json: {} };
    expectStatus(await world.send("POST", url("registration_endpoint"), call), 201);
  },

  revocation_endpoint: async () => {
    const token = await rpt();
    expectStatus(await world.send("POST", url("revocation_endpoint"), { basic: scene.cast.c1, form: { token } }), 200);
    expect(await scene.introspect(token)).toEqual({ active: false });
  },
  revocation_endpoint_auth_methods_supported: () =>
    takesMethods("revocation_endpoint", "revocation_endpoint_auth_methods_supported"),
  revocation_endpoint_auth_signing_alg_values_supported: () =>
    takesAlgorithms("revocation_endpoint", "revocation_endpoint_auth_signing_alg_values_supported"),

  introspection_endpoint: async () => {
    const call = { bearer: scene.pat, form: { token: await rpt() } };
    expect((await world.send("POST", url("introspection_endpoint"), call)).body.active).toBe(true);
  },

  /** An access token, or of clients that are registered for it what they are registered with. */
  introspection_endpoint_auth_methods_supported: async () => {
    const [bearer, dpop, ...methods] = list("introspection_endpoint_auth_methods_supported");
    expect([bearer, dpop, methods.length]).toEqual(["Bearer", "DPoP", 3]);
    const prover = await Prover.create(world);
    const pat = text(await prover.token(scene.cast.rs1, { grant_type: "client_credentials" }), "access_token");
    const call = { form: { token: await rpt() } };
    expect(await prover.send("POST", "/introspection", pat, call)).toMatchObject({ body: { active: true } });
    for (const method of methods) {
      const answer = await METHODS[method]?.("introspection_endpoint", INTROSPECTS);
      expect([method, answer?.status]).toEqual([method, 200]);
      const unregistered = await METHODS[method]?.("introspection_endpoint");
      expect([method, unregistered?.status]).toEqual([method, 401]);
    }
  },
  introspection_endpoint_auth_signing_alg_values_supported: async () => {
    const member = "introspection_endpoint_auth_signing_alg_values_supported";
    for (const algorithm of list(member)) {
      const proof = await signedProof("introspection_endpoint", algorithm, INTROSPECTS);
      const answer = await callAs("introspection_endpoint", {}, proof);
      expect([algorithm, answer.status]).toEqual([algorithm, 200]);
    }
  },
  introspection_signing_alg_values_supported: async () => {
    const headers = { Accept: "application/token-introspection+jwt" };
    const call = { bearer: scene.pat, form: { token: await rpt() }, headers };
    const { text: jwt } = await world.send("POST", url("introspection_endpoint"), call);
    expect(list("introspection_signing_alg_values_supported")).toEqual([decodeProtectedHeader(jwt).alg]);
  },

  permission_endpoint: async () => {
    const call = { bearer: scene.pat, json: permission(photo, "view") };
    expectStatus(await world.send("POST", url("permission_endpoint"), call), 201);
  },

  resource_registration_endpoint: async () => {
    const answer = await world.send("GET", url("resource_registration_endpoint"), { bearer: scene.pat });
    expect(answer.json).toContain(photo);
  },

  /** The profile by which an ID Token is pushed with a ticket. */
  claims_interaction_endpoint: async () => {
    const back = "https://app.example/back";
    const { id } = await world.client({ claims_redirect_uris: [back] });
    const query = new URLSearchParams({ client_id: id, ticket: await scene.ticket(photo) });
    const answer = await world.send("GET", `${url("claims_interaction_endpoint")}?${query}`);
    expect(answer).toMatchObject({ status: 303 });
    expect(answer.headers.get("location")).toContain(`${world.site.issuer}/claims/interaction?at=`);
  },

  uma_profiles_supported: async () => {
    const [format, ...profiles] = list("uma_profiles_supported");
    expect(profiles).toEqual([`${world.site.issuer}/profile#default`]);
    const pushed = { claim_token: await scene.bob(), claim_token_format: String(format) };
    const form = { grant_type: UMA_GRANT, ticket: await scene.ticket(photo), ...pushed };
    expectStatus(await world.token(scene.cast.c1, form), 200);
  },

  /** All of it once more, under a key of the key set. */
  signed_metadata: async () => {
    const keys = (await world.send("GET", url("jwks_uri"))).json as JSONWebKeySet;
    const { payload } = await jwtVerify(url("signed_metadata"), createLocalJWKSet(keys));
    const { signed_metadata: _, ...said } = metadata;
    expect(payload).toEqual({ ...said, iss: world.site.issuer });
  },
};

it("every member has a row here", () => {
  expect(Object.keys(metadata)).toEqual(Object.keys(MEMBERS));
});

it.each(Object.keys(MEMBERS))("%s says what is there", async (member) => {
  await MEMBERS[member]?.();
});
