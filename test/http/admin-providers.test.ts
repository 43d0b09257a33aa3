import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import page from "../../docs/identity-providers.md?raw";
import type { Answer } from "../support/server/http-site.ts";
import { UpstreamProvider } from "../support/server/upstream-provider.ts";
import { expectStatus, text } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { freshHost, KeyHosts } from "../support/workerd/key-hosts.ts";

/** Registration asks the provider, and only a server on https may. */
const OWN = "https://as.example";
const world = configuredWorld({ ISSUER: OWN });
const SECRET = "a-secret-that-nobody-reads-again";

let hosts: KeyHosts;
let provider: UpstreamProvider;
const made: string[] = [];

beforeEach(async () => {
  hosts = new KeyHosts();
  provider = await UpstreamProvider.create(freshHost(), { clientId: "usher", redirectUri: `${OWN}/sign-in/callback` });
  const serve = (path: string) => {
    const url = `${provider.issuer}${path}`;
    hosts.answers(url, () => provider.fetch(new Request(url)));
  };
  serve("/.well-known/openid-configuration");
  serve("/jwks");
  vi.spyOn(globalThis, "fetch").mockImplementation(hosts.fetch);
  vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
});
afterEach(async () => {
  for (const id of made.splice(0)) await world.admin("DELETE", `/providers/${id}`);
  vi.restoreAllMocks();
});

const body = (more: object = {}) => ({
  issuer: provider.issuer,
  name: "Lakeside ID",
  client_id: "usher",
  client_secret: SECRET,
  claims: ["role"],
  ...more,
});
const WITH_KEY = { client_secret: undefined, token_endpoint_auth_method: "private_key_jwt" };

async function add(more: object = {}): Promise<Answer> {
  const answer = expectStatus(await world.admin("POST", "/providers", body(more)), 201);
  made.push(text(answer, "id"));
  return answer;
}

const kidsOf = ({ body: { client_jwks } }: Answer) =>
  (client_jwks as { readonly keys: readonly { readonly kid: string }[] }).keys.map(({ kid }) => kid);

const change = (method: string, path: string, version: string, json?: unknown) =>
  world.send(method, `/admin/providers/${path}`, {
    bearer: world.site.adminSecret,
    headers: { "If-Match": version },
    ...(json === undefined ? {} : { json }),
  });

describe("a provider", () => {
  it("is added, read, replaced and removed, and is never read a secret of", async () => {
    const added = await add();
    const id = text(added, "id");
    const expected = {
      id,
      issuer: provider.issuer,
      name: "Lakeside ID",
      client_id: "usher",
      token_endpoint_auth_method: "client_secret_basic",
      client_signing_alg: "ES256",
      client_assertion_audience: "issuer",
      signed_requests: false,
      scope: "openid",
      acr_values: [],
      accepted_acr_values: "all",
      claims: ["role"],
      email_domains: [],
      enabled: true,
      redirect_uri: `${OWN}/sign-in/callback`,
    };
    expect(added.body).toEqual(expected);
    expect(added.headers.get("location")).toBe(`${OWN}/admin/providers/${id}`);
    const read = await world.admin("GET", `/providers/${id}`);
    expect(read.body).toEqual(expected);
    expect(read.headers.get("etag")).toBe('"1"');
    expect((await world.admin("GET", "/providers")).body.items).toContainEqual(expected);
    const replaced = await world.admin("PUT", `/providers/${id}`, body({ name: "Lake ID", client_secret: undefined }));
    expect(replaced.body).toEqual({ ...expected, name: "Lake ID" });
    expect(replaced.headers.get("etag")).toBe('"2"');
    expect((await world.admin("DELETE", `/providers/${id}`)).status).toBe(204);
    expect((await world.admin("GET", `/providers/${id}`)).status).toBe(404);
  });

  it("is changed on the version that was read, and on no other", async () => {
    const id = text(await add(), "id");
    expect((await change("PUT", id, '"1"', body({ name: "one" }))).status).toBe(200);
    expect((await change("PUT", id, '"1"', body({ name: "other" }))).status).toBe(412);
    expect((await change("DELETE", id, '"1"')).status).toBe(412);
    expect((await change("DELETE", id, '"2"')).status).toBe(204);
  });

  it("keeps its issuer, by which people are known", async () => {
    const id = text(await add(), "id");
    const other = await world.admin("PUT", `/providers/${id}`, body({ issuer: freshHost() }));
    expect(other).toMatchObject({ status: 400, body: { error_description: expect.stringMatching(/^issuer: cannot/) } });
  });

  it("is there once, and not in any number", async () => {
    await add();
    expect(await world.admin("POST", "/providers", body())).toMatchObject({ status: 409 });
    const count = "SELECT count(*) AS n FROM identity_providers";
    const { n } = (await env.DB.prepare(count).first<{ n: number }>()) ?? { n: 0 };
    for (let more = n; more < 20; more += 1) await add({ issuer: freshHost() });
    const tooMany = await world.admin("POST", "/providers", body({ issuer: freshHost() }));
    expect(tooMany).toMatchObject({ status: 403, body: { error: "quota_exceeded" } });
  });

  it("needs a secret where we authenticate by one, and keeps the one it has", async () => {
    expect(await world.admin("POST", "/providers", body({ client_secret: undefined }))).toMatchObject({
      status: 400,
      body: { error_description: "client_secret: is needed for client_secret_basic" },
    });
    const id = text(await add(WITH_KEY), "id");
    const bySecret = { client_secret: undefined, token_endpoint_auth_method: "client_secret_post" };
    expect((await world.admin("PUT", `/providers/${id}`, body(bySecret))).status).toBe(400);
  });

  it("is nobody's to see but the operator's", async () => {
    expect((await world.send("GET", "/admin/providers")).status).toBe(401);
    expect((await world.admin("PATCH", "/providers")).status).toBe(405);
    expect((await world.admin("GET", "/providers/nobody")).status).toBe(404);
  });
});

describe("a key of ours for a provider", () => {
  it("is made here, and only its public half is ever told", async () => {
    const added = await add(WITH_KEY);
    const id = text(added, "id");
    expect(added.body).toMatchObject({
      client_jwks: { keys: [{ kty: "EC", crv: "P-256", use: "sig", alg: "ES256", kid: expect.any(String) }] },
      client_jwks_uri: `${OWN}/sign-in/jwks`,
    });
    expect(JSON.stringify(added.body)).not.toContain('"d"');
    const again = await world.admin("PUT", `/providers/${id}`, body({ ...WITH_KEY, name: "Lake ID" }));
    expect(again.body.client_jwks).toEqual(added.body.client_jwks);
    const other = await world.admin("PUT", `/providers/${id}`, body({ ...WITH_KEY, client_signing_alg: "PS256" }));
    expect(other.body).toMatchObject({ client_jwks: { keys: [{ kty: "RSA", alg: "PS256" }] } });
    const none = await world.admin("PUT", `/providers/${id}`, body());
    expect(none.body).not.toHaveProperty("client_jwks");
  });

  it("is made for signed requests, too", async () => {
    expect(kidsOf(await add({ signed_requests: true }))).toHaveLength(1);
  });

  it("changes in two steps: the next one is published, and then it signs", async () => {
    const added = await add(WITH_KEY);
    const path = `/providers/${text(added, "id")}/key`;
    const [first = ""] = kidsOf(added);
    const published = await world.admin("POST", path);
    const [stays, second = ""] = kidsOf(published);
    expect(stays).toBe(first);
    expect(second).not.toBe(first);
    const used = await world.admin("POST", path);
    expect(kidsOf(used)).toEqual([second]);
    expect(used.headers.get("etag")).toBe('"3"');
    expect((await world.admin("GET", path)).status).toBe(405);
  });

  it("is not changed where there is none", async () => {
    const id = text(await add(), "id");
    expect((await world.admin("POST", `/providers/${id}/key`)).status).toBe(400);
    expect((await world.admin("POST", "/providers/nobody/key")).status).toBe(404);
  });
});

it("the example of the documentation is taken as it is printed", async () => {
  const [, example = ""] = page.match(/^```json\n([\s\S]*?)^```$/m) ?? [];
  const added = await add({ ...JSON.parse(example), issuer: provider.issuer, client_secret: undefined });
  expect(added.body).toMatchObject({ ...JSON.parse(example), issuer: provider.issuer });
  expect(added.body).not.toHaveProperty("warnings");
});

it("no secret and no private key is kept in the clear", async () => {
  await add({ signed_requests: true });
  const { results } = await env.DB.prepare("SELECT * FROM identity_providers").all();
  const kept = JSON.stringify(results);
  expect(kept).not.toContain(SECRET);
  expect(kept).not.toContain('\\"d\\"');
});

describe("a provider is added with a warning", () => {
  it("where nobody answers yet", async () => {
    hosts.fails(`${provider.issuer}/.well-known/openid-configuration`);
    expect((await add()).body.warnings).toMatchObject([
      { path: "issuer", message: expect.stringMatching(/^the discovery document at .* could not be read/) },
    ]);
  });

  it("where its metadata do not go with the entry", async () => {
    provider.twists = { metadata: { acr_values_supported: ["low"], authorization_endpoint: undefined } };
    const paths = ((await add({ acr_values: ["high"] })).body.warnings as { path: string }[]).map(({ path }) => path);
    expect(paths).toEqual(["issuer", "acr_values"]);
  });
});

describe("a look at the server", () => {
  const about = async (id: string) => {
    const { body: report } = await world.admin("GET", "/check");
    return (report.items as { readonly subject?: string }[]).filter(({ subject }) => subject === id);
  };

  it("tells whether people can sign in at a provider", async () => {
    const id = text(await add(), "id");
    expect(await about(id)).toEqual([
      { check: "provider", status: "ok", subject: id, message: `${provider.issuer}: people can sign in there` },
    ]);
    provider.twists = { metadata: { code_challenge_methods_supported: ["plain"] } };
    expect(await about(id)).toMatchObject([{ status: "warning", message: expect.stringMatching(/S256/) }]);
    hosts.fails(`${provider.issuer}/jwks`);
    expect(await about(id)).toMatchObject([{ status: "error", message: expect.stringMatching(/the key set at/) }]);
  });

  it("leaves one alone that is switched off", async () => {
    expect(await about(text(await add({ enabled: false }), "id"))).toEqual([]);
  });
});
