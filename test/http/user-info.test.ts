import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { D1AccountStore } from "../../src/storage/d1/accounts.ts";
import { CodeApp } from "../support/server/code-app.ts";
import { readIdToken } from "../support/server/id-tokens.ts";
import { INVALID_GRANT, refused } from "../support/server/scene.ts";
import { expectStatus } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { addressProof } from "../support/workerd/people.ts";
import { freshId } from "../support/workerd/records.ts";
import { Resident } from "../support/workerd/resident.ts";
import { writeStories } from "../support/workerd/write-stories.ts";

const world = localWorld();
const GONE = refused(401, "invalid_token");

afterEach(() => {
  vi.useRealTimers();
});

const read = (token: unknown, method = "GET") => world.send(method, "/userinfo", { bearer: String(token) });

/** Somebody with an address, who signs in to an app. */
async function given(scope: string) {
  const [app, person] = [await CodeApp.register(world), await Resident.settle("Bob")];
  const address = `${freshId("bob").toLowerCase()}@example.com`;
  await new D1AccountStore(env.DB).addProof(person.account.id, addressProof(address));
  const browser = await person.browse(world.site);
  const body = await app.connect(browser, { scope });
  return { app, person, address, browser, body };
}

describe("what an app is told of a person", () => {
  it("is who they are, and what they let it know, by GET and by POST", async () => {
    const { app, address, body } = await given("openid email profile");
    const { claims } = await readIdToken(world, body, app.client.id);
    const told = { sub: claims.sub, email: address, email_verified: true, name: "Bob", locale: "en" };
    for (const method of ["GET", "POST"]) {
      const answer = expectStatus(await read(body.access_token, method), 200);
      expect(answer.body, method).toEqual(told);
      expect(answer.headers.get("cache-control")).toBe("no-store");
    }
  });

  it("is no more than they were asked for", async () => {
    const { body } = await given("openid");
    expect((await read(body.access_token)).body).toEqual({ sub: expect.any(String) });
    const { body: more } = await given("openid email");
    expect(Object.keys((await read(more.access_token)).body)).toEqual(["sub", "email", "email_verified"]);
  });

  it("is not more than one app asked for because another sign-in there asked for more", async () => {
    const { app, browser, body } = await given("openid");
    await app.connect(browser, { scope: "openid email" });
    expect((await read(body.access_token)).body).toEqual({ sub: expect.any(String) });
  });

  it("stays out of the ID Token, which is shown around", async () => {
    const { app, body } = await given("openid email profile");
    const { claims } = await readIdToken(world, body, app.client.id);
    for (const name of ["email", "name"]) expect(claims).not.toHaveProperty(name);
  });
});

describe("an access token", () => {
  it("is needed, and named as Bearer in the challenge", async () => {
    const answer = await world.send("GET", "/userinfo");
    expect(answer).toMatchObject(GONE);
    expect(answer.headers.get("www-authenticate")).toContain('Bearer realm="usher", scope="openid"');
    for (const token of ["x", "a.b.c"]) expect(await read(token)).toMatchObject(GONE);
  });

  it("of a connection alone says nothing of anybody", async () => {
    const { body } = await given("uma_protection");
    expect(await read(body.access_token)).toMatchObject(refused(403, "insufficient_scope"));
  });

  it("is refreshed with the scope that it came with, as far as that is about the owner", async () => {
    const browser = await (await Resident.settle()).browse(world.site);
    const app = await CodeApp.register(world);
    const { scope, refresh_token } = await app.connect(browser, { scope: "openid email uma_protection" });
    expect(scope).toBe("openid email uma_protection");
    const refreshed = await app.refresh(refresh_token, { scope: String(scope) });
    expect(refreshed).toMatchObject({ status: 200, body: { scope: "uma_protection" } });
    for (const more of ["openid", "openid uma_policy"]) {
      expect(await app.refresh(refresh_token, { scope: more })).toMatchObject(refused(400, "invalid_scope"));
    }
  });

  it("that was refreshed while the person was away says no more of them", async () => {
    const { app, body } = await given("openid uma_protection");
    expect((await read(body.access_token)).status).toBe(200);
    const refreshed = (await app.refresh(body.refresh_token)).body;
    expect(refreshed.scope).toBe("uma_protection");
    expect(await read(refreshed.access_token)).toMatchObject(refused(403, "insufficient_scope"));
  });

  it("of a connection tells of nobody once that has ended", async () => {
    const { app, person, body } = await given("openid uma_protection");
    await world.admin("DELETE", `/owners/${person.ownerId}/connections/${app.client.id}`);
    expect(await read(body.access_token)).toMatchObject(GONE);
  });

  it("ends with its siblings where its own client revokes it, of which the operator is told", async () => {
    const [{ app, browser, person, body }, other] = [await given("openid"), await CodeApp.register(world)];
    const sibling = await app.connect(browser, { scope: "openid", prompt: "consent" });
    const form = { token: String(body.access_token) };
    await world.send("POST", "/revocation", { basic: other.client, form });
    expect((await read(body.access_token)).status).toBe(200);
    await writeStories(world);
    const revoked = expectStatus(await world.send("POST", "/revocation", { basic: app.client, form }), 200);
    for (const token of [body.access_token, sibling.access_token]) expect(await read(token)).toMatchObject(GONE);
    const told = { event: "sign_in_tokens_ended", client_id: app.client.id, account_id: person.account.id };
    const story = await world.admin("GET", `/requests/${revoked.headers.get("x-request-id")}`);
    const events = (story.body.items ?? []).flatMap((one) => one.events);
    expect(events).toContainEqual(expect.objectContaining(told));
  });

  it("that only tells who somebody is opens nothing else", async () => {
    const { app, body } = await given("openid");
    expect(body).not.toHaveProperty("refresh_token");
    expect(await app.isTaken(body.access_token)).toBe(false);
    const admin = await world.send("GET", "/owner/resources", { bearer: String(body.access_token) });
    expect(admin).toMatchObject(GONE);
  });

  it("ends when it expires", async () => {
    const { body } = await given("openid");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_601_000 });
    expect(await read(body.access_token)).toMatchObject(GONE);
  });
});

describe("a code that only tells who signed in", () => {
  it("is redeemed once, by one of many at once", async () => {
    const { app, browser } = await given("openid");
    const code = await app.allow(browser, app.path({ scope: "openid", prompt: "consent" }));
    const answers = await Promise.all(Array.from({ length: 10 }, () => app.redeem(code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it("ends what it gave where it comes again, and only for whoever proves that it is theirs", async () => {
    const { app, browser } = await given("openid");
    const code = await app.allow(browser, app.path({ scope: "openid", prompt: "consent" }));
    const { body } = expectStatus(await app.redeem(code), 200);
    expect(await (await CodeApp.register(world)).redeem(code)).toMatchObject(INVALID_GRANT);
    expect((await read(body.access_token)).status).toBe(200);
    expect(await app.redeem(code)).toMatchObject(INVALID_GRANT);
    expect(await read(body.access_token)).toMatchObject(GONE);
  });
});
