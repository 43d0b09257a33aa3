import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { D1AccountStore } from "../../src/storage/d1/accounts.ts";
import { CodeApp } from "../support/server/code-app.ts";
import { Scene } from "../support/server/scene.ts";
import { UMA_GRANT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { addressProof } from "../support/workerd/people.ts";
import { freshId } from "../support/workerd/records.ts";
import { Resident } from "../support/workerd/resident.ts";

/**
 * An app signs somebody in with their account here, and then says to the same server who they are, by the ID Token that
 * it got: they are the account, as if they had come to its claims page themselves.
 */

const world = localWorld();
let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open(world);
});

afterEach(() => {
  vi.useRealTimers();
});

/** An app that asks for access for its people, and that signs them in here. */
async function given(registration: Readonly<Record<string, unknown>> = {}) {
  const app = await CodeApp.register(world, {
    grant_types: ["authorization_code", UMA_GRANT],
    may_push_claims: true,
    ...registration,
  });
  const person = await Resident.settle("Bob");
  const address = `${freshId("bob").toLowerCase()}@example.com`;
  await new D1AccountStore(env.DB).addProof(person.account.id, addressProof(address));
  const browser = await person.browse(world.site);
  const photo = await scene.resource();
  await scene.permit(photo, ["view"], { claim: "email", equals: address });
  const signIn = async () => String((await app.connect(browser, { scope: "openid" })).id_token);
  const ask = async (idToken: string, client = app.client) => {
    const pat = await world.connectedToken(scene.cast.rs1);
    const ticket = await world.ticket(pat, { resource_id: photo, resource_scopes: ["view"] });
    return world.uma(client, ticket, { idToken });
  };
  return { app, person, browser, photo, signIn, ask };
}

describe("an ID Token of this server, pushed by the app that it was given to", () => {
  it("is the account: what its person verified here counts, though the app was not told", async () => {
    const { photo, signIn, ask } = await given();
    const granted = await ask(await signIn());
    expect(granted.status).toBe(200);
    expect(await scene.granted(granted)).toEqual({ [photo]: ["view"] });
  });

  it("counts in base64url as well", async () => {
    const { signIn, ask } = await given();
    expect((await ask(btoa(await signIn()).replaceAll("=", ""))).status).toBe(200);
  });

  it("counts for no other app", async () => {
    const { signIn, ask } = await given();
    const thief = await world.client({ grant_types: [UMA_GRANT], may_push_claims: true });
    expect(await ask(await signIn(), thief)).toMatchObject({ status: 403, body: { error: "need_info" } });
  });

  it("counts for no app that may not push claims", async () => {
    const { signIn, ask } = await given({ may_push_claims: false });
    expect((await ask(await signIn())).status).toBe(403);
  });

  it("ends after an hour", async () => {
    const { signIn, ask } = await given();
    const token = await signIn();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_601_000 });
    expect(await ask(token)).toMatchObject({ status: 403, body: { error: "need_info" } });
  });

  it("ends with the account", async () => {
    const { browser, signIn, ask } = await given();
    const token = await signIn();
    const form = await browser.open("/account/data/delete");
    await browser.submit(form, "/account/data/delete", { sure: "yes" });
    expect(await ask(token)).toMatchObject({ status: 403, body: { error: "need_info" } });
  });

  it("counts for nothing where anything in it was changed", async () => {
    const { signIn, ask } = await given();
    const [header = "", payload = "", signature = ""] = (await signIn()).split(".");
    const claims = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
    const forged = btoa(JSON.stringify({ ...claims, exp: claims.exp + 1 })).replaceAll("=", "");
    expect((await ask([header, forged, signature].join("."))).status).toBe(403);
  });
});
