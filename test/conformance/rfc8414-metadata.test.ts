import { describe, expect, it } from "vitest";
import { UMA_GRANT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
const UMA = "/.well-known/uma2-configuration";
const OAUTH = "/.well-known/oauth-authorization-server";
const OPENID = "/.well-known/openid-configuration";
const read = async () => (await world.send("GET", OAUTH)).body;
const list = (value: unknown) => value as readonly string[];

describe("the metadata (RFC 8414 §2)", () => {
  it("names the issuer by which it was found, without query or fragment", async () => {
    const { issuer } = await read();
    expect(issuer).toBe(world.site.issuer);
    expect(issuer).not.toMatch(/[?#]/);
  });

  it("O-8414-2-required-members has what must not be missing, and leaves out what would be empty (§3.2)", async () => {
    const metadata = await read();
    for (const member of ["issuer", "token_endpoint", "authorization_endpoint"])
      expect(metadata[member]).toBeTypeOf("string");
    expect(metadata.response_types_supported).toEqual(["code"]);
    for (const value of Object.values(metadata)) expect(value).not.toEqual([]);
  });

  it("O-8414-2-grant-types-explicit says which grants there are, since silence would mean implicit", async () => {
    const grants = list((await read()).grant_types_supported);
    for (const grant of [UMA_GRANT, "authorization_code", "refresh_token", "client_credentials"])
      expect(grants).toContain(grant);
    for (const grant of ["implicit", "password"]) expect(grants).not.toContain(grant);
  });

  it("O-8414-2-pkce says that there is PKCE, and by which method", async () => {
    expect((await read()).code_challenge_methods_supported).toEqual(["S256"]);
  });

  it("O-8414-2-auth-methods names the algorithms of assertions, asymmetric ones only", async () => {
    const metadata = await read();
    for (const endpoint of ["token", "revocation", "introspection"]) {
      expect(metadata[`${endpoint}_endpoint_auth_methods_supported`]).toContain("private_key_jwt");
      const algorithms = list(metadata[`${endpoint}_endpoint_auth_signing_alg_values_supported`]);
      expect(algorithms.length).toBeGreaterThan(0);
      for (const algorithm of algorithms) expect(algorithm).toMatch(/^(ES|RS|PS)(256|384|512)$|^EdDSA$|^Ed25519$/);
    }
  });

  it("O-8414-2-introspection-auth tells that a PAT opens introspection, of either kind", async () => {
    const metadata = await read();
    expect(metadata).toHaveProperty("dpop_signing_alg_values_supported");
    expect(metadata.introspection_endpoint_auth_methods_supported).toEqual(expect.arrayContaining(["Bearer", "DPoP"]));
  });

  it("the key set is where it says", async () => {
    const keys = await world.send("GET", String((await read()).jwks_uri));
    expect(keys).toMatchObject({ status: 200, body: { keys: expect.any(Array) } });
    expect(list(keys.body.keys).length).toBeGreaterThan(0);
  });
});

describe("where it is (RFC 8414 §3)", () => {
  it("is also at UMA's place, the same text", async () => {
    expect((await world.send("GET", OAUTH)).text).toBe((await world.send("GET", UMA)).text);
  });

  it.each([UMA, OAUTH, OPENID])("O-8414-3.2-response %s is JSON without an empty list, for GET only", async (path) => {
    const answer = await world.send("GET", path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    for (const [member, value] of Object.entries(answer.body)) {
      expect(value, member).not.toBeNull();
      if (Array.isArray(value)) expect(value, member).not.toHaveLength(0);
    }
    const posted = await world.send("POST", path);
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET"]);
  });
});
