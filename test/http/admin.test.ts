import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { UMA_TICKET_GRANT } from "../../src/protocol/wire/client.ts";
import type { Body } from "../support/server/http-site.ts";
import { ID_TOKEN_FORMAT } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();

/** A list from end to end: other tests' records stand in it too. */
async function everyItem(path: string, cursor = ""): Promise<readonly Body[]> {
  const { body } = await world.admin("GET", `${path}?limit=200${cursor}`);
  const items = body.items ?? [];
  return body.next === undefined ? items : [...items, ...(await everyItem(path, `&cursor=${body.next}`))];
}

// A change of a client or issuer is answered when every lease has run out (test/storage/leased.test.ts).
beforeEach(() => {
  vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const CLIENT = { client_name: "Photo Printer" };
const COORDINATE = "A".repeat(43);
const KEYS = { keys: [{ kty: "EC", crv: "P-256", x: COORDINATE, y: COORDINATE, kid: "1" }] };

describe("the operator", () => {
  it.each([
    ["no secret", {}],
    ["a wrong secret", { bearer: "wrong" }],
    ["the right secret cut short", { bearer: world.site.adminSecret.slice(0, -1) }],
    ["the right secret under another scheme", { authorization: `Basic ${world.site.adminSecret}` }],
  ])("is not recognised by %s", async (_, credentials) => {
    const answer = await world.send("GET", "/admin/clients", credentials);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer /);
  });

  it("is not recognised on a path that does not exist either", async () => {
    expect((await world.send("GET", "/admin/nothing")).status).toBe(401);
    expect((await world.admin("GET", "/nothing")).status).toBe(404);
  });

  it("is not held up by others who guess, and they are not let in by the right secret either", async () => {
    const from = (address: string, bearer: string) =>
      world.send("GET", "/admin/counts", { bearer, headers: { "CF-Connecting-IP": address } });
    const guesses = await Promise.all(Array.from({ length: 80 }, () => from("203.0.113.9", "guess")));
    expect(guesses.filter(({ status }) => status === 401).length).toBeLessThan(60);
    for (const { status } of guesses) expect([401, 429]).toContain(status);
    const right = await from("203.0.113.9", world.site.adminSecret);
    expect(right).toMatchObject({ status: 429, body: { error: "too_many_requests" } });
    expect(Number(right.headers.get("retry-after"))).toBeGreaterThan(50);
    expect((await from("203.0.113.10", world.site.adminSecret)).status).toBe(200);
  });

  it("gets no answer that a cache may keep or a page of another origin may read", async () => {
    const { headers } = await world.admin("GET", "/clients");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("while ADMIN_SECRET changes", () => {
  const FORMER = "the-secret-that-is-on-its-way-out-0123";
  const changing = configuredWorld({ ADMIN_SECRET_PREVIOUS: FORMER });
  const count = (bearer: string, address: string) =>
    changing.send("GET", "/admin/counts", { bearer, headers: { "CF-Connecting-IP": address } });

  it("the operator is recognised by either secret, and the log tells of the former", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue(undefined);
    expect((await count(world.site.adminSecret, "203.0.113.20")).status).toBe(200);
    expect(warn).not.toHaveBeenCalled();
    expect((await count(FORMER, "203.0.113.20")).status).toBe(200);
    expect(warn.mock.calls).toMatchObject([[{ event: "previous_admin_secret_used", path: "/admin/counts" }]]);
  });

  it("the operator is recognised by the present one alone as soon as the former is removed", async () => {
    expect((await world.send("GET", "/admin/counts", { bearer: FORMER })).status).toBe(401);
  });

  it("guesses count as ever, and keep the former out like the present one", async () => {
    const guesses = await Promise.all(Array.from({ length: 80 }, () => count("guess", "203.0.113.21")));
    expect(guesses.filter(({ status }) => status === 401).length).toBeLessThan(60);
    for (const secret of [FORMER, world.site.adminSecret]) {
      expect((await count(secret, "203.0.113.21")).status).toBe(429);
      expect((await count(secret, "203.0.113.22")).status).toBe(200);
    }
  });
});

describe("clients", () => {
  it("are registered with little said, and shown their secret once", async () => {
    const { status, headers, body } = await world.admin("POST", "/clients", CLIENT);
    expect(status).toBe(201);
    const { client_id, client_secret, client_id_issued_at, warnings: _, ...rest } = body;
    expect(headers.get("location")).toMatch(new RegExp(`/admin/clients/${client_id}$`));
    expect(client_secret).toMatch(/^[\w-]{43}$/);
    expect(rest).toEqual({
      client_name: "Photo Printer",
      token_endpoint_auth_method: "client_secret_basic",
      grant_types: [UMA_TICKET_GRANT],
      scope: "",
      response_types: [],
      redirect_uris: [],
      require_pushed_authorization_requests: false,
      dpop_bound_access_tokens: false,
      tls_client_certificate_bound_access_tokens: false,
      id_token_signed_response_alg: "RS256",
      subject_type: "pairwise",
      post_logout_redirect_uris: [],
      claims_redirect_uris: [],
      redirects_errors: false,
      may_push_claims: false,
      issuer_client_ids: {},
      rpt_format: "jwt",
      introspects_with_own_credentials: false,
      connection_scopes: ["uma_protection", "uma_policy"],
      provenance: "operator",
    });
    const read = await world.admin("GET", `/clients/${client_id}`);
    expect(read.body).toEqual({ ...rest, client_id, client_id_issued_at });
  });

  it("keep everything that is said of them", async () => {
    const said = {
      client_name: "Zoë's Printer",
      token_endpoint_auth_method: "private_key_jwt",
      grant_types: [UMA_TICKET_GRANT, "authorization_code", "refresh_token", "client_credentials"],
      response_types: ["code"],
      redirect_uris: ["https://printer.example/cb", "http://127.0.0.1/cb", "com.example.app:/cb"],
      require_pushed_authorization_requests: true,
      client_uri: "https://printer.example/",
      policy_uri: "https://printer.example/privacy",
      tos_uri: "https://printer.example/terms",
      dpop_bound_access_tokens: true,
      id_token_signed_response_alg: "ES256",
      post_logout_redirect_uris: ["https://app.example/out"],
      scope: "view print",
      claims_redirect_uris: ["https://printer.example/back", "http://127.0.0.1:9999/back", "com.example.app:/back"],
      redirects_errors: false,
      may_push_claims: true,
      jwks: KEYS,
      issuer_client_ids: { "https://idp.example": "printer" },
      rpt_format: "opaque",
      introspects_with_own_credentials: true,
    };
    const { body } = await world.admin("POST", "/clients", said);
    expect(body).toMatchObject(said);
    expect(body.client_secret).toBeUndefined();
    expect((await world.admin("GET", `/clients/${body.client_id}`)).body).toMatchObject(said);
  });

  it("keep their secret when replaced, and get another when asked for", async () => {
    const { body: made } = await world.admin("POST", "/clients", {
      ...CLIENT,
      grant_types: ["client_credentials"],
      client_secret: "pässwörd: 100%+ of all 32 characters",
    });
    expect(made.client_secret).toBeUndefined();
    const replaced = await world.admin("PUT", `/clients/${made.client_id}`, {
      client_name: "Poster Printer",
      grant_types: ["client_credentials"],
    });
    expect(replaced).toMatchObject({ status: 200, body: { client_name: "Poster Printer" } });
    expect(replaced.body.client_secret).toBeUndefined();
    expect(await secretWorks(made.client_id, "pässwörd: 100%+ of all 32 characters")).toBe(true);
    const { body: renewed } = await world.admin("POST", `/clients/${made.client_id}/secret`);
    expect(await secretWorks(made.client_id, renewed.client_secret ?? "")).toBe(true);
    expect(await secretWorks(made.client_id, "pässwörd: 100%+ of all 32 characters")).toBe(false);
  });

  it("are changed on the version that was read, if the ETag is sent back", async () => {
    const made = await world.admin("POST", "/clients", CLIENT);
    const path = `/clients/${made.body.client_id}`;
    const change = (method: string, tag: string, where = path) =>
      world.send(method, `/admin${where}`, {
        bearer: world.site.adminSecret,
        headers: { "If-Match": tag },
        ...(method === "PUT" ? { json: CLIENT } : {}),
      });
    expect(made.headers.get("etag")).toBe('"1"');
    expect((await change("PUT", '"1"')).headers.get("etag")).toBe('"2"');
    expect(await change("PUT", '"1"')).toMatchObject({ status: 412, body: { error: "precondition_failed" } });
    expect((await change("POST", '"1"', `${path}/secret`)).status).toBe(412);
    expect((await change("POST", '"2"', `${path}/secret`)).headers.get("etag")).toBe('"3"');
    expect((await change("DELETE", '"2"')).status).toBe(412);
    expect((await world.admin("GET", path)).headers.get("etag")).toBe('"3"');
    expect((await change("PUT", 'W/"1", "3"')).headers.get("etag")).toBe('"4"');
    expect((await change("DELETE", '"4"')).status).toBe(204);
  });

  it("are changed one after another: of two changes at once the one is a conflict", async () => {
    const made = await world.admin("POST", "/clients", CLIENT);
    const path = `/clients/${made.body.client_id}`;
    const answers = await Promise.all([1, 2, 3].map(() => world.admin("PUT", path, CLIENT)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.error).toBe("conflict");
    expect((await world.admin("GET", path)).headers.get("etag")).toBe('"2"');
  });

  it("are gone once removed, and their connections with them", async () => {
    const { body: owner } = await world.admin("POST", "/owners", { name: "Alice" });
    const { body: client } = await world.admin("POST", "/clients", CLIENT);
    const connections = `/owners/${owner.owner_id}/connections`;
    await world.admin("PUT", `${connections}/${client.client_id}`, { scopes: ["uma_protection"] });
    expect((await world.admin("GET", connections)).body.items).toHaveLength(1);
    expect((await world.admin("DELETE", `/clients/${client.client_id}`)).status).toBe(204);
    expect((await world.admin("GET", connections)).body.items).toEqual([]);
    for (const method of ["GET", "DELETE"]) {
      expect((await world.admin(method, `/clients/${client.client_id}`)).status).toBe(404);
    }
    expect((await world.admin("PUT", `/clients/${client.client_id}`, CLIENT)).status).toBe(404);
  });

  it("are listed page by page", async () => {
    const made = await Promise.all([1, 2, 3].map(() => world.admin("POST", "/clients", CLIENT)));
    const listed: string[] = [];
    let next = "";
    do {
      const { body } = await world.admin("GET", `/clients?limit=2${next}`);
      expect(body.items?.length).toBeLessThanOrEqual(2);
      for (const { client_id } of body.items ?? []) listed.push(String(client_id));
      next = body.next === undefined ? "" : `&cursor=${body.next}`;
    } while (next !== "");
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed).toEqual(expect.arrayContaining(made.map(({ body }) => body.client_id)));
  });

  it.each(["limit=0", "limit=201", "limit=x", "limit=", "cursor=x", "cursor="])(
    "refuse the page ?%s",
    async (query) => {
      expect((await world.admin("GET", `/clients?${query}`)).status).toBe(400);
    },
  );

  it("with a method that is not served are told which ones are", async () => {
    const answer = await world.admin("PATCH", "/clients", {});
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("GET, POST");
  });
});

describe("trusted issuers", () => {
  const said = (issuer: string) => ({
    issuer,
    claims: ["email"],
    email_domains: ["Example.COM"],
    jwks: KEYS,
    max_token_age: 600,
  });
  const asByDefault = { claim_tokens: [{ kind: "id_token", format: ID_TOKEN_FORMAT, claims: "all" }] };

  it("are trusted, read, replaced and removed", async () => {
    const { status, body } = await world.admin("POST", "/issuers", said("https://one.example"));
    expect(status).toBe(201);
    const trusted = {
      ...said("https://one.example"),
      ...asByDefault,
      audiences: [],
      email_domains: ["example.com"],
      id: body.id,
    };
    expect(body).toEqual(trusted);
    expect((await world.admin("GET", `/issuers/${body.id}`)).body).toEqual(trusted);
    const wider = {
      ...said("https://one.example"),
      ...asByDefault,
      claims: "all",
      email_domains: "all",
      audiences: ["family"],
    };
    expect((await world.admin("PUT", `/issuers/${body.id}`, wider)).body).toEqual({ ...wider, id: body.id });
    expect(await everyItem("/issuers")).toContainEqual({ ...wider, id: body.id });
    const headers = { "If-Match": '"1"' };
    const late = await world.send("DELETE", `/admin/issuers/${body.id}`, { bearer: world.site.adminSecret, headers });
    expect([late.status, late.body.error]).toEqual([412, "precondition_failed"]);
    expect((await world.admin("GET", `/issuers/${body.id}`)).headers.get("etag")).toBe('"2"');
    expect((await world.admin("DELETE", `/issuers/${body.id}`)).status).toBe(204);
    expect((await world.admin("GET", `/issuers/${body.id}`)).status).toBe(404);
    expect((await world.admin("DELETE", `/issuers/${body.id}`)).status).toBe(404);
  });

  it("are trusted once, under one identifier", async () => {
    const { body } = await world.admin("POST", "/issuers", said("https://two.example"));
    expect((await world.admin("POST", "/issuers", said("https://two.example"))).status).toBe(409);
    const renamed = await world.admin("PUT", `/issuers/${body.id}`, said("https://three.example"));
    expect(renamed).toMatchObject({ status: 400, body: { error: "invalid_request" } });
  });
});

describe("an id that nobody has", () => {
  const scopes = { scopes: ["uma_protection"] };
  const issuer = { issuer: "https://id.example", jwks: KEYS, claims: ["role"] };

  it.each([
    ["that could be one of ours", "A".repeat(22)],
    ["of another shape", "nobody"],
  ])("%s is refused in the same words", async (_, id) => {
    const { body: owner } = await world.admin("POST", "/owners", { name: "Alice" });
    const { body: client } = await world.admin("POST", "/clients", CLIENT);
    for (const [method, path, json, description] of [
      ["GET", `/clients/${id}`, undefined, "there is no client of this id"],
      ["PUT", `/clients/${id}`, CLIENT, "there is no client of this id"],
      ["DELETE", `/clients/${id}`, undefined, "there is no client of this id"],
      ["POST", `/clients/${id}/secret`, undefined, "there is no client of this id"],
      ["GET", `/issuers/${id}`, undefined, "there is no trusted issuer of this id"],
      ["PUT", `/issuers/${id}`, issuer, "there is no trusted issuer of this id"],
      ["DELETE", `/issuers/${id}`, undefined, "there is no trusted issuer of this id"],
      ["GET", `/owners/${id}`, undefined, "there is no owner of this id"],
      ["PUT", `/owners/${id}`, { name: "Alice" }, "there is no owner of this id"],
      ["GET", `/owners/${id}/counts`, undefined, "there is no owner of this id"],
      ["GET", `/owners/${id}/connections`, undefined, "there is no owner of this id"],
      ["PUT", `/owners/${id}/connections/${client.client_id}`, scopes, "there is no owner of this id"],
      ["DELETE", `/owners/${id}/connections/${client.client_id}`, undefined, "there is no owner of this id"],
      ["PUT", `/owners/${owner.owner_id}/connections/${id}`, scopes, "there is no client of this id"],
      ["DELETE", `/owners/${owner.owner_id}/connections/${id}`, undefined, /^there is nothing by this id/],
    ] as const) {
      const answer = await world.admin(method, path, json);
      const refusal = {
        error: "not_found",
        error_description: expect.stringMatching(description),
        error_uri: `${world.site.issuer}/refusals#not_found`,
      };
      expect([answer.status, answer.body], `${method} ${path}`).toEqual([404, refusal]);
    }
  });
});

describe("owners", () => {
  it("are made with a ledger that counts", async () => {
    const { status, headers, body } = await world.admin("POST", "/owners", { name: "Alice", location_hint: "weur" });
    expect(status).toBe(201);
    expect(headers.get("location")).toMatch(new RegExp(`/admin/owners/${body.owner_id}$`));
    expect(body).toMatchObject({ kind: "organization", name: "Alice" });
    expect((await world.admin("GET", `/owners/${body.owner_id}`)).body).toEqual(body);
    expect(await everyItem("/owners")).toContainEqual(body);
    const counts = await world.admin("GET", `/owners/${body.owner_id}/counts`);
    expect(counts.body).toMatchObject({ grants: 0, processes: 0, pending_changes: 0, bytes: expect.any(Number) });
    expect(counts.body.bytes).toBeGreaterThan(0);
  });

  it("are renamed as the version they were read in, or not at all", async () => {
    const { body: made, headers } = await world.admin("POST", "/owners", { name: "Alice" });
    expect(headers.get("etag")).toBe('"1"');
    const path = `/owners/${made.owner_id}`;
    const rename = (name: string, tag: string) =>
      world.send("PUT", `/admin${path}`, {
        bearer: world.site.adminSecret,
        json: { name },
        headers: { "If-Match": tag },
      });
    const renamed = await rename("Alice Liddell", '"1"');
    expect(renamed).toMatchObject({ status: 200, body: { ...made, name: "Alice Liddell" } });
    expect(renamed.headers.get("etag")).toBe('"2"');
    expect(await rename("Mallory", '"1"')).toMatchObject({ status: 412, body: { error: "precondition_failed" } });
    const read = await world.admin("GET", path);
    expect(read).toMatchObject({ status: 200, body: { ...made, name: "Alice Liddell" } });
    expect(read.headers.get("etag")).toBe('"2"');
    expect(await world.admin("PUT", path, { name: "Lakeside Clinic" })).toMatchObject({ status: 200 });
  });

  it.each([{}, { name: "" }, { name: 1 }, { name: "Alice", location_hint: "weur" }])(
    "are not renamed by %j",
    async (json) => {
      const { body } = await world.admin("POST", "/owners", { name: "Alice" });
      expect(await world.admin("PUT", `/owners/${body.owner_id}`, json)).toMatchObject({ status: 400 });
      expect((await world.admin("GET", `/owners/${body.owner_id}`)).body).toEqual(body);
    },
  );

  it("are connected to clients and disconnected", async () => {
    const { body: owner } = await world.admin("POST", "/owners", { name: "Alice" });
    const { id } = await world.client({ grant_types: ["client_credentials"] });
    const path = `/owners/${owner.owner_id}/connections/${id}`;
    const scopes = ["uma_protection", "uma_policy"];
    const connected = await world.admin("PUT", path, { scopes });
    expect(connected).toMatchObject({ status: 200, body: { client_id: id, scopes } });
    const listed = await world.admin("GET", `/owners/${owner.owner_id}/connections`);
    expect(listed.body.items).toEqual([connected.body]);
    const again = await world.admin("PUT", path, { scopes: ["uma_policy"] });
    expect(again.body.generation).toBeGreaterThan(connected.body.generation ?? 0);
    expect((await world.admin("DELETE", path)).status).toBe(204);
    expect((await world.admin("GET", `/owners/${owner.owner_id}/connections`)).body.items).toEqual([]);
  });

  it.each([
    [{}],
    [{ name: "" }],
    [{ name: "Alice", location_hint: "moon" }],
    [{ name: "Alice", id: "mine" }],
    [[]],
    ["Alice"],
  ])("are not made of %j", async (json) => {
    expect(await world.admin("POST", "/owners", json)).toMatchObject({
      status: 400,
      body: { error: "invalid_request" },
    });
  });

  it.each([
    [{}],
    [{ scopes: [] }],
    [{ scopes: ["openid"] }],
    [{ scopes: ["uma_policy", "uma_policy"] }],
    [{ scopes: "uma_policy" }],
  ])("are not connected under %j", async (json) => {
    const { body: owner } = await world.admin("POST", "/owners", { name: "Alice" });
    const { body: client } = await world.admin("POST", "/clients", CLIENT);
    const answer = await world.admin("PUT", `/owners/${owner.owner_id}/connections/${client.client_id}`, json);
    expect(answer.status).toBe(400);
  });
});

describe("the server", () => {
  it("shows its keys without the keys, and rotates them once at a time", async () => {
    await world.send("GET", "/jwks");
    const { body } = await world.admin("GET", "/keys");
    expect(JSON.stringify(body)).not.toMatch(/"(d|material|k)":/);
    for (const key of body.items ?? []) expect(key).toMatchObject({ sealed_under: ["KEY_ENCRYPTION_KEY"] });
    const first = await world.admin("POST", "/keys/rotate");
    const second = await world.admin("POST", "/keys/rotate");
    expect(first.status).toBe(200);
    expect(second.body).toEqual(first.body);
  });

  it("counts what it keeps", async () => {
    const before = (await world.admin("GET", "/counts")).body;
    await world.admin("POST", "/clients", CLIENT);
    const after = (await world.admin("GET", "/counts")).body;
    expect(after).toEqual({ ...before, clients: Number(before.clients) + 1 });
    expect(Object.keys(after).sort()).toEqual(["clients", "issuers", "owners", "policies", "resources"]);
  });
});

/** Whether a secret passes at the token endpoint; a client without a connection is refused later, and otherwise. */
async function secretWorks(id: string | undefined, secret: string): Promise<boolean> {
  const { body } = await world.token({ id: id ?? "", secret }, { grant_type: "client_credentials" });
  return body.error !== "invalid_client";
}
