import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import type { Answer } from "../support/server/http-site.ts";
import { Scene } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
const SIGNED = "application/token-introspection+jwt";
let scene: Scene;
let rpt: string;
let metadata: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  scene = await Scene.open(world);
  const photo = await scene.resource();
  await scene.permitAnyone();
  rpt = await scene.rpt({ resource_id: photo, resource_scopes: ["view"] });
  metadata = (await world.send("GET", "/.well-known/oauth-authorization-server")).body;
});

const ask = (accept: string, bearer = scene.pat, token = rpt) =>
  world.send("POST", "/introspection", { bearer, form: { token }, headers: { Accept: accept } });

async function open({ text }: Answer): Promise<JWTPayload & { readonly token_introspection?: unknown }> {
  const keys = (await world.send("GET", String(metadata.jwks_uri))).json as JSONWebKeySet;
  return (await jwtVerify(text, createLocalJWKSet(keys), { typ: "token-introspection+jwt" })).payload;
}

describe("whether it is signed (§4)", () => {
  it.each([SIGNED, `application/json;q=0.5, ${SIGNED}`, "Application/Token-Introspection+JWT"])(
    "O-9701-4-negotiation it is for Accept: %s",
    async (accept) => {
      const answer = await ask(accept);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toBe(SIGNED);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(answer.text).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    },
  );

  it.each(["application/json", "*/*", "application/*", `application/json, ${SIGNED};q=0`, "application/jwt"])(
    "O-9701-4-negotiation it is not for Accept: %s",
    async (accept) => {
      const answer = await ask(accept);
      expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
      expect(answer.body.active).toBe(true);
    },
  );
});

describe("what is signed (§5)", () => {
  it("O-9701-5-typ O-9701-7-metadata has a type of its own, and a key and an algorithm that are published", async () => {
    const answer = await ask(SIGNED);
    const { alg, kid, typ } = decodeProtectedHeader(answer.text);
    expect([typ, typeof kid]).toEqual(["token-introspection+jwt", "string"]);
    await open(answer);
    const algorithms = metadata.introspection_signing_alg_values_supported;
    expect(algorithms).toContain(alg);
    expect(algorithms).not.toContain("none");
  });

  it("O-9701-5-claims O-9701-5-no-sub-exp names who says it, to whom and when, and is no token at its top", async () => {
    const { iss, aud, iat, token_introspection, ...others } = await open(await ask(SIGNED));
    expect([iss, aud]).toEqual([metadata.issuer, scene.cast.rs1.id]);
    expect(Math.abs(Number(iat) - Date.now() / 1_000)).toBeLessThan(5);
    const plain = await ask("application/json");
    expect(token_introspection).toEqual(plain.json);
    expect(token_introspection).toMatchObject({ active: true, permissions: [{ resource_scopes: ["view"] }] });
    expect(token_introspection).not.toHaveProperty("scope");
    expect(others).toEqual({});
  });

  it("O-9701-5-no-sub-exp opens nothing as an access token", async () => {
    const { text } = await ask(SIGNED);
    for (const [method, path] of [
      ["GET", "/resources"],
      ["POST", "/permission"],
      ["POST", "/introspection"],
      ["GET", "/owner/policies"],
    ] as const) {
      const call = method === "GET" ? {} : { form: { token: rpt } };
      expect((await world.send(method, path, { bearer: text, ...call })).status).toBe(401);
    }
    expect(await scene.introspect(text)).toEqual({ active: false });
  });

  it("O-9701-5-inactive tells no more of a token of others than that", async () => {
    const other = await scene.connectResourceServer();
    for (const [bearer, token] of [
      [other.pat, rpt],
      [scene.pat, "nonsense"],
    ] as const) {
      expect((await open(await ask(SIGNED, bearer, token))).token_introspection).toEqual({ active: false });
    }
  });

  it("O-9701-5-authenticated-caller is for those alone who say who they are", async () => {
    const headers = { Accept: SIGNED };
    for (const call of [{}, { bearer: "nonsense" }]) {
      const answer = await world.send("POST", "/introspection", { ...call, headers, form: { token: rpt } });
      expect(answer.status).toBe(401);
      expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
      expect(Object.keys(answer.body)).toEqual(["error", "error_description", "error_uri"]);
    }
  });
});
