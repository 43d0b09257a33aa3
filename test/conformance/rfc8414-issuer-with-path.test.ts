import { beforeAll, expect, it } from "vitest";
import { Prover } from "../support/server/prover.ts";
import { refused } from "../support/server/scene.ts";
import type { World } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";

const ISSUER = "https://as.example/t1";
const HOST = "https://as.example";
const UMA = "/.well-known/uma2-configuration";
const OAUTH = "/.well-known/oauth-authorization-server";
const FORGED = {
  "X-Forwarded-Host": "evil.example",
  "X-Forwarded-Proto": "http",
  "X-Original-Host": "evil.example",
  Forwarded: "host=evil.example;proto=http",
};
let world: World;

beforeAll(async () => {
  world = configuredWorld({ ISSUER });
});

it("O-8414-3-well-known the well-known part stands before the path of the issuer", async () => {
  const inserted = await world.send("GET", `${HOST}${OAUTH}/t1`);
  expect(inserted).toMatchObject({ status: 200, body: { issuer: ISSUER, token_endpoint: `${ISSUER}/token` } });
  expect(inserted.text).toBe((await world.send("GET", UMA)).text);
});

it("O-8414-3-uma-inserted-form UMA's document is found by either reading", async () => {
  const [inserted, appended] = [await world.send("GET", `${HOST}${UMA}/t1`), await world.send("GET", UMA)];
  expect(inserted.status).toBe(200);
  expect(inserted.json).toEqual(appended.json);
});

it("O-8414-2-issuer O-8414-2-jwks-https O-6749-1.6-tls every endpoint is https, below the issuer", async () => {
  const { body } = await world.send("GET", UMA);
  expect(body.issuer).toBe(ISSUER);
  const places = Object.entries(body).filter(([member]) => /_(endpoint|uri)$/.test(member));
  expect(places.length).toBeGreaterThan(5);
  for (const [member, value] of places) expect(String(value), member).toMatch(/^https:\/\/as\.example\/t1\//);
  expect(String(body.issuer)).not.toMatch(/[?#]/);
  const keys = await world.send("GET", String(body.jwks_uri));
  expect(keys).toMatchObject({ status: 200, body: { keys: expect.arrayContaining([expect.any(Object)]) } });
});

it("O-6749-1.6-tls O-9700-4.13-proxy-headers plain http gets no token, whatever a header says of the scheme", async () => {
  const { rs1 } = await world.cast();
  const call = { basic: rs1, form: { grant_type: "client_credentials" } };
  expect((await world.send("POST", "/token", call)).status).toBe(200);
  for (const headers of [{}, { "X-Forwarded-Proto": "https", Forwarded: "proto=https" }]) {
    const plain = await world.send("POST", "http://as.example/t1/token", { ...call, headers });
    expect(plain.status).toBe(421);
    expect(plain.body).not.toHaveProperty("access_token");
    const page = await world.send("GET", "http://as.example/t1/authorize?client_id=c&response_type=code", { headers });
    expect([page.status, page.headers.get("location")]).toEqual([421, null]);
  }
});

it("O-9700-4.13-proxy-headers no header of the sender's own changes issuer, audience or place", async () => {
  const { rs1 } = await world.cast();
  const metadata = await world.send("GET", UMA, { headers: FORGED });
  expect(metadata.text).toBe((await world.send("GET", UMA)).text);
  const form = { grant_type: "client_credentials" };
  const { access_token } = (await world.send("POST", "/token", { basic: rs1, form, headers: FORGED })).body;
  const call = { bearer: String(access_token), json: { resource_scopes: [] }, headers: FORGED };
  const made = await world.send("POST", "/resources", call);
  expect(made.status).toBe(201);
  expect(made.headers.get("location")).toMatch(/^https:\/\/as\.example\/t1\/resources\//);
});

it("O-9700-4.13-proxy-headers none changes the URL that a proof of possession has to be for", async () => {
  const { rs1 } = await world.cast();
  const form = { grant_type: "client_credentials" };
  const prover = await Prover.create(world);
  const ask = async (claims: Readonly<Record<string, unknown>>) => {
    const headers = { ...FORGED, DPoP: await prover.proof({ claims }) };
    return world.send("POST", "/token", { basic: rs1, form, headers });
  };
  expect(await ask({})).toMatchObject({ status: 200, body: { token_type: "DPoP" } });
  for (const htu of ["https://evil.example/t1/token", "http://as.example/t1/token"]) {
    expect(await ask({ htu })).toMatchObject(refused(400, "invalid_dpop_proof"));
  }
});

/** More than twice what a minute allows, so that the limit is met even where the minute ends in between. */
const GUESSES = 130;

it("O-9700-4.13-proxy-headers none makes who guesses somebody else", async () => {
  const { id } = await world.client({});
  const attempts = Array.from({ length: GUESSES }, (_, index) => {
    const address = `198.51.100.${index}`;
    const forged = { "X-Forwarded-For": address, "X-Real-IP": address, Forwarded: `for=${address}` };
    const headers = { "CF-Connecting-IP": "192.0.2.3", ...forged };
    return world.send("POST", "/revocation", { basic: { id, secret: "wrong" }, form: { token: "x" }, headers });
  });
  expect((await Promise.all(attempts)).some(({ status }) => status === 429)).toBe(true);
});

it.each(["https://evil.example/t1/token", "https://as.example:8443/t1/token"])(
  "O-9700-4.13-proxy-headers nothing is served at %s, though headers name the right host",
  async (url) => {
    const headers = { "X-Forwarded-Host": "as.example", Forwarded: "host=as.example;proto=https" };
    expect((await world.send("POST", url, { headers })).status).toBe(421);
  },
);

it.each([
  "https://other.example/t1/jwks",
  "http://as.example/t1/jwks",
  "https://as.example:8443/t1/jwks",
  "http://as.example/t1/resources",
  "http://as.example/t1/permission",
  "http://as.example/t1/introspection",
])("F-1.3-tls there is no answer at %s, whatever the headers say", async (url) => {
  const headers = { "X-Forwarded-Host": "as.example", "X-Forwarded-Proto": "https", Forwarded: "host=as.example" };
  expect(await world.send("GET", url, { headers })).toMatchObject({
    status: 421,
    body: { error: "misdirected_request" },
  });
});
