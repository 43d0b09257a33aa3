import { beforeAll, describe, expect, it } from "vitest";
import { permission } from "../support/server/protection-api.ts";
import { Scene } from "../support/server/scene.ts";
import { ID_TOKEN_FORMAT } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
let scene: Scene;
let metadata: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  scene = await Scene.open(world);
  metadata = (await world.send("GET", "/.well-known/uma2-configuration")).body;
});

/** An absolute URL of this server; https wherever the issuer is, which the configuration sees to. */
function published(member: string): string {
  const place = new URL(String(metadata[member]));
  expect(place.origin, member).toBe(new URL(world.site.issuer).origin);
  return place.href;
}

/** What a setting switches, and what clients read of it. */
const FEATURES: readonly (readonly [setting: string, value: string, member: string, expected: unknown])[] = [
  ["PUSHED_REQUESTS", "required", "require_pushed_authorization_requests", true],
  ["CLIENT_METADATA_DOCUMENTS", "accept", "client_id_metadata_document_supported", true],
  ["CLIENT_CERTIFICATES", "verified", "tls_client_certificate_bound_access_tokens", true],
  [
    "CLIENT_CERTIFICATES",
    "verified",
    "token_endpoint_auth_methods_supported",
    expect.arrayContaining(["tls_client_auth"]),
  ],
  [
    "CLIENT_AUTHENTICATION",
    "confidential",
    "token_endpoint_auth_methods_supported",
    expect.not.arrayContaining(["none"]),
  ],
  ["INTROSPECTION_CALLERS", "pat", "introspection_endpoint_auth_methods_supported", ["Bearer", "DPoP"]],
  ["PROFILE", "strict", "uma_profiles_supported", expect.arrayContaining([`${world.site.issuer}/profile#strict`])],
  ["PROFILE", "lenient", "uma_profiles_supported", expect.arrayContaining([`${world.site.issuer}/profile#lenient`])],
  ["SENDER_CONSTRAINED_TOKENS", "required", "uma_profiles_supported", [ID_TOKEN_FORMAT]],
];

describe("authorization server metadata (§2)", () => {
  it("F-2-permission-endpoint is published and takes permission requests", async () => {
    const json = permission(await scene.rs1.register("view"), "view");
    const answer = await world.send("POST", published("permission_endpoint"), { bearer: scene.rs1.pat, json });
    expect(answer.status).toBe(201);
  });

  it("F-2-rreg-endpoint is published and lists resources", async () => {
    const endpoint = published("resource_registration_endpoint");
    const answer = await world.send("GET", endpoint, { bearer: scene.rs1.pat });
    expect(answer).toMatchObject({ status: 200, json: expect.any(Array) });
  });

  it("F-2-introspection-endpoint is published and answers in JSON", async () => {
    await scene.permitAnyone();
    const token = await scene.rpt(permission(await scene.rs1.register("view"), "view"));
    const endpoint = published("introspection_endpoint");
    const answer = await world.send("POST", endpoint, { bearer: scene.rs1.pat, form: { token } });
    expect(answer).toMatchObject({ status: 200, body: { active: true } });
  });

  it.each(FEATURES)(
    "F-2-profiled-features what %s=%s switches is told in %s",
    async (setting, value, member, expected) => {
      const { body } = await configuredWorld({ [setting]: value }).send("GET", "/.well-known/uma2-configuration");
      expect(body[member]).toEqual(expected);
      expect(metadata[member]).not.toEqual(expected);
    },
  );

  it("F-2-profiled-features what profiles define is named, and nothing that is not there", async () => {
    expect(metadata.uma_profiles_supported).toEqual([ID_TOKEN_FORMAT, `${metadata.issuer}/profile#default`]);
    expect(metadata.registration_endpoint).toBe(`${metadata.issuer}/register`);
    const closed = configuredWorld({ CLIENT_REGISTRATION: "closed" });
    const { body } = await closed.send("GET", "/.well-known/uma2-configuration");
    expect(body).not.toHaveProperty("registration_endpoint");
    expect((await closed.send("POST", "/register", { json: {} })).status).toBe(404);
    for (const endpoint of ["device_authorization_endpoint", "backchannel_authentication_endpoint"]) {
      expect(metadata).not.toHaveProperty(endpoint);
    }
  });
});
