import { decodeProtectedHeader, type JSONWebKeySet } from "jose";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { forge } from "../support/pure/forged-jwt.ts";
import { ANYONE, NEED_INFO, Scene } from "../support/server/scene.ts";
import { SigningClient } from "../support/server/signing-client.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open(world);
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** The key by which a token of this server verifies. */
async function publicKeyOf(token: string): Promise<object> {
  const { kid } = decodeProtectedHeader(token);
  const { keys } = (await world.send("GET", "/jwks")).json as JSONWebKeySet;
  const key = keys.find((candidate) => candidate.kid === kid);
  if (!key) throw new Error("the key set does not have the key");
  return key;
}

it("O-JWKS-alg-confusion who chooses the algorithm in the header does not become a resource server", async () => {
  const fetched = vi.spyOn(globalThis, "fetch");
  for (const [how, bearer] of await forge(scene.pat, await publicKeyOf(scene.pat))) {
    expect((await world.send("GET", "/resources", { bearer })).status, how).toBe(401);
  }
  expect(fetched).not.toHaveBeenCalled();
});

it("O-JWKS-alg-confusion who chooses the algorithm in the header makes no RPT", async () => {
  const photo = await scene.resource();
  await scene.permit(photo, ["view"], ANYONE);
  const rpt = String((await scene.redeem(await scene.ticket(photo))).body.access_token);
  const fetched = vi.spyOn(globalThis, "fetch");
  for (const [how, token] of await forge(rpt, await publicKeyOf(rpt))) {
    expect(await scene.introspect(token), how).toEqual({ active: false });
  }
  expect(await scene.introspect(rpt)).toMatchObject({ active: true });
  expect(fetched).not.toHaveBeenCalled();
});

it("O-JWKS-alg-confusion who chooses the algorithm in the header does not become a client", async () => {
  const client = await SigningClient.register(world);
  const fetched = vi.spyOn(globalThis, "fetch");
  for (const [how, jwt] of await forge(await client.assertion(), client.signer.publicJwk)) {
    expect((await client.present(jwt)).status, how).toBe(401);
  }
  const critical = client.assertion({}, { crit: ["b64"], b64: true });
  expect((await client.present(critical)).status).toBe(401);
  expect(fetched).not.toHaveBeenCalled();
});

it("O-JWKS-alg-confusion who chooses the algorithm in the header proves no claim", async () => {
  const photo = await scene.sharedPhoto();
  const [publicJwk = {}] = scene.cast.provider.jwks.keys;
  const fetched = vi.spyOn(globalThis, "fetch");
  for (const [how, idToken] of await forge(await scene.bob(), publicJwk)) {
    expect(await scene.redeem(await scene.ticket(photo), { idToken }), how).toMatchObject(NEED_INFO);
  }
  expect(fetched).not.toHaveBeenCalled();
});
