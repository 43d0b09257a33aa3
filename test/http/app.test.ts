import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../../src/app.ts";
import { renderError } from "../../src/http/respond.ts";
import type { Services } from "../../src/operations/services.ts";
import { createFoundation, createServices } from "../../src/services.ts";
import { ProtocolError } from "../../src/shared/error.ts";
import { send } from "../support/server/http-site.ts";
import { ANYONE, Scene } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
afterEach(() => {
  vi.restoreAllMocks();
});

describe("what is not there", () => {
  it.each(["/nothing", "/tokens", "/token/x", "/resources/a/b", "/%"])("%s is not found, in JSON", async (path) => {
    const answer = await world.send("GET", path);
    expect(answer).toMatchObject({ status: 404, body: { error: "not_found" } });
  });
});

describe("a body", () => {
  it.each([
    ["metadata", "GET", "/.well-known/uma2-configuration", 200],
    ["keys", "GET", "/jwks", 200],
    ["a schema", "GET", "/schemas/policy.json", 200],
    ["a list", "GET", "/admin/clients", 200],
    ["a path that is not there", "GET", "/nothing", 404],
    ["a method that is not served", "PUT", "/token", 405],
    ["no client", "POST", "/token", 400],
    ["no access token", "POST", "/permission", 401],
  ])("is one line of JSON, ended: %s", async (_, method, path, status) => {
    const bearer = path.startsWith("/admin") ? { bearer: world.site.adminSecret } : {};
    const answer = await world.send(method, path, bearer);
    expect(answer.status).toBe(status);
    expect(answer.json).toBeTypeOf("object");
    expect(answer.text).toMatch(/^\{.*\}\n$/);
  });
});

it("what is made is where Location says", async () => {
  const scene = await Scene.open(world);
  const issuer = { issuer: `https://${crypto.randomUUID()}.example`, jwks: scene.cast.provider.jwks, claims: [] };
  const policy = { effect: "deny", target: { all: true }, scopes: "all", who: ANYONE };
  const made = [
    [world.site.adminSecret, await world.admin("POST", "/owners", { name: "Carol" })],
    [world.site.adminSecret, await world.admin("POST", "/clients", { client_name: "Printer" })],
    [world.site.adminSecret, await world.admin("POST", "/issuers", issuer)],
    [scene.tool, await scene.ask("POST", "/policies", policy)],
    [scene.tool, await scene.ask("POST", "/groups", { name: "friends", members: [] })],
    [scene.pat, await scene.rs1.create({ resource_scopes: [] })],
  ] as const;
  for (const [bearer, { status, headers }] of made) {
    expect(status).toBe(201);
    expect((await world.send("GET", String(headers.get("location")), { bearer })).status).toBe(200);
  }
});

describe("an id in a path", () => {
  it.each(["%00", "%zz", "%F0%9F%99%82", "..%2f", "a%20b", "x".repeat(9_000)])(
    "%s names nothing, and breaks nothing",
    async (id) => {
      const cast = await world.cast();
      const [pat, tool] = await Promise.all([world.connectedToken(cast.rs1), world.connectedToken(cast.tool)]);
      const answers = await Promise.all([
        ...["GET", "DELETE"].map((method) => world.send(method, `/resources/${id}`, { bearer: pat })),
        world.send("PUT", `/resources/${id}`, { bearer: pat, json: { resource_scopes: [] } }),
        ...["GET", "DELETE"].map((method) => world.send(method, `/owner/policies/${id}`, { bearer: tool })),
        world.admin("GET", `/clients/${id}`),
        world.admin("GET", `/owners/${id}/connections`),
      ]);
      for (const { status, text } of answers) expect(status, text).toBeOneOf([400, 404]);
    },
  );
});

describe("a page in a browser", () => {
  const headers = { Origin: "https://app.example", "Access-Control-Request-Method": "POST" };

  it.each([
    "/token",
    "/revocation",
    "/introspection",
    "/permission",
    "/resources",
    "/resources/x",
    "/jwks",
    "/.well-known/uma2-configuration",
  ])("may call %s without credentials of its own", async (path) => {
    const preflight = await world.send("OPTIONS", path, { headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    expect(preflight.headers.get("access-control-allow-headers")).toMatch(/Authorization,Content-Type,DPoP/);
    expect(preflight.headers.has("access-control-allow-credentials")).toBe(false);
  });

  it("can read a refusal and its challenge", async () => {
    for (const path of ["/permission", "/introspection", "/token"]) {
      const answer = await world.send("POST", path, { headers });
      expect([400, 401]).toContain(answer.status);
      expect(answer.headers.get("access-control-allow-origin")).toBe("*");
      expect(answer.headers.get("access-control-expose-headers")).toMatch(/WWW-Authenticate/);
    }
  });

  it("may not call the admin API", async () => {
    const answer = await world.send("OPTIONS", "/admin/clients", { headers });
    expect(answer.headers.has("access-control-allow-origin")).toBe(false);
  });
});

it("every path is one that the faster of Hono's routers knows; with one that is not, it takes another for all", async () => {
  const app = createApp(createServices(env, createFoundation(env)));
  await app.fetch(new Request(`${world.site.issuer}/healthz`));
  expect(app.router.name).toBe("SmartRouter + RegExpRouter");
});

describe("a request of which the runtime can make no URL", () => {
  // `OPTIONS *` and a Host such as "a b" arrive like this; no Request can be made of them here.
  it.each(["*", "", "http://a b/jwks", "http://[/jwks", "http://x:99999/token", "http://a%b/"])(
    "is refused, not failed: %j",
    async (url) => {
      const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
      const app = createApp(createServices(env, createFoundation(env)));
      for (const method of ["GET", "OPTIONS", "POST"]) {
        const request = Object.defineProperty(new Request(world.site.issuer, { method }), "url", { value: url });
        const answer = await app.fetch(request);
        expect(answer.status).toBe(400);
        expect(await answer.json()).toMatchObject({ error: "invalid_request" });
      }
      expect(log).not.toHaveBeenCalled();
    },
  );

  it("does not keep a failure from being told", () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const raw = Object.defineProperty(new Request(world.site.issuer), "url", { value: "*" });
    const services = { ...createServices(env, createFoundation(env)), events: { emit: () => undefined } };
    expect(renderError(new Error("lost"), { req: { raw }, var: { services } }, () => false).status).toBe(500);
  });
});

describe("what goes wrong here", () => {
  const failing = (error: Error) => {
    const services = createServices(env, createFoundation(env));
    const keys: Services["keys"] = { ...services.keys, jwks: () => Promise.reject(error) };
    const app = createApp({ ...services, keys });
    return send({ ...world.site, fetch: async (request) => app.fetch(request) }, "GET", "/jwks?ticket=secret");
  };

  it("a bug is logged in full, without the query, and not explained", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const answer = await failing(new TypeError("x is undefined"));
    expect(answer).toMatchObject({ status: 500, body: { error: "server_error" } });
    expect(answer.text).not.toContain("undefined");
    expect(log).toHaveBeenCalledWith(expect.objectContaining({ name: "TypeError", path: "/jwks" }));
    expect(JSON.stringify(log.mock.calls)).not.toContain("secret");
  });

  it.each([
    ["D1", new Error("D1_ERROR: Network connection lost.")],
    ["a Durable Object", Object.assign(new Error("lost"), { retryable: true })],
  ])("an outage of %s is worth another try", async (_, error) => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const answer = await failing(error);
    expect(answer).toMatchObject({ status: 503, body: { error: "temporarily_unavailable" } });
    expect(answer.headers.get("retry-after")).toBe("2");
  });

  it("a refusal that is our fault is logged with its reason, which the caller does not hear", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const locked = new ProtocolError("temporarily_unavailable", "try again", { reason: "the ring is locked" });
    const answer = await failing(locked);
    expect(answer).toMatchObject({ status: 503, body: { error: "temporarily_unavailable" } });
    expect(answer.text).not.toContain("locked");
    const logged = { event: "request_failed", error: locked.code, reason: "the ring is locked", path: "/jwks" };
    expect(log.mock.calls).toEqual([[expect.objectContaining(logged)]]);
  });

  it("a refusal that is the caller's fault is not logged as ours", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    expect((await failing(new ProtocolError("invalid_request", "no"))).status).toBe(400);
    expect(log).not.toHaveBeenCalled();
  });
});

describe("descriptions", () => {
  it("stay within what RFC 6749 allows, whatever is sent", async () => {
    const odd = 'q"\\\n\u00e9';
    const answers = await Promise.all([
      world.admin("POST", "/clients", { [odd]: 1 }),
      world.send("POST", "/token", { form: { grant_type: odd, client_id: odd } }),
      world.send("POST", "/token", { form: { [odd]: "x" } }),
    ]);
    for (const { body } of answers) expect(body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  });
});
