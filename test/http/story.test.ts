import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../../src/app.ts";
import { createFoundation, createServices } from "../../src/services.ts";
import { type Call, send } from "../support/server/http-site.ts";
import { Scene } from "../support/server/scene.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { writeStories } from "../support/workerd/write-stories.ts";

const world = localWorld();
beforeEach(() => writeStories(world));
afterEach(() => {
  vi.restoreAllMocks();
});

const idOf = (answer: { readonly headers: Headers }) => answer.headers.get("x-request-id") ?? "";

/** Everything the operator can read about requests of this id. */
async function story(id: string) {
  const { status, body } = await world.admin("GET", `/requests/${id}`);
  return { status, items: (body.items ?? []) as readonly { readonly events: readonly Record<string, unknown>[] }[] };
}

describe("the id of a request", () => {
  it("is the caller's own where it looks like one, in answers and in refusals", async () => {
    for (const [method, path] of [
      ["GET", "/jwks"],
      ["POST", "/token"],
      ["GET", "/nothing"],
      ["DELETE", "/permission"],
    ] as const) {
      const sent = `caller-${crypto.randomUUID()}`;
      expect(idOf(await world.send(method, path, { headers: { "X-Request-ID": sent } }))).toBe(sent);
    }
  });

  it.each(["", "short", "x".repeat(129), "with blank inside", "-starts-badly", "semi;colon-12", "ünïcode-123"])(
    "is a fresh one instead of %j",
    async (sent) => {
      const headers = new Headers();
      // What no header can carry arrives as bytes; here it is left out.
      if (/^[\x20-\x7e]*$/.test(sent)) headers.set("X-Request-ID", sent);
      const answer = await world.send("GET", "/jwks", { headers: Object.fromEntries(headers) });
      expect(idOf(answer)).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it("can be read by a page in a browser", async () => {
    const answer = await world.send("GET", "/jwks", { headers: { Origin: "https://app.example" } });
    expect(answer.headers.get("access-control-expose-headers")).toContain("X-Request-ID");
  });
});

describe("the story of a request", () => {
  const ask = (call: Call = {}, path = "/token") => world.send("POST", path, call);

  it("tells who called and why it was refused", async () => {
    const { c1 } = await world.cast();
    const answer = await ask({ basic: c1, form: { grant_type: "client_credentials" } });
    const { items } = await story(idOf(answer));
    expect(items).toEqual([
      {
        at: expect.any(Number),
        method: "POST",
        path: "/token",
        status: 400,
        events: [
          { event: "authenticated", client_id: c1.id, proven: true },
          {
            event: "refused",
            error: "unauthorized_client",
            reason: "unauthorized_client",
            description: expect.stringContaining("client_credentials"),
          },
        ],
      },
    ]);
  });

  it("holds neither query nor credentials", async () => {
    const secret = `very-secret-${crypto.randomUUID()}`;
    const answer = await ask(
      { basic: { id: "nobody", secret }, form: { grant_type: "x", ticket: secret, claim_token: secret } },
      `/token?ticket=${secret}`,
    );
    const found = await world.admin("GET", `/requests/${idOf(answer)}`);
    expect(found.body.items).toMatchObject([{ path: "/token", status: 401 }]);
    expect(found.text).not.toContain(secret);
  });

  it("holds no more of a path than tells what the request was about", async () => {
    const answer = await world.send("GET", `/nothing/${"x/".repeat(4_500)}`);
    const { items } = await story(idOf(answer));
    expect(items).toMatchObject([{ path: `/nothing/${"x/".repeat(4_500)}`.slice(0, 200), status: 404 }]);
  });

  it.each([
    ["token", `abcd.${"Sealed-_0".repeat(12)}`],
    ["secret of 32 bytes", "Sealed-_0".repeat(5).slice(0, 43)],
  ])("holds no %s that was sent in the wrong place", async (_, token) => {
    const lines: unknown[] = [];
    vi.spyOn(console, "info").mockImplementation((line) => lines.push(line));
    const talkative = configuredWorld({ LOG_LEVEL: "info" });
    const { rs1 } = await world.cast();
    const bearer = await world.connectedToken(rs1);
    const odd = [
      talkative.send("GET", `/introspection/${token}`),
      talkative.send("GET", `/resources?${token}=1`, { bearer }),
      talkative.send("POST", "/permission", { bearer, json: { resource_id: "x", resource_scopes: [], [token]: 1 } }),
      talkative.send("POST", "/token", { basic: rs1, form: { grant_type: "client_credentials", scope: token } }),
    ];
    for (const answer of await Promise.all(odd)) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      const found = await talkative.admin("GET", `/requests/${idOf(answer)}`);
      expect(found.body.items).toHaveLength(1);
      expect(found.text).not.toContain("Sealed-_0");
    }
    expect(lines.length).toBeGreaterThan(0);
    expect(JSON.stringify(lines)).not.toContain("Sealed-_0");
  });

  it("keeps several requests of one id apart, and no more than twenty", async () => {
    const headers = { "X-Request-ID": `often-${crypto.randomUUID()}` };
    for (let times = 0; times < 22; times += 1) await world.send("GET", "/jwks", { headers });
    await ask({ headers });
    const { items } = await story(headers["X-Request-ID"]);
    expect(items).toHaveLength(20);
  });

  it("is not found where there is none, whatever the id", async () => {
    for (const id of [crypto.randomUUID(), "%00", "x".repeat(5_000)]) {
      expect((await world.admin("GET", `/requests/${id}`)).status).toBe(404);
    }
  });

  it("is for the operator only", async () => {
    expect((await world.send("GET", "/admin/requests/some-request-id")).status).toBe(401);
  });
});

describe("many at once", () => {
  it("crowd out nobody else's story", async () => {
    const app = createApp(createServices(env, createFoundation(env)));
    const site = { ...world.site, fetch: async (request: Request) => app.fetch(request) };
    const loud = { "CF-Connecting-IP": "192.0.2.1" };
    for (let times = 0; times < 60; times += 1) await send(site, "GET", "/nothing", { headers: loud });
    const quiet = await send(site, "GET", "/nothing", { headers: { "CF-Connecting-IP": "192.0.2.2" } });
    const { c1 } = await world.cast();
    const known = await send(site, "POST", "/token", { basic: c1, form: { grant_type: "x" } });
    for (const answer of [quiet, known]) {
      const bearer = world.site.adminSecret;
      expect((await send(site, "GET", `/admin/requests/${idOf(answer)}`, { bearer })).status).toBe(200);
    }
  });
});

describe("the log", () => {
  async function logged(level: string): Promise<readonly unknown[]> {
    const lines: unknown[] = [];
    for (const method of ["info", "warn", "error"] as const) {
      vi.spyOn(console, method).mockImplementation((line) => lines.push(line));
    }
    const quiet = configuredWorld({ LOG_LEVEL: level });
    await quiet.send("POST", "/token", { headers: { "X-Request-ID": "logged-request" }, form: { grant_type: "x" } });
    return lines.filter((line) => (line as { request_id?: string }).request_id === "logged-request");
  }

  it("has a line for each event of the level that is set, with the id of its request", async () => {
    expect(await logged("info")).toEqual([
      {
        event: "refused",
        error: "invalid_client",
        reason: "invalid_client",
        description: expect.stringContaining("client"),
        request_id: "logged-request",
        method: "POST",
        path: "/token",
        status: 401,
      },
    ]);
  });

  it("is silent about what is a matter of course, unless it is asked for", async () => {
    expect(await logged("warn")).toEqual([]);
  });
});

describe("what somebody changes", () => {
  it("is told once, whoever it was", async () => {
    const scene = await Scene.open(world);
    const photo = await scene.rs1.create({ resource_scopes: ["view"] });
    const policy = await scene.ask("POST", "/policies", permitAnyone);
    const ended = await scene.ask("POST", "/withdrawals", { everyone: true });
    const issuer = await world.admin("PUT", `/owners/${scene.cast.alice}`, { name: "Alice" });
    const { alice, rs1, tool } = scene.cast;
    for (const [answer, event] of [
      [photo, { event: "changed", change: "register_resource", owner_id: alice, client_id: rs1.id }],
      [
        policy,
        { event: "changed", change: "put_policy", subject: policy.body.policy_id, version: 1, client_id: tool.id },
      ],
      [ended, { event: "cut", by: "everyone", owner_id: alice, client_id: tool.id }],
      [issuer, { event: "administered", what: "rename_owner", subject: alice }],
    ] as const) {
      const [told] = (await story(idOf(answer))).items;
      expect(told?.events.filter(({ event: kind }) => kind === event.event)).toMatchObject([event]);
    }
  });
});

const permitAnyone = { effect: "permit", target: { all: true }, scopes: "all", who: { anyone: true } };
