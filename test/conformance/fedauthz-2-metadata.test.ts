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
