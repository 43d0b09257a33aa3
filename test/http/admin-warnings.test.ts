import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Signer } from "../support/pure/signer.ts";
import { expectStatus } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { freshHost, KeyHosts } from "../support/workerd/key-hosts.ts";

/** Registration asks other hosts, and only a server on https may. */
const world = configuredWorld({ ISSUER: "https://as.example" });
let hosts: KeyHosts;
let issuer: string;

beforeEach(() => {
  hosts = new KeyHosts();
  issuer = freshHost();
  vi.spyOn(globalThis, "fetch").mockImplementation(hosts.fetch);
  vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const about = (path: string, message: RegExp) => ({ path, message: expect.stringMatching(message) });
const discoveryOf = (name: string) => `${name}/.well-known/openid-configuration`;

async function publishKeys(): Promise<void> {
  const signer = await Signer.create("one");
  hosts.serves(discoveryOf(issuer), { issuer, jwks_uri: `${issuer}/keys` });
  hosts.serves(`${issuer}/keys`, { keys: [signer.publicJwk] });
}

/** What an issuer is made of, and then replaced with: both answers say the same. */
async function issuerWarnings(more: object = {}): Promise<unknown> {
  const body = { issuer, claims: ["email"], email_domains: ["example.com"], ...more };
  const made = expectStatus(await world.admin("POST", "/issuers", body), 201);
  const replaced = expectStatus(await world.admin("PUT", `/issuers/${made.body.id}`, body), 200);
  expect(replaced.body.warnings).toEqual(made.body.warnings);
  return made.body.warnings;
}

async function clientWarnings(more: object = {}): Promise<unknown> {
  const body = { client_name: "Printer", ...more };
  const made = expectStatus(await world.admin("POST", "/clients", body), 201);
  const replaced = expectStatus(await world.admin("PUT", `/clients/${made.body.client_id}`, body), 200);
  expect(replaced.body.warnings).toEqual(made.body.warnings);
  return made.body.warnings;
}

describe("an issuer is registered", () => {
  it("without a word where everything is as it should be", async () => {
    await publishKeys();
    expect(await issuerWarnings()).toBeUndefined();
    expect(hosts.asked).toEqual([...Array(2)].flatMap(() => [discoveryOf(issuer), `${issuer}/keys`]));
  });

  it("with a warning where nobody answers yet", async () => {
    const where = discoveryOf(issuer).replaceAll(".", "\\.");
    expect(await issuerWarnings()).toEqual([
      about(
        "issuer",
        new RegExp(`^the discovery document at ${where} could not be read \\(its host cannot be reached\\)`),
      ),
    ]);
  });

  it("with a warning where its discovery document is another issuer's", async () => {
    hosts.serves(discoveryOf(issuer), { issuer: `${issuer}/`, jwks_uri: `${issuer}/keys` });
    expect(await issuerWarnings()).toEqual([about("issuer", /\(no such document\); it must name exactly this issuer/)]);
  });

  it("with a warning where its keys cannot be found", async () => {
    hosts.serves(discoveryOf(issuer), { issuer, jwks_uri: `${issuer}/keys` });
    hosts.answers(`${issuer}/keys`, () => new Response("secret text of a stranger", { status: 404 }));
    const warnings = await issuerWarnings();
    expect(warnings).toEqual([
      about("issuer", /^the key set at .*\/keys could not be read \(status 404\); it must have a key/),
    ]);
    expect(JSON.stringify(warnings)).not.toContain("stranger");
  });

  it("with a warning where none of its keys can be used", async () => {
    const jwks_uri = `${issuer}/keys`;
    hosts.serves(jwks_uri, { keys: [{ kty: "oct", k: "AA" }] });
    expect(await issuerWarnings({ jwks_uri })).toEqual([about("jwks_uri", /^the key set at /)]);
  });

  it("with a warning for each thing that will not count", async () => {
    await publishKeys();
    expect(await issuerWarnings({ claims: [], email_domains: "all", max_token_age: 5 })).toEqual([
      about("claims", /^is empty/),
      about("email_domains", /^counts for nothing unless claims has email/),
      about("max_token_age", /under a minute/),
    ]);
  });

  it("only with a word about whose addresses it may speak for, when it is replaced too", async () => {
    const body = { issuer, claims: ["email"] };
    const refusal = { error: "invalid_request", error_description: expect.stringMatching(/^email_domains: say for/) };
    expect(await world.admin("POST", "/issuers", body)).toMatchObject({ status: 400, body: refusal });
    const made = await world.admin("POST", "/issuers", { ...body, email_domains: [] });
    expect(await world.admin("PUT", `/issuers/${made.body.id}`, body)).toMatchObject({ status: 400, body: refusal });
    expect((await world.admin("GET", `/issuers/${made.body.id}`)).body).toMatchObject({ email_domains: [] });
  });
});

describe("a client is registered", () => {
  it("by its name alone with the warning that it can satisfy no policy that asks for claims", async () => {
    expect(await clientWarnings()).toEqual([
      about("may_push_claims", /^is false, so this client can satisfy no policy/),
    ]);
    expect(await clientWarnings({ may_push_claims: true })).toBeUndefined();
  });

  it("with a warning where its name stands at an issuer that is not trusted", async () => {
    const body = { may_push_claims: true, issuer_client_ids: { [issuer]: "printer" } };
    expect(await clientWarnings(body)).toEqual([about("issuer_client_ids", new RegExp(`^names ${issuer}, which`))]);
    await publishKeys();
    await issuerWarnings();
    expect(await clientWarnings(body)).toBeUndefined();
  });

  it("with a warning where its keys cannot be fetched", async () => {
    const jwks_uri = `${issuer}/keys`;
    const body = { may_push_claims: true, token_endpoint_auth_method: "private_key_jwt", jwks_uri };
    expect(await clientWarnings(body)).toEqual([
      about("jwks_uri", /^the key set at .* \(its host cannot be reached\)/),
    ]);
    await publishKeys();
    expect(await clientWarnings(body)).toBeUndefined();
  });
});

describe("a client is connected to an owner", () => {
  const without = [about("grant_types", /^lacks client_credentials/)];

  it("with a warning if it can get no token for it, and told again when it is changed", async () => {
    const owner = await world.owner("Alice");
    const client = await world.client({ may_push_claims: true });
    const path = `/owners/${owner}/connections/${client.id}`;
    const connected = expectStatus(await world.admin("PUT", path, { scopes: ["uma_protection"] }), 200);
    expect(connected.body.warnings).toEqual(without);
    const app = { client_name: "App", may_push_claims: true };
    expect((await world.admin("PUT", `/clients/${client.id}`, app)).body.warnings).toEqual(without);
    expect((await world.admin("DELETE", path)).status).toBe(204);
    expect((await world.admin("PUT", `/clients/${client.id}`, app)).body.warnings).toBeUndefined();
  });

  it("without a word if it can", async () => {
    const owner = await world.owner("Alice");
    const client = await world.client({ grant_types: ["client_credentials"] });
    const connected = await world.admin("PUT", `/owners/${owner}/connections/${client.id}`, { scopes: ["uma_policy"] });
    expect(connected).toMatchObject({ status: 200, body: { scopes: ["uma_policy"] } });
    expect(connected.body.warnings).toBeUndefined();
  });
});
