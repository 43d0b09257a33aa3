import { beforeAll, describe, expect, it } from "vitest";
import { CodeApp, VERIFIER } from "../support/server/code-app.ts";
import { basicCredentials, type Call, telltaleHeaders } from "../support/server/http-site.ts";
import { INVALID_GRANT, refused, Scene } from "../support/server/scene.ts";
import { type Credentials, UMA_GRANT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";

const world = localWorld();
const INVALID_CLIENT = refused(401, "invalid_client");
const INVALID_REQUEST = refused(400, "invalid_request");
const CLIENT_CREDENTIALS = { grant_type: "client_credentials" };
const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
let scene: Scene;
let rs1: Credentials;
let c2: Credentials;
let p1: Credentials;

beforeAll(async () => {
  scene = await Scene.open(world);
  rs1 = scene.cast.rs1;
  [c2, p1] = await Promise.all([
    world.client({ client_name: "C2" }),
    world.client({ client_name: "P1", token_endpoint_auth_method: "none", may_push_claims: true }),
  ]);
});

const token = (call: Call, form: Readonly<Record<string, string>> = CLIENT_CREDENTIALS) =>
  world.send("POST", "/token", { ...call, form });

describe("a client with a secret (§2.3.1)", () => {
  it("O-6749-2.3.1-basic proves itself in the Authorization header", async () => {
    expect((await token({ basic: rs1 })).status).toBe(200);
  });

  it("O-6749-2.3.1-basic-encoding may have a secret of any characters, form-encoded", async () => {
    const client_secret = "a:b+c%d é and the rest of 32 characters";
    const odd = await world.client({ client_secret, grant_types: ["client_credentials"] });
    await world.connect(scene.cast.alice, odd, ["uma_protection"]);
    expect((await token({ basic: odd })).status).toBe(200);
    const bytes = new TextEncoder().encode(`${odd.id}:${client_secret}`);
    const unencoded = `Basic ${btoa(String.fromCharCode(...bytes))}`;
    expect(await token({ authorization: unencoded })).toMatchObject(INVALID_CLIENT);
  });

  it("O-6749-2.3.1-basic-encoding needs no encoding for ids and secrets that are made here", async () => {
    const clients = await Promise.all(Array.from({ length: 20 }, () => world.client({})));
    for (const { id, secret } of [rs1, ...clients]) expect(id + secret).toMatch(/^[A-Za-z0-9\-._]+$/);
    expect((await token({ authorization: `Basic ${btoa(`${rs1.id}:${rs1.secret}`)}` })).status).toBe(200);
  });

  it("O-6749-2.3-one-auth-method may name itself beside the header, by its own name only", async () => {
    expect((await token({ basic: rs1 }, { ...CLIENT_CREDENTIALS, client_id: rs1.id })).status).toBe(200);
    const other = { ...CLIENT_CREDENTIALS, client_id: c2.id };
    expect(await token({ basic: rs1 }, other)).toMatchObject(INVALID_REQUEST);
  });

  it.each([
    ["a secret", () => ({ client_id: rs1.id, client_secret: rs1.secret })],
    ["an assertion", () => ({ client_assertion: "e30.e30.e30", client_assertion_type: JWT_BEARER })],
  ])("O-6749-2.3-one-auth-method may not send the header and %s", async (_, more) => {
    expect(await token({ basic: rs1 }, { ...CLIENT_CREDENTIALS, ...more() })).toMatchObject(INVALID_REQUEST);
  });

  it("O-6749-2.3.1-not-in-query proves nothing by what stands in the URL", async () => {
    const path = `/token?client_id=${rs1.id}&client_secret=${rs1.secret}`;
    for (const form of [CLIENT_CREDENTIALS, { ...CLIENT_CREDENTIALS, client_id: rs1.id }]) {
      expect(await world.send("POST", path, { form })).toMatchObject(INVALID_REQUEST);
    }
  });
});

describe("who must authenticate (§3.2.1)", () => {
  it("O-6749-4.1.3-client-auth a client with a secret is nobody by its name alone", async () => {
    const { c1 } = scene.cast;
    const photo = await scene.sharedPhoto();
    const granted = await scene.redeem(await scene.ticket(photo), { idToken: await scene.bob() });
    const nameless = { id: c1.id, secret: "" };
    const ticket = await scene.ticket(photo);
    expect(await scene.redeemAs(nameless, ticket)).toMatchObject(INVALID_CLIENT);
    expect(await scene.refresh(nameless, granted.body.refresh_token)).toMatchObject(INVALID_CLIENT);
    expect((await scene.redeem(ticket, { idToken: await scene.bob() })).status).toBe(200);
    expect((await scene.refresh(c1, granted.body.refresh_token)).status).toBe(200);
  });

  it("O-6749-4.1.3-client-auth O-6749-4.1.3-public-client-id a code is for who proves to be its client, or names itself where it cannot", async () => {
    const browser = await (await Resident.settle()).browse(world.site);
    for (const app of [await CodeApp.register(world), await CodeApp.registerPublic(world)]) {
      const code = await app.allow(browser);
      const nameless = {
        grant_type: "authorization_code",
        code,
        redirect_uri: app.redirectUri,
        code_verifier: VERIFIER,
      };
      expect(await token({}, nameless)).toMatchObject(INVALID_CLIENT);
      const isPublic = app.client.secret === "";
      const named = await token({}, { ...nameless, client_id: app.client.id });
      expect(named).toMatchObject(isPublic ? { status: 200 } : INVALID_CLIENT);
      expect(await app.redeem(code)).toMatchObject(isPublic ? INVALID_GRANT : { status: 200 });
    }
  });

  it("O-6749-4.1.3-public-client-id a public client must name itself, and may use what is its own", async () => {
    const photo = await scene.sharedPhoto();
    const idToken = await scene.bob({ aud: p1.id });
    const granted = await scene.redeemAs(p1, await scene.ticket(photo), { idToken });
    const refresh = { grant_type: "refresh_token", refresh_token: String(granted.body.refresh_token) };
    for (const form of [refresh, { grant_type: UMA_GRANT, ticket: await scene.ticket(photo) }]) {
      expect(await token({}, form)).toMatchObject(INVALID_CLIENT);
    }
    const other = await world.client({ token_endpoint_auth_method: "none" });
    expect(await world.token(other, refresh)).toMatchObject(INVALID_GRANT);
    expect((await world.token(p1, refresh)).status).toBe(200);
  });

  it("O-6749-4.4-confidential-only a public client cannot act on its own behalf", async () => {
    const answer = await world.token(p1, CLIENT_CREDENTIALS);
    expect(answer).toMatchObject(refused(400, "unauthorized_client"));
    const registration = { token_endpoint_auth_method: "none", grant_types: ["client_credentials"] };
    expect((await world.admin("POST", "/clients", { client_name: "P2", ...registration })).status).toBe(400);
  });
});

describe("a failure (§5.2)", () => {
  it("O-6749-5.2-invalid-client is answered in the scheme that was used, alike for wrong and unknown", async () => {
    const wrong = await token({ basic: { ...rs1, secret: "wrong" } });
    const unknown = await token({ basic: { id: "nobody", secret: "wrong" } });
    expect(wrong).toMatchObject(INVALID_CLIENT);
    expect(wrong.headers.get("www-authenticate")).toMatch(/^Basic /);
    expect([unknown.text, telltaleHeaders(unknown)]).toEqual([wrong.text, telltaleHeaders(wrong)]);
  });

  it.each(["/revocation", "/introspection", "/par"])("O-6749-5.2-invalid-client holds at %s, too", async (path) => {
    const form = { ...CLIENT_CREDENTIALS, token: "x" };
    const ask = (basic: Credentials) => world.send("POST", path, { basic, form });
    const [wrong, unknown] = [await ask({ ...rs1, secret: "wrong" }), await ask({ id: "nobody", secret: "wrong" })];
    expect(wrong).toMatchObject(INVALID_CLIENT);
    expect(wrong.headers.get("www-authenticate")).toMatch(/^Basic /);
    expect([unknown.text, telltaleHeaders(unknown)]).toEqual([wrong.text, telltaleHeaders(wrong)]);
  });

  it.each([
    ["no colon", btoa("nobody")],
    ["no base64", "%%%"],
    ["no UTF-8", btoa("\xff:\xff")],
    ["a broken encoding", btoa("a:%zz")],
    ["nothing", ""],
  ])("O-6749-5.2-invalid-client holds for credentials with %s", async (_, encoded) => {
    const answer = await token({ authorization: `Basic ${encoded}` });
    expect(answer).toMatchObject(INVALID_CLIENT);
    expect(answer.headers.get("www-authenticate")).toMatch(/^Basic /);
  });
});

/** More than twice the limit, so that it is met even where its minute ends in between; at no endpoint alone. */
const GUESSES = 130;
const SECRETS_ARE_TAKEN_AT = ["/token", "/revocation", "/introspection", "/par"];

describe("guessing (§10.10)", () => {
  const guess = (path: string, target: Credentials, headers: Readonly<Record<string, string>>) =>
    world.send("POST", path, {
      headers: { ...headers, Authorization: basicCredentials({ ...target, secret: crypto.randomUUID() }) },
      form: { ...CLIENT_CREDENTIALS, token: "x" },
    });

  it("O-6749-2.3.1-brute-force is slowed by client and address, at all endpoints together, and holds up nobody else", async () => {
    const target = await world.client({ grant_types: ["client_credentials"] });
    await world.connect(scene.cast.alice, target, ["uma_protection"]);
    const headers = { "CF-Connecting-IP": "192.0.2.1" };
    const paths = Array.from({ length: GUESSES }, (_, index) => SECRETS_ARE_TAKEN_AT[index % 4] ?? "");
    const answers = await Promise.all(paths.map((path) => guess(path, target, headers)));
    const slowed = answers.filter(({ status }) => status === 429);
    expect(slowed.length).toBeGreaterThan(0);
    for (const answer of slowed) expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await token({ basic: target, headers: { "CF-Connecting-IP": "192.0.2.2" } })).status).toBe(200);
    for (const path of SECRETS_ARE_TAKEN_AT) expect((await guess(path, target, headers)).status, path).toBe(429);
    expect((await token({ basic: target, headers })).status).toBe(429);
  });
});
