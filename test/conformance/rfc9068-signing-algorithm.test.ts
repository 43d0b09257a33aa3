import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { beforeAll, expect, it } from "vitest";
import { configuredWorld } from "../support/configured-world.ts";
import { GrantScene } from "../support/grant-scene.ts";
import type { World } from "../support/world.ts";

let world: World;
let scene: GrantScene;

beforeAll(async () => {
  world = configuredWorld({ SIGNING_ALGORITHM: "RS256" });
  scene = await GrantScene.open(world);
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
