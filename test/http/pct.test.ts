import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { D1PctStore } from "../../src/storage/d1/pcts.ts";
import { NEED_INFO, Scene } from "../support/server/scene.ts";
import { type Credentials, text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { freshMail, Visitor } from "../support/workerd/visitor.ts";

const world = localWorld();
const BACK = "https://consult.example/back";
let scene: Scene;
let photo: string;

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.resource();
  await scene.permit(photo, ["view"], { claim: "email", domain: "home.example" });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const ticket = () => scene.ticket(photo);
const consult = (more: object = {}) => world.client({ client_name: "Consult", claims_redirect_uris: [BACK], ...more });

/** Somebody who was here, and is remembered. */
async function remembered(client?: Credentials) {
  const app = client ?? (await consult());
  const ana = await Visitor.arrive(world);
  const back = await ana.show(app, { ticket: await ticket() }, { remember: "yes" });
  return { ana, app, pct: text(await scene.redeemAs(app, back.get("ticket") ?? ""), "pct") };
}

const outcome = async (app: Credentials, pct: string) =>
  (await scene.redeemAs(app, await ticket(), { pct })).body.error;

describe("what somebody said of being remembered", () => {
  const count = async (app: Credentials) => {
    const query = "SELECT count(*) AS count FROM pcts WHERE client_id = ?";
    return env.DB.prepare(query).bind(app.id).first<number>("count");
  };

  it.each([
    ["a double click keeps one", { remember: "yes" }, 1],
    ["a page that has been answered cannot say it any more", {}, 0],
  ])("holds as it was said first: %s", async (_, first, kept) => {
    const app = await consult();
    const ana = await Visitor.arrive(world);
    const page = await ana.look(app, { ticket: await ticket() });
    await ana.decide(page, "continue", first);
    await ana.decide(page, "continue", { remember: "yes" });
    expect(await count(app)).toBe(kept);
  });
});

describe("what a PCT stands for", () => {
  it("is an address as long as it is its person's", async () => {
    const { ana, app, pct } = await remembered();
    await ana.verify(freshMail());
    expect(await outcome(app, pct)).toBeUndefined();
    await env.DB.prepare("DELETE FROM account_addresses WHERE address = ?").bind(ana.address).run();
    expect(await outcome(app, pct)).toBe("need_info");
  });

  it("is nothing more once the account's key is gone", async () => {
    const { ana, app, pct } = await remembered();
    await env.DB.prepare("UPDATE accounts SET wrapped_key = 'gone' WHERE id = ?")
      .bind(await ana.accountId())
      .run();
    expect(await outcome(app, pct)).toBe("need_info");
  });

  it("is a sign-in at its own time, and no fresh one", async () => {
    const { ana, app, pct } = await remembered();
    const diary = await scene.resource();
    const who = { claim: "email", equals: ana.address };
    await scene.permit(diary, ["view"], who, { terms: { signed_in_within: 600 } });
    const redeem = async () => (await scene.redeemAs(app, await scene.ticket(diary), { pct })).body.error;
    expect(await redeem()).toBeUndefined();
    vi.setSystemTime(Date.now() + 601_000);
    expect(await redeem()).toBe("need_info");
  });

  it("is joined to what its client pushes of nobody else", async () => {
    const app = await consult({ may_push_claims: true });
    const { ana, pct } = await remembered(app);
    const both = await scene.resource();
    await scene.permit(both, ["view"], {
      all: [
        { claim: "email", equals: ana.address },
        { claim: "age", at_least: 18 },
      ],
    });
    const idToken = await scene.bob({ aud: app.id, age: 30 });
    const answer = await scene.redeemAs(app, await scene.ticket(both), { pct, idToken });
    expect(answer.body.error).toBe("request_denied");
  });
});

describe("a PCT ends", () => {
  it("when its person has it forgotten, for this app and no other", async () => {
    const { ana, app, pct } = await remembered();
    const other = await consult({ client_name: "Folio" });
    const back = await ana.show(other, { ticket: await ticket() }, { remember: "yes" });
    const kept = text(await scene.redeemAs(other, back.get("ticket") ?? ""), "pct");
    const page = await ana.browser.open("/account/remembered");
    const lie = await ana.browser.open(`/account/remembered?forgotten=${app.id}`);
    expect(lie.text).not.toContain("has to ask again who you are");
    for (const words of ["Consult", "Folio", ana.address]) expect(page.text).toContain(words);
    const after = await ana.browser.follow(
      String((await ana.browser.submit(page, "/account/remembered/forget", { id: app.id })).headers.get("location")),
    );
    expect(after.text).not.toContain(`value="${app.id}"`);
    expect(await outcome(app, pct)).toBe("need_info");
    expect(await outcome(other, kept)).toBeUndefined();
  });

  it("never by somebody else's hand", async () => {
    const { ana, app, pct } = await remembered();
    const mallory = (await remembered()).ana;
    const page = await mallory.browser.open("/account/remembered");
    await mallory.browser.submit(page, "/account/remembered/forget", { id: app.id });
    expect(await outcome(app, pct)).toBeUndefined();
    await ana.signOut();
    const out = await ana.browser.open("/account/remembered");
    expect(out.headers.get("location")).toContain("/sign-in?continue=");
  });

  it("also when it was made elsewhere while its client was being removed", async () => {
    const { ana, app } = await remembered();
    const query = "SELECT count(*) AS count FROM pcts WHERE client_id = ?";
    const made = { clientId: app.id, accountId: await ana.accountId(), sealedClaims: "sealed" };
    const leases = vi.spyOn(scheduler, "wait").mockImplementation(async () => {
      // Another isolate has its lease until the end of the wait, and whatever else is removed has gone by then.
      const gone = async () => expect(await env.DB.prepare(query).bind(app.id).first("count")).toBe(0);
      await vi.waitFor(gone, { timeout: 300 }).catch(() => {});
      await new D1PctStore(env.DB).insert({ ...made, createdAt: 1, expiresAt: 4_000_000_000 }, `late-${app.id}`);
    });
    await world.admin("DELETE", `/clients/${app.id}`);
    expect(leases).toHaveBeenCalled();
    expect(await env.DB.prepare(query).bind(app.id).first<number>("count")).toBe(0);
  });

  it("when its client is removed", async () => {
    const { app } = await remembered();
    const left = () => env.DB.prepare("SELECT count(*) AS n FROM pcts WHERE client_id = ?").bind(app.id).first("n");
    expect(await left()).toBe(1);
    vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
    await world.admin("DELETE", `/clients/${app.id}`);
    expect(await left()).toBe(0);
  });

  it("when the operator says so, for a client or for an account", async () => {
    const one = await remembered();
    expect((await world.admin("DELETE", `/pcts/clients/${one.app.id}`)).body).toEqual({ forgotten: 1 });
    expect(await outcome(one.app, one.pct)).toBe("need_info");
    const two = await remembered();
    expect((await world.admin("DELETE", `/pcts/accounts/${await two.ana.accountId()}`)).body).toEqual({ forgotten: 1 });
    expect(await outcome(two.app, two.pct)).toBe("need_info");
    expect((await world.admin("DELETE", "/pcts/clients/../x")).status).toBe(404);
    expect((await world.admin("GET", `/pcts/clients/${one.app.id}`)).status).toBe(405);
  });

  it("when five newer ones were made for the same person and app", async () => {
    const { ana, app, pct } = await remembered();
    for (let count = 0; count < 5; count += 1) {
      vi.setSystemTime(Date.now() + 1_000);
      const page = await ana.look(app, { ticket: await ticket() });
      await ana.decide(page, "continue", { remember: "yes" });
    }
    expect(await outcome(app, pct)).toBe("need_info");
  });
});

describe("no PCT is given", () => {
  it("to a public client, whose person is not even asked", async () => {
    const app = await consult({ token_endpoint_auth_method: "none" });
    const ana = await Visitor.arrive(world);
    const page = await ana.look(app, { ticket: await ticket() });
    expect(page.text).not.toContain('name="remember"');
    const back = await ana.show(app, { ticket: await ticket() }, { remember: "yes" });
    const granted = await scene.redeemAs(app, back.get("ticket") ?? "");
    expect(granted.status).toBe(200);
    expect(granted.body).not.toHaveProperty("pct");
  });

  it("taken from a public client: in its hands it is stolen", async () => {
    const { app, pct } = await remembered();
    const thief = await consult({ token_endpoint_auth_method: "none" });
    expect(await scene.redeemAs(thief, await ticket(), { pct })).toMatchObject(NEED_INFO);
    expect(await outcome(app, pct)).toBe("need_info");
  });

  it("looked for where a token is refused that looks like none", async () => {
    const { app, pct } = await remembered();
    for (const odd of ["", "x", `${pct}x`, "x".repeat(8_000)]) expect(await outcome(app, odd)).toBe("need_info");
    expect(await outcome(app, pct)).toBeUndefined();
  });
});
