import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MAX_CLIENTS_LET_IN_PER_HOUR, MAX_NEW_DOCUMENTS_PER_MINUTE } from "../../src/shared/limits.ts";
import { Signer } from "../support/pure/signer.ts";
import { BrowserLike } from "../support/server/browser-like.ts";
import { CodeApp } from "../support/server/code-app.ts";
import { refused, Scene } from "../support/server/scene.ts";
import { JWT_BEARER } from "../support/server/signing-client.ts";
import { text, UMA_GRANT, type World } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { freshHost, KeyHosts } from "../support/workerd/key-hosts.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";
import { Visitor } from "../support/workerd/visitor.ts";

const CALLBACK = "http://127.0.0.1/back";
const FRESH_SECONDS = 600;
let world: World;
let hosts: KeyHosts;

beforeEach(() => {
  // Each its own isolate, which knows no document.
  world = configuredWorld({ CLIENT_METADATA_DOCUMENTS: "accept" });
  hosts = new KeyHosts();
  vi.spyOn(globalThis, "fetch").mockImplementation(hosts.fetch);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A client that nobody registered. @returns its id */
function described(metadata: object = {}, url = `${freshHost()}/app.json`): string {
  const usual = { client_id: url, client_name: "Folio", claims_redirect_uris: [CALLBACK] };
  hosts.serves(url, { ...usual, ...metadata });
  return url;
}

/** Whether a client of this id is let in at the token endpoint, where it then brings no good ticket. */
async function isLetIn(id: string, inWorld = world): Promise<boolean> {
  const answer = await inWorld.send("POST", "/token", { form: { grant_type: UMA_GRANT, client_id: id, ticket: "x" } });
  if (answer.status === 400) expect(answer).toMatchObject(refused(400, "invalid_grant"));
  else expect(answer).toMatchObject(refused(401, "invalid_client"));
  return answer.status === 400;
}

describe("a client that nobody registered", () => {
  it("is who the document at its id says, and asked about once", async () => {
    const id = described();
    for (let round = 0; round < 3; round += 1) expect(await isLetIn(id)).toBe(true);
    expect(hosts.asked).toEqual([id]);
    expect(await isLetIn(id, configuredWorld({ CLIENT_METADATA_DOCUMENTS: "accept" }))).toBe(true);
    expect(hosts.asked).toEqual([id]);
  });

  it("is let in only where the operator says so, which the metadata tell", async () => {
    const member = "client_id_metadata_document_supported";
    expect((await world.send("GET", "/.well-known/oauth-authorization-server")).body[member]).toBe(true);
    expect((await localWorld().send("GET", "/.well-known/oauth-authorization-server")).body).not.toHaveProperty(member);
    expect(await isLetIn(described(), localWorld())).toBe(false);
    expect(hosts.asked).toEqual([]);
  });

  it.each([
    ["is about another URL", { client_id: "https://other.example/app.json" }],
    ["is about none", { client_id: null }],
    ["has a secret", { client_secret: "x".repeat(40) }],
    ["wants a secret", { token_endpoint_auth_method: "client_secret_basic" }],
    ["wants what is for few", { grant_types: ["client_credentials"] }],
    ["sends people anywhere", { redirect_uris: ["http://app.example/"] }],
    ["wants keys and has none", { token_endpoint_auth_method: "private_key_jwt" }],
    ["is long", { client_name: "x", more: "y".repeat(17_000) }],
  ])("is nobody where its document %s", async (_what, metadata) => {
    expect(await isLetIn(described(metadata))).toBe(false);
  });

  it.each([
    ["no path", (host: string) => `${host}/`],
    ["a query", (host: string) => `${host}/app?x=1`],
    ["a fragment", (host: string) => `${host}/app#x`],
    ["a step up", (host: string) => `${host}/a/../app`],
    ["a password", (host: string) => `${host.replace("//", "//u:p@")}/app`],
    ["no https", (host: string) => `${host.replace("https", "http")}/app`],
    ["a host inside", () => "https://10.0.0.1/app"],
    ["the metadata of a cloud", () => "https://169.254.169.254/app"],
    ["a length beyond measure", (host: string) => `${host}/${"x".repeat(300)}`],
  ])("is not looked for at a URL with %s", async (_what, urlAt) => {
    expect(await isLetIn(described({}, urlAt(freshHost())))).toBe(false);
    expect(hosts.asked).toEqual([]);
  });

  it("is not looked for behind a redirect, nor where the host fails", async () => {
    const id = `${freshHost()}/app`;
    hosts.answers(id, () => new Response(null, { status: 302, headers: { Location: described() } }));
    expect(await isLetIn(id)).toBe(false);
    expect(await isLetIn(`${freshHost()}/app`)).toBe(false);
    expect(hosts.asked.length).toBe(2);
  });

  it("proves by keys who it is, where its document has some", async () => {
    const signer = await Signer.create("k1");
    const keys = { token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [signer.publicJwk] } };
    const id = described(keys);
    expect(await isLetIn(id)).toBe(false);
    const now = Math.floor(Date.now() / 1_000);
    const claims = { iss: id, sub: id, aud: world.site.issuer, jti: crypto.randomUUID(), exp: now + 60 };
    const proof = { client_assertion: await signer.sign(claims), client_assertion_type: JWT_BEARER };
    const answer = await world.send("POST", "/token", { form: { grant_type: UMA_GRANT, ticket: "x", ...proof } });
    expect(answer).toMatchObject(refused(400, "invalid_grant"));
  });

  it("is what its document says now, ten minutes later at most", async () => {
    const id = described();
    const scene = await Scene.open(world);
    const ticket = await scene.ticket(await scene.sharedPhoto());
    const come = (uri: string) => {
      const sent = { client_id: id, ticket, claims_redirect_uri: uri };
      return new BrowserLike(world.site).open(`/claims?${new URLSearchParams(sent)}`);
    };
    expect((await come(CALLBACK)).status).toBe(303);
    described({ claims_redirect_uris: ["https://folio.example/other"] }, id);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + FRESH_SECONDS * 1_000 });
    expect((await come(CALLBACK)).status).toBe(400);
    expect(hosts.asked.length).toBe(2);
  });

  it("may not ask to act for anybody, nor be the only condition of a permit", async () => {
    const signer = await Signer.create("k1");
    const id = described({ redirect_uris: [CALLBACK], scope: "uma_protection uma_policy" });
    const app = CodeApp.of(world, { id, secret: "" }, CALLBACK);
    expect(await app.push()).toMatchObject(refused(400, "invalid_scope"));
    const keys = { token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [signer.publicJwk] } };
    const scene = await Scene.open(world);
    const open = { effect: "permit", target: { all: true }, scopes: "all", who: { client: described(keys) } };
    expect(await scene.ask("POST", "/policies?accept=warnings", open)).toMatchObject(refused(400, "invalid_request"));
  });

  it("cannot have an isolate ask any number of hosts, and those that are known are served", async () => {
    const [known, elsewhere] = [described(), described()];
    expect(await isLetIn(known)).toBe(true);
    expect(await isLetIn(elsewhere, configuredWorld({ CLIENT_METADATA_DOCUMENTS: "accept" }))).toBe(true);
    vi.useFakeTimers({ toFake: ["Date"], now: Math.ceil(Date.now() / 60_000) * 60_000 });
    for (let count = 0; count < MAX_NEW_DOCUMENTS_PER_MINUTE + 10; count += 1) await isLetIn(`${freshHost()}/app`);
    expect(hosts.asked.length).toBe(2 + MAX_NEW_DOCUMENTS_PER_MINUTE);
    expect(await isLetIn(described())).toBe(false);
    for (const one of [known, elsewhere]) expect(await isLetIn(one)).toBe(true);
    expect(hosts.asked.length).toBe(2 + MAX_NEW_DOCUMENTS_PER_MINUTE);
    vi.setSystemTime(Date.now() + 60_000);
    expect(await isLetIn(described())).toBe(true);
  });
});

describe("whoever lets such clients in", () => {
  it("has so many new ones written down and no more, and goes on with those that are", {
    timeout: 60_000,
  }, async () => {
    const browser = await (await Resident.settle()).browse(world.site);
    const app = () => CodeApp.of(world, { id: described({ redirect_uris: [CALLBACK] }), secret: "" }, CALLBACK);
    const allow = async (one: CodeApp, by = browser) => {
      const page = await one.ask(by, one.path({ scope: "openid" }));
      return (await by.submit(page, "/authorize/consent", { decision: "allow" })).status;
    };
    const [first, last] = [app(), app()];
    expect(await allow(first)).toBe(303);
    for (let count = 1; count < MAX_CLIENTS_LET_IN_PER_HOUR / 2; count += 1) expect(await allow(app())).toBe(303);
    expect(await allow(last)).toBe(429);
    expect(await env.DB.prepare("SELECT 1 FROM clients WHERE id = ?").bind(last.client.id).first()).toBeNull();
    expect(await allow(first)).toBe(303);
    expect(await allow(last, await (await Resident.settle()).browse(world.site))).toBe(303);
  });
});

describe("people are shown such a client", () => {
  it("as not checked, by its host, and its owner by the name that it had, wherever its document is by then", async () => {
    const id = described({ client_uri: "https://bank.example/", "client_name#de": "Mappe" });
    const scene = await Scene.open(world);
    const ana = await Visitor.arrive(world);
    const photo = await scene.resource();
    await scene.permit(photo, ["view"], { claim: "email", equals: ana.address });
    const client = { id, secret: "" };
    const visit = async () => ana.look(client, { ticket: await scene.ticket(photo), claims_redirect_uri: CALLBACK });
    const page = await visit();
    for (const shown of ["Folio", new URL(id).host, "Not checked by us"]) expect(page.text).toContain(shown);
    expect(page.text).not.toContain("bank.example");
    const rows = () => env.DB.prepare("SELECT name FROM clients WHERE id = ?").bind(id).first("name");
    expect(await rows()).toBeNull();
    const back = new URL((await ana.decide(page, "continue")).headers.get("location") ?? "");
    expect(await rows()).toBe("Folio");

    const granted = await scene.redeemAs(client, back.searchParams.get("ticket") ?? "");
    expect(granted.status).toBe(200);
    expect(await scene.introspect(text(granted, "access_token"))).toMatchObject({ active: true, client_id: id });
    const { items } = (await scene.ask("GET", "/activity")).body;
    expect(items?.find(({ kind }) => kind === "granted")).toMatchObject({ client_id: id });
    const changes = {
      ...{
        client_name: "Folio two",
        redirect_uris: [CALLBACK],
        client_uri: `${new URL(id).origin}/home`,
        scope: "view",
      },
      ...{ require_pushed_authorization_requests: true, rpt_format: "opaque", dpop_bound_access_tokens: true },
      ...{ grant_types: [UMA_GRANT, "authorization_code"], jwks_uri: `${new URL(id).origin}/keys` },
    };
    described({ ...changes, "client_name#de": "Mappe" }, id);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + FRESH_SECONDS * 1_000 });
    await ana.decide(await visit(), "continue");
    expect(await rows()).toBe("Folio two");
    const kept = (await world.admin("GET", `/clients/${encodeURIComponent(id)}`)).body;
    expect(kept).toMatchObject({ ...changes, "client_name#de": "Mappe" });
  });

  it("by its host alone, where nobody who is signed in let it do anything", async () => {
    const id = described();
    const scene = await Scene.open(world);
    const photo = await scene.resource();
    await scene.permitAnyone();
    expect((await scene.redeemAs({ id, secret: "" }, await scene.ticket(photo))).status).toBe(200);
    const activity = await scene.ask("GET", "/activity");
    expect(activity.text).toContain(new URL(id).host);
    expect(await env.DB.prepare("SELECT 1 FROM clients WHERE id = ?").bind(id).first()).toBeNull();
  });

  it("and the operator ends what is left of it, but does not say what it is", async () => {
    vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
    const id = described();
    const scene = await Scene.open(world);
    const ana = await Visitor.arrive(world);
    const photo = await scene.resource();
    await scene.permit(photo, ["view"], { claim: "email", equals: ana.address });
    const ticket = await scene.ticket(photo);
    const page = await ana.look({ id, secret: "" }, { ticket, claims_redirect_uri: CALLBACK });
    await ana.decide(page, "continue");
    const path = `/clients/${encodeURIComponent(id)}`;
    expect((await world.admin("GET", path)).body).toMatchObject({ client_id: id, provenance: "document" });
    expect(await world.admin("PUT", path, { client_name: "Bank" })).toMatchObject(refused(400, "invalid_request"));
    expect((await world.admin("DELETE", path)).status).toBe(204);
    expect((await world.admin("GET", path)).status).toBe(404);
  });
});
