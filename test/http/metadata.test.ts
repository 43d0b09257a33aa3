import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { createFoundation, createServices } from "../../src/services.ts";
import { send } from "../support/server/http-site.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
const UMA = "/.well-known/uma2-configuration";
const OAUTH = "/.well-known/oauth-authorization-server";

describe("the metadata document", () => {
  it("needs no credentials and may be cached", async () => {
    const answer = await world.send("GET", UMA);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    expect(answer.headers.get("cache-control")).toBe("public, max-age=300");
    const post = await world.send("POST", UMA);
    expect([post.status, post.headers.get("allow")]).toEqual([405, "GET"]);
  });

  it("has no empty list (RFC 8414 §3.2)", async () => {
    const { body } = await world.send("GET", UMA);
    for (const [member, value] of Object.entries(body)) if (Array.isArray(value)) expect(value, member).not.toEqual([]);
  });

  it("both well-known documents are the same", async () => {
    expect((await world.send("GET", OAUTH)).text).toBe((await world.send("GET", UMA)).text);
  });
});

describe("the key set", () => {
  it("shows public keys and nothing more", async () => {
    const { body } = await world.send("GET", "/jwks");
    const keys = body.keys as Record<string, unknown>[];
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.map(({ alg }) => alg)).toEqual(expect.arrayContaining(["ES256", "RS256"]));
    for (const key of keys) {
      expect(key).toMatchObject({ kid: expect.any(String), use: "sig", kty: key.alg === "RS256" ? "RSA" : "EC" });
      for (const secret of ["d", "p", "q", "dp", "dq", "qi", "k"]) expect(key).not.toHaveProperty(secret);
    }
  });
});

describe("an issuer with a path", () => {
  const services = createServices(env, createFoundation(env));
  const issuer = "https://as.example/t1";
  const app = createApp({ ...services, config: { ...services.config, issuer } });
  const site = { fetch: async (request: Request) => app.fetch(request), issuer, adminSecret: "" };

  it("is found by either reading of the rules", async () => {
    const places = [`${issuer}${UMA}`, `https://as.example${UMA}/t1`, `https://as.example${OAUTH}/t1`];
    for (const place of places) {
      const answer = await send(site, "GET", place);
      expect(answer).toMatchObject({ status: 200, body: { issuer, token_endpoint: `${issuer}/token` } });
    }
  });

  it("serves its endpoints below the path only", async () => {
    expect((await send(site, "GET", "/jwks")).status).toBe(200);
    expect((await send(site, "GET", "https://as.example/jwks")).status).toBe(404);
  });
});
