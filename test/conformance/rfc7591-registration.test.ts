import { UnsecuredJWT } from "jose";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { GRANT_TYPES } from "../../src/protocol/wire/client.ts";
import { CodeApp, locationOf } from "../support/server/code-app.ts";
import { refused, Scene } from "../support/server/scene.ts";
import { attempt, initialAccessToken, SelfRegistered } from "../support/server/self-registered.ts";
import { UMA_GRANT } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";
import { Visitor } from "../support/workerd/visitor.ts";

const world = localWorld();
const CODE = { grant_types: ["authorization_code"] };
let token: string;

beforeAll(async () => {
  token = await initialAccessToken(world, { grant_types: GRANT_TYPES });
});

afterEach(() => {
  vi.restoreAllMocks();
});

const register = (metadata: unknown) => attempt(world, metadata, token);
const METADATA_REFUSED = refused(400, "invalid_client_metadata");
const REDIRECT_REFUSED = refused(400, "invalid_redirect_uri");

describe("the registration endpoint (RFC 7591 §3)", () => {
  it("O-7591-3-post-json takes POST of JSON alone, and is in the metadata", async () => {
    expect((await register({})).status).toBe(201);
    const form = await world.send("POST", "/register", { bearer: token, form: { client_name: "x" } });
    expect(form).toMatchObject(METADATA_REFUSED);
    const got = await world.send("GET", "/register");
    expect([got.status, got.headers.get("allow")]).toEqual([405, "POST"]);
    const { body } = await world.send("GET", "/.well-known/oauth-authorization-server");
    expect(body.registration_endpoint).toBe(`${world.site.issuer}/register`);
  });

  it("O-7591-3.2.1-created says what is registered, with all that was not said", async () => {
    const { status, headers, body } = await register({});
    expect([status, headers.get("cache-control")]).toEqual([201, "no-store"]);
    expect(body).toMatchObject({
      token_endpoint_auth_method: "client_secret_basic",
      grant_types: [UMA_GRANT],
      response_types: [],
      client_name: body.client_id,
    });
    const code = await register({ redirect_uris: ["https://c.example/cb"] });
    expect(code.body).toMatchObject({ grant_types: ["authorization_code"], response_types: ["code"] });
  });

  it("O-7591-3.2.1-secret-expiry says of each secret that it never expires", async () => {
    expect((await register({})).body).toMatchObject({ client_secret: expect.any(String), client_secret_expires_at: 0 });
    const { body } = await register({ token_endpoint_auth_method: "none" });
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^client_secret/)]));
  });

  it("O-7591-3.2.1-unique-secret draws id and secret itself", async () => {
    const said = { client_id: "x", client_secret: "y".repeat(40), client_name: "twice" };
    const [one, other] = [(await register(said)).body, (await register(said)).body];
    expect(new Set([one.client_id, other.client_id, "x"]).size).toBe(3);
    expect(new Set([one.client_secret, other.client_secret, said.client_secret]).size).toBe(3);
  });

  it("O-7591-3.2.2-errors says in its own words what is wrong", async () => {
    expect(await register({ redirect_uris: ["not a url"] })).toMatchObject(REDIRECT_REFUSED);
    expect(await register({ token_endpoint_auth_method: "foo" })).toMatchObject(METADATA_REFUSED);
    const stated = (software_statement: string) => register({ software_statement });
    expect(await stated("x")).toMatchObject(refused(400, "invalid_software_statement"));
    const unsigned = new UnsecuredJWT({ iss: "https://nobody.example" }).encode().concat("x");
    expect(await stated(unsigned)).toMatchObject(refused(400, "unapproved_software_statement"));
    for (const body of [[], null, "x", 1]) expect(await register(body)).toMatchObject(METADATA_REFUSED);
    const broken = { bearer: token, text: ["application/json", '{"client_name":'] as const };
    expect(await world.send("POST", "/register", broken)).toMatchObject(METADATA_REFUSED);
  });

  it("O-7591-3-initial-access-token wants the operator's word where not everybody may", async () => {
    const none = await attempt(world, {});
    expect([none.status, none.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="usher"']);
    const bad = await attempt(world, {}, "bad");
    expect(bad).toMatchObject(refused(401, "invalid_token"));
    expect(bad.headers.get("www-authenticate")).toMatch(/^Bearer .*error="invalid_token"/);
    expect((await register({})).status).toBe(201);
    const closed = configuredWorld({ CLIENT_REGISTRATION: "closed" });
    expect(await attempt(closed, {}, token)).toMatchObject(refused(404, "not_found"));
    const { body } = await closed.send("GET", "/.well-known/oauth-authorization-server");
    expect(body).not.toHaveProperty("registration_endpoint");
  });

  it("O-7591-3-open-registration lets anybody where the operator says so, and nobody flood it", async () => {
    const open = configuredWorld({ CLIENT_REGISTRATION: "open" });
    const from = (address: string) =>
      open.send("POST", "/register", { json: {}, headers: { "CF-Connecting-IP": address } });
    const answers = [];
    for (let count = 0; count < 100; count += 1) answers.push(await from("198.51.100.71"));
    const statuses = new Set(answers.map(({ status }) => status));
    expect([answers[0]?.status, answers[99]?.status, [...statuses]]).toEqual([201, 429, [201, 429]]);
    expect(answers[99]?.headers.get("retry-after")).toMatch(/^\d+$/);
    expect((await from("198.51.100.72")).status).toBe(201);
    expect(await attempt(open, {}, "bad")).toMatchObject(refused(401, "invalid_token"));
  });
});

describe("what a client says about itself (RFC 7591 §2)", () => {
  it("O-7591-2-unknown-metadata is ignored where nobody knows it, or it is not a client's to say", async () => {
    const said = { foo: 1, may_push_claims: true, redirects_errors: true, connection_scopes: ["uma_policy"] };
    const { status, body } = await register(said);
    expect(status).toBe(201);
    for (const member of Object.keys(said)) expect(body).not.toHaveProperty(member);
    const kept = (await world.admin("GET", `/clients/${body.client_id}`)).body;
    expect(kept).toMatchObject({ may_push_claims: false, redirects_errors: false, connection_scopes: [] });
  });

  it("O-7591-2-redirect-uris are needed where people are sent back", async () => {
    expect(await register(CODE)).toMatchObject(REDIRECT_REFUSED);
    expect(await register({ ...CODE, redirect_uris: [] })).toMatchObject(REDIRECT_REFUSED);
    expect((await register({ grant_types: [UMA_GRANT] })).status).toBe(201);
  });

  it("O-7591-2-jwks-exclusive come by one way", async () => {
    const jwks = { keys: [{ kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }] };
    const method = { token_endpoint_auth_method: "private_key_jwt" };
    const jwks_uri = "https://c.example/jwks";
    expect(await register({ ...method, jwks, jwks_uri })).toMatchObject(METADATA_REFUSED);
    for (const one of [{ jwks }, { jwks_uri }]) expect((await register({ ...method, ...one })).status).toBe(201);
  });

  it("O-7591-2.1-consistency goes together", async () => {
    const credentials = { grant_types: ["client_credentials"] };
    expect(await register({ ...credentials, response_types: ["code"] })).toMatchObject(METADATA_REFUSED);
    const unsaid = await register(credentials);
    expect([unsaid.status, unsaid.body.response_types]).toEqual([201, []]);
  });

  it("O-7591-2-no-implicit-password has no grants that are not given here", async () => {
    for (const grant of ["implicit", "password"]) {
      const wanted = { grant_types: [grant], redirect_uris: ["https://c.example/cb"] };
      expect(await register(wanted)).toMatchObject(METADATA_REFUSED);
    }
    expect(await register({ redirect_uris: ["https://c.example/cb"], response_types: ["token"] })).toMatchObject(
      METADATA_REFUSED,
    );
  });

  it("O-7591-5-redirect-schemes sends people to https, their own machine, or an app", async () => {
    for (const uri of ["http://c.example/cb", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"]) {
      expect(await register({ ...CODE, redirect_uris: [uri] })).toMatchObject(REDIRECT_REFUSED);
    }
    const native = ["http://127.0.0.1/cb", "http://[::1]/cb", "http://localhost/cb", "com.example.app:/cb"];
    for (const uri of native) {
      const made = await register({ ...CODE, redirect_uris: [uri], token_endpoint_auth_method: "none" });
      expect([made.status, made.body.redirect_uris]).toEqual([201, [uri]]);
    }
  });

  it("O-7591-5-self-asserted is nobody's word but its own", async () => {
    const redirect_uris = ["https://photos.example/cb"];
    const fetched = vi.spyOn(globalThis, "fetch");
    for (const logo_uri of ["https://10.0.0.1/logo", "https://photos.example/logo"]) {
      expect((await register({ redirect_uris, logo_uri })).body).not.toHaveProperty("logo_uri");
    }
    for (const uri of ["javascript:alert(1)", "https://10.0.0.1/", "http://photos.example/"]) {
      expect(await register({ redirect_uris, client_uri: uri })).toMatchObject(METADATA_REFUSED);
    }
    const elsewhere = { client_uri: "https://bank.example/", logo_uri: "javascript:alert(1)" };
    const { body } = await register({ redirect_uris, ...elsewhere });
    for (const member of Object.keys(elsewhere)) expect(body).not.toHaveProperty(member);
    const own = { client_uri: "https://photos.example/about", policy_uri: "https://photos.example/policy" };
    expect((await register({ redirect_uris, ...own })).body).toMatchObject(own);

    const right = await initialAccessToken(world, { connection_scopes: ["uma_protection"] });
    const asked = { redirect_uris, scope: "uma_protection", ...elsewhere, client_name: "Bank" };
    const { client } = await SelfRegistered.register(world, asked, right);
    const browser = await (await Resident.settle()).browse(world.site);
    const app = await CodeApp.of(world, client, "https://photos.example/cb");
    const page = await app.ask(browser);
    expect(page.text).toContain("photos.example");
    expect(page.text).not.toContain("bank.example");
    expect(page.text).toContain("Not checked by us");
    expect(page.text).not.toMatch(/<img|javascript:/);
    expect(fetched).not.toHaveBeenCalled();
  });

  it("O-7591-2-scope-registration is what it is registered for; what is for few is not for the asking", async () => {
    const scene = await Scene.open(world);
    const made = await register({ scope: "download uma_protection", client_name: "wants much" });
    expect(made.body.scope).toBe("download");
    const client = { id: String(made.body.client_id), secret: String(made.body.client_secret) };
    const photo = await scene.resource();
    await scene.permitAnyone();
    const granted = await scene.redeemAs(client, await scene.ticket(photo), { scope: "download" });
    expect(await scene.granted(granted)).toEqual({ [photo]: ["download", "view"] });
    const other = await scene.redeemAs(client, await scene.ticket(photo), { scope: "print" });
    expect(other).toMatchObject(refused(400, "invalid_scope"));

    const redirect_uris = ["https://photos.example/cb"];
    const app = await SelfRegistered.register(world, { redirect_uris, scope: "uma_protection uma_policy" }, token);
    expect(app.body).not.toHaveProperty("scope");
    const asks = await CodeApp.of(world, app.client, "https://photos.example/cb").push();
    expect(asks).toMatchObject(refused(400, "invalid_scope"));
    const right = await initialAccessToken(world, { connection_scopes: ["uma_protection"] });
    const said = { redirect_uris, scope: "uma_protection uma_policy" };
    const restricted = await SelfRegistered.register(world, said, right);
    expect(restricted.body.scope).toBe("uma_protection");
    expect((await CodeApp.of(world, restricted.client, "https://photos.example/cb").push()).status).toBe(201);
  });
});

describe("where requesting parties are sent back to (Grant §2)", () => {
  const CLAIMS = "https://consult.example/back";

  it("G-2-dcr-claims-redirect-uris is registered, and works", async () => {
    const { body, client } = await SelfRegistered.register(world, { claims_redirect_uris: [CLAIMS] }, token);
    expect(body.claims_redirect_uris).toEqual([CLAIMS]);
    const scene = await Scene.open(world);
    const ana = await Visitor.arrive(world);
    const photo = await scene.resource();
    await scene.permit(photo, ["view"], { claim: "email", equals: ana.address });
    const page = await ana.look(client, { ticket: await scene.ticket(photo), claims_redirect_uri: CLAIMS });
    expect([page.status, page.text.includes("consult.example")]).toEqual([200, true]);
    const back = locationOf(await ana.decide(page, "continue"));
    expect([back.origin + back.pathname, back.searchParams.has("ticket")]).toEqual([CLAIMS, true]);
  });

  it("G-2-dcr-claims-redirect-array is a list of texts", async () => {
    for (const uris of [CLAIMS, [1]]) {
      expect(await register({ claims_redirect_uris: uris })).toMatchObject(REDIRECT_REFUSED);
    }
    const { status, body } = await register({ claims_redirect_uris: [] });
    expect([status, Object.keys(body)]).toEqual([201, expect.not.arrayContaining(["claims_redirect_uris"])]);
  });

  it("G-2-dcr-claims-redirect-valid is absolute, without a fragment, and https off loopback", async () => {
    for (const uri of ["/cr", "https://c.example/cr#f", "http://c.example/cr"]) {
      const answer = await register({ claims_redirect_uris: [uri] });
      expect(answer).toMatchObject(REDIRECT_REFUSED);
      expect(answer.body.error_description).toContain("without a fragment");
    }
    for (const uri of ["http://127.0.0.1:5555/cr", "com.example.app:/cr"]) {
      expect((await register({ claims_redirect_uris: [uri] })).body.claims_redirect_uris).toEqual([uri]);
    }
  });
});
