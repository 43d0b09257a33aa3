import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { createFoundation, createServices } from "../../src/services.ts";
import { send } from "../support/http-site.ts";
import { localWorld } from "../support/local-world.ts";

const world = localWorld();
const UMA = "/.well-known/uma2-configuration";
const OAUTH = "/.well-known/oauth-authorization-server";

describe("the metadata document", () => {
  it("G-2-discovery-available O-8414-3.2-response needs no credentials and may be cached", async () => {
    const answer = await world.send("GET", UMA);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    expect(answer.headers.get("cache-control")).toBe("public, max-age=300");
    const post = await world.send("POST", UMA);
    expect([post.status, post.headers.get("allow")]).toEqual([405, "GET"]);
  });

  it("G-2-discovery-structure O-8414-2-issuer has what RFC 8414 asks for, and no empty list", async () => {
    const { body } = await world.send("GET", UMA);
    expect(body.issuer).toBe(world.site.issuer);
    expect(body.response_types_supported).toEqual(["code"]);
    for (const [member, value] of Object.entries(body)) {
      if (Array.isArray(value)) expect(value, member).not.toHaveLength(0);
      if (/_(endpoint|uri)$/.test(member)) expect(String(value), member).toMatch(`${world.site.issuer}/`);
    }
  });

  it("O-8414-3-well-known both well-known documents are the same", async () => {
    expect((await world.send("GET", OAUTH)).text).toBe((await world.send("GET", UMA)).text);
  });

  it("G-2-grant-advertised O-8414-2-auth-methods O-8414-2-introspection-auth says what it takes", async () => {
    const { body } = await world.send("GET", UMA);
    expect(body.grant_types_supported).toContain("urn:ietf:params:oauth:grant-type:uma-ticket");
    expect(body.introspection_endpoint_auth_methods_supported).toEqual(["Bearer"]);
    for (const endpoint of ["token", "revocation"]) {
      const algorithms = body[`${endpoint}_endpoint_auth_signing_alg_values_supported`];
      expect(algorithms).toContain("ES256");
      expect(algorithms).not.toContain("none");
      expect(body[`${endpoint}_endpoint_auth_methods_supported`]).toContain("private_key_jwt");
    }
  });

  it("F-1.5-declare-endpoints F-2-permission-endpoint F-2-rreg-endpoint F-2-introspection-endpoint lead somewhere", async () => {
    const { body } = await world.send("GET", UMA);
    for (const name of ["token", "permission", "resource_registration", "introspection", "revocation"]) {
      const answer = await world.send("POST", String(body[`${name}_endpoint`]));
      expect([400, 401], name).toContain(answer.status);
    }
  });

  it("G-2-profiles-metadata G-2-profiles-listed names the claim token profile", async () => {
    const { body } = await world.send("GET", UMA);
    expect(body.uma_profiles_supported).toEqual(["http://openid.net/specs/openid-connect-core-1_0.html#IDToken"]);
  });
});

describe("the key set", () => {
  it("O-8414-2-jwks-https O-JWKS-public-only O-JWKS-kid-use-alg shows public keys and nothing more", async () => {
    const { body } = await world.send("GET", "/jwks");
    const keys = body.keys as Record<string, unknown>[];
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      expect(key).toMatchObject({ kid: expect.any(String), use: "sig", alg: "ES256", kty: "EC" });
      for (const secret of ["d", "p", "q", "dp", "dq", "qi", "k"]) expect(key).not.toHaveProperty(secret);
    }
  });
});

describe("an issuer with a path", () => {
  const services = createServices(env, createFoundation(env));
  const issuer = "https://as.example/t1";
  const app = createApp({ ...services, config: { ...services.config, issuer } });
  const site = { fetch: async (request: Request) => app.fetch(request), issuer, adminSecret: "" };

  it("G-2-discovery-location O-8414-3-uma-inserted-form is found by either reading of the rules", async () => {
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

  it.each(["https://other.example/t1/jwks", "http://as.example/t1/jwks", "https://as.example:8443/t1/jwks"])(
    "F-1.3-tls O-6749-1.6-tls O-9700-4.13-proxy-headers does not answer at %s, whatever the headers say",
    async (url) => {
      const headers = { "X-Forwarded-Host": "as.example", "X-Forwarded-Proto": "https", Forwarded: "host=as.example" };
      expect(await send(site, "GET", url, { headers })).toMatchObject({
        status: 421,
        body: { error: "misdirected_request" },
      });
    },
  );
});
