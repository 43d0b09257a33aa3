import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../../src/app.ts";
import type { Check } from "../../src/operations/administer/check.ts";
import { createFoundation, createServices } from "../../src/services.ts";
import { D1ClientStore } from "../../src/storage/d1/clients.ts";
import { D1TrustedIssuerStore } from "../../src/storage/d1/trusted-issuers.ts";
import { Signer } from "../support/pure/signer.ts";
import { expectStatus, World } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { freshHost, KeyHosts } from "../support/workerd/key-hosts.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { someClient, someIssuer } from "../support/workerd/records.ts";

const ISSUER = "https://as.example";
const world = configuredWorld({ ISSUER, MAIL_FROM: "usher@as.example" });
/** Those of wrangler.toml that can be asked; the tests' own begin otherwise, and MAIL could only be asked to send. */
const BINDINGS = Object.entries(env).flatMap(([name, value]) => {
  return /^[A-Z]/.test(name) && name !== "MAIL" && typeof value === "object" && !Array.isArray(value) ? [name] : [];
});
let hosts: KeyHosts;

beforeEach(() => {
  hosts = new KeyHosts();
  vi.spyOn(globalThis, "fetch").mockImplementation(hosts.fetch);
  vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const checksOf = (body: { readonly items?: unknown }) => body.items as readonly Check[];

/** A page, and what is on it. */
async function check(cursor?: string, at = world) {
  const path = cursor === undefined ? "/check" : `/check?cursor=${encodeURIComponent(cursor)}`;
  const { body } = expectStatus(await at.admin("GET", path), 200);
  return { status: body.status, checks: checksOf(body), next: body.next };
}

/** All pages. */
async function checkAll(at = world): Promise<readonly Check[]> {
  const all: Check[] = [];
  let cursor: string | undefined;
  do {
    const { checks, next } = await check(cursor, at);
    all.push(...checks);
    cursor = next === undefined ? undefined : String(next);
  } while (cursor !== undefined);
  return all;
}

const about = (subject: unknown, checks: readonly Check[]) => checks.filter((one) => one.subject === subject);
const named = (name: string, checks: readonly Check[]) => checks.filter((one) => one.check === name);
const isServer = ({ check: name }: Check) => !/^(issuer|client)s?$/.test(name);

/** The Worker without one of its bindings. */
function without(binding: string): World {
  const bindings = { ...env, ISSUER, MAIL_FROM: "usher@as.example", [binding]: undefined } as unknown as Env;
  const app = createApp(createServices(bindings, createFoundation(bindings)));
  return new World({ ...world.site, fetch: async (request) => app.fetch(request) });
}

describe("a server that is well", () => {
  it("says so of everything that it stands on, and tells no secret", async () => {
    await world.send("GET", "/jwks");
    const { checks } = await check();
    const server = checks.filter(isServer);
    expect(server.filter(({ status }) => status !== "ok")).toEqual([]);
    expect(
      named("binding", server)
        .map(({ subject }) => subject)
        .sort(),
    ).toEqual(BINDINGS.sort());
    expect([...new Set(server.map((one) => one.check))]).toEqual([
      ...["settings", "mail", "binding", "migrations", "clock", "keys"],
    ]);
    expect(JSON.stringify(checks)).not.toContain(world.site.adminSecret);
  });

  it("is asked with GET, by the operator, and with a cursor of its own", async () => {
    expect((await world.send("GET", "/admin/check")).status).toBe(401);
    expect((await world.admin("POST", "/check")).status).toBe(405);
    for (const cursor of ["", "x", "x~y", "~~", "1.a"]) {
      expect((await world.admin("GET", `/check?cursor=${cursor}`)).status, cursor).toBe(400);
    }
  });
});

describe("a server that is not well", () => {
  it("says which settings are for trying only", async () => {
    const { status, checks } = await check(undefined, localWorld());
    expect(status).not.toBe("ok");
    expect(about("ISSUER", checks)).toMatchObject([{ check: "settings", status: "warning" }]);
  });

  it.each(BINDINGS)("says so of %s where it is not bound, and answers all the same", async (binding) => {
    const { status, checks } = await check(undefined, without(binding));
    expect(status).toBe("error");
    expect(about(binding, checks)).toMatchObject([
      { check: "binding", status: "error", message: expect.stringMatching(/^\w+ does not answer \(.*wrangler\.toml/) },
    ]);
    expect(named("binding", checks).filter(({ status }) => status === "error")).toHaveLength(1);
    expect(named("clients", checks)).toMatchObject([{ status: binding === "DB" ? "error" : "ok" }]);
  });

  it("says which migrations are missing, and which it does not know", async () => {
    const rename = (from: string, to: string) =>
      env.DB.prepare("UPDATE d1_migrations SET name = ? WHERE name = ?").bind(to, from).run();
    await rename("0002_bounds.sql", "0999_later.sql");
    const missing = named("migrations", (await check()).checks);
    await rename("0999_later.sql", "0002_bounds.sql");
    expect(missing).toMatchObject([
      { status: "error", message: expect.stringMatching(/no note of 0002_bounds\.sql:/) },
    ]);
    await env.DB.prepare("INSERT INTO d1_migrations (name) VALUES ('0999_later.sql')").run();
    const unknown = named("migrations", (await check()).checks);
    await env.DB.prepare("DELETE FROM d1_migrations WHERE name = '0999_later.sql'").run();
    expect(unknown).toMatchObject([{ status: "warning", message: expect.stringMatching(/0999_later\.sql/) }]);
  });

  it("says that its clock is wrong", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
    const [clock] = named("clock", (await check()).checks);
    expect(clock).toMatchObject({ status: "error", message: expect.stringMatching(/(59|6\d) seconds ahead of D1's/) });
  });
});

describe("a trusted issuer", () => {
  const trust = async (body: object) => (await world.admin("POST", "/issuers", body)).body.id;
  const good = { claims: ["email"], email_domains: ["example.com"] };

  it("is well while its keys can be read, and is asked each time", async () => {
    const issuer = freshHost();
    const signer = await Signer.create("one");
    hosts.serves(`${issuer}/.well-known/openid-configuration`, { issuer, jwks_uri: `${issuer}/keys` });
    hosts.serves(`${issuer}/keys`, { keys: [signer.publicJwk] });
    const id = await trust({ issuer, ...good });
    expect(about(id, await checkAll())).toMatchObject([{ check: "issuer", status: "ok" }]);
    hosts.serves(`${issuer}/keys`, { keys: [] });
    const message = expect.stringMatching(new RegExp(`^${issuer}: the key set at ${issuer}/keys could not be read`));
    expect(about(id, await checkAll())).toEqual([{ check: "issuer", status: "error", message, subject: id }]);
  });

  it("is told with all that may surprise somebody", async () => {
    const [issuer, held] = [freshHost(), freshHost()];
    const signer = await Signer.create("one");
    const id = await trust({ issuer, claims: ["email"], email_domains: [], max_token_age: 1 });
    const checks = about(id, await checkAll());
    expect(checks.map(({ status }) => status)).toEqual(["error", "warning", "warning"]);
    expect(checks[1]?.message).toBe(
      `${issuer}: email_domains is empty, so no address counts; name the domains it may speak for`,
    );
    const heldId = await trust({ issuer: held, ...good, jwks: { keys: [signer.publicJwk] } });
    expect(about(heldId, await checkAll())).toMatchObject([{ status: "ok" }]);
  });

  it("that never answers holds nobody up for more than eight seconds", async () => {
    const issuer = freshHost();
    const id = await trust({ issuer, ...good });
    hosts.answers(`${issuer}/.well-known/openid-configuration`, () => new Promise<Response>(() => undefined));
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const asked = hosts.asked.length;
    const checking = checkAll();
    await vi.waitFor(() => expect(hosts.asked.slice(asked)).toContain(`${issuer}/.well-known/openid-configuration`));
    await vi.advanceTimersByTimeAsync(8_000);
    const message = `${issuer}: its keys could not be read (no answer within 8 seconds)`;
    expect(about(id, await checking)).toEqual([{ check: "issuer", status: "error", message, subject: id }]);
  });
});

describe("a client", () => {
  it("that can never succeed is named, and one that can is not", async () => {
    const owner = await world.owner("Alice");
    const [app, blocked, records, idle, lame] = await Promise.all([
      world.client({ may_push_claims: true }),
      world.client({ client_name: "Printer", issuer_client_ids: { "https://nobody.example": "p" } }),
      world.client({ grant_types: ["client_credentials"] }),
      world.client({ grant_types: ["client_credentials"] }),
      world.client({ may_push_claims: true }),
    ]);
    for (const client of [records, lame]) await world.connect(owner, client, ["uma_protection"]);
    const checks = await checkAll();
    expect([app, records].flatMap(({ id }) => about(id, checks))).toEqual([]);
    expect(about(blocked.id, checks).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Printer: may_push_claims is false/),
      expect.stringMatching(/^Printer: issuer_client_ids counts for nothing/),
      expect.stringMatching(/^Printer: issuer_client_ids names https:\/\/nobody\.example, which is not trusted/),
    ]);
    expect(about(idle.id, checks)).toMatchObject([{ message: expect.stringMatching(/no owner is connected/) }]);
    expect(about(lame.id, checks)).toMatchObject([{ message: expect.stringMatching(/lacks client_credentials/) }]);
  });
});

describe("many issuers and clients", () => {
  it("come page by page, each once, and the server with the first", async () => {
    const [issuers, clients] = [new D1TrustedIssuerStore(env.DB), new D1ClientStore(env.DB)];
    const trusted = Array.from({ length: 41 }, () => someIssuer());
    const registered = Array.from({ length: 101 }, () => someClient({ mayPushClaims: false }));
    for (const issuer of trusted) await issuers.insert(issuer);
    for (const client of registered) await clients.insert(client);
    const first = await check();
    expect(new Set(named("issuer", first.checks).map(({ subject }) => subject)).size).toBe(20);
    const second = await check(String(first.next));
    expect(second.checks.filter(isServer)).toEqual([]);
    const all = await checkAll();
    for (const { id } of trusted) expect(about(id, all)).toHaveLength(1);
    for (const { id } of registered) expect(about(id, all).length).toBeGreaterThan(0);
    expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(all.length);
  });
});
