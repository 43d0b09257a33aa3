import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { beforeAll, expect, it } from "vitest";
import { Scene } from "../support/server/scene.ts";
import type { World } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";

let world: World;
let scene: Scene;

beforeAll(async () => {
  world = configuredWorld({ SIGNING_ALGORITHM: "RS256" });
  scene = await Scene.open(world);
});

it("O-9068-2.1-rs256 a server that is set to RS256 signs with it, and says so in its key set", async () => {
  const granted = await scene.redeem(await scene.ticket(await scene.sharedPhoto()), { idToken: await scene.bob() });
  const jwks = (await world.send("GET", "/jwks")).json as JSONWebKeySet;
  expect(jwks.keys).toContainEqual(expect.objectContaining({ kty: "RSA", alg: "RS256" }));
  const [rpt, options] = [String(granted.body.access_token), { algorithms: ["RS256"], typ: "at+jwt" }];
  for (const token of [scene.pat, rpt]) {
    const { protectedHeader } = await jwtVerify(token, createLocalJWKSet(jwks), options);
    expect(protectedHeader.alg).toBe("RS256");
  }
  expect(await scene.introspect(rpt)).toMatchObject({ active: true });
});
