import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { parseMarkup } from "../../support/pure/markup.ts";
import { locationOf } from "../../support/server/person.ts";
import { Scene } from "../../support/server/scene.ts";
import { type Credentials, expectStatus, text } from "../../support/server/world.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { backAt, freshMail, Visitor } from "../../support/workerd/visitor.ts";

const world = localWorld();
const BACK = "https://consult.example/back";
const WITH_ADDRESS = { claim: "email", exists: true };
let scene: Scene;
let consult: Credentials;

beforeAll(async () => {
  scene = await Scene.open(world);
  consult = await world.client({ client_name: "Consult", claims_redirect_uris: [BACK] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** A photo that anybody with a verified address may view, and a ticket for it. */
async function asked(who: object = WITH_ADDRESS, more: object = {}) {
  const photo = await scene.resource(undefined, { name: "Ana's scan", type: "scan" });
  await scene.permit(photo, ["view"], who as never, more as never);
  return { photo, ticket: await scene.ticket(photo) };
}

describe("a requesting party whom an app sends here", () => {
  it("is told of by need_info, shows who they are, and gets the app what they are allowed", async () => {
    const { photo, ticket } = await asked();
    const first = await scene.redeemAs(consult, ticket);
    expect(first).toMatchObject({
      status: 403,
      body: { error: "need_info", redirect_user: `${world.site.issuer}/claims` },
    });
    expect(first.body).not.toHaveProperty("required_claims");
    const ana = await Visitor.arrive(world);
    const back = await ana.show(consult, { ticket: text(first, "ticket"), state: "s" });
    expect(back.get("state")).toBe("s");
    const granted = await scene.redeemAs(consult, back.get("ticket") ?? "");
    expect(granted.status).toBe(200);
    expect(await scene.granted(granted)).toEqual({ [photo]: ["view"] });
  });

  it("may come straight from the resource server's ticket, and signs in on the way", async () => {
    const { ticket } = await asked();
    const ana = await Visitor.arrive(world);
    await ana.signOut();
    const come = await ana.come(consult, { ticket });
    const page = expectStatus(await ana.browser.follow(come.headers.get("location") ?? ""), 200);
    expect(page.text).toContain("Consult");
  });

  it("reads which app asks, for what, and who learns what", async () => {
    const { ticket } = await asked();
    const ana = await Visitor.arrive(world);
    const page = expectStatus(await ana.look(consult, { ticket }), 200);
    for (const words of ["Consult", "Ana&#39;s scan", "view", "RS1", ana.address, "consult.example"]) {
      expect(page.text).toContain(words);
    }
    expect(page.headers.get("content-security-policy")).toContain("form-action 'self' https:;");
  });

  it("with more parameters than anybody needs is told so, before they are looked through", async () => {
    const { ticket } = await asked();
    const stranger = Visitor.stranger(world);
    const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [index.toString(36), ""]));
    const page = await stranger.come(consult, { ticket, ...many });
    expect([page.status, page.headers.get("location")]).toEqual([400, null]);
    const few = Object.fromEntries(Object.entries(many).slice(0, 20));
    expect(locationOf(await stranger.come(consult, { ticket, ...few }))).toContain("/claims/interaction?at=");
  });

  it("who may not have it reads the kind of it and not its name, and cannot go on", async () => {
    const { ticket } = await asked({ claim: "email", domain: "clinic.example" });
    const ana = await Visitor.arrive(world);
    const page = expectStatus(await ana.look(consult, { ticket }), 200);
    expect(page.text).toContain("scan");
    expect(page.text).not.toContain("Ana&#39;s scan");
    expect(page.text).not.toContain('value="continue"');
    const back = backAt(await ana.decide(page, "cancel"));
    expect(Object.fromEntries(back)).toMatchObject({ error: "access_denied" });
  });
});

describe("what is asked for together", () => {
  const rules = { agreement: { title: "House rules", text: "What you see here stays here." } };

  it.each([
    ["that they may have at once", {}],
    ["that they may have by an agreement", { terms: rules }],
  ])("is named as far as it is something %s", async (_, more) => {
    const scan = await scene.resource(undefined, { name: "Ana's scan", type: "scan" });
    const diary = await scene.resource(undefined, { name: "Ana's diary", type: "diary" });
    await scene.permit(scan, ["view"], { anyone: true }, more as never);
    await scene.permit(diary, ["view"], { claim: "email", domain: "clinic.example" });
    const sets = [scan, diary].map((resource_id) => ({ resource_id, resource_scopes: ["view"] }));
    const ana = await Visitor.arrive(world);
    const page = await ana.look(consult, { ticket: await scene.ticketForAll(sets) });
    expect(page.text).toContain("Ana&#39;s scan");
    expect(page.text).toContain("diary");
    expect(page.text).not.toContain("Ana&#39;s diary");
    expect(page.text).toContain('value="continue"');
  });
});

it("what would be done is told as its resource server calls it, of what may be named alone", async () => {
  const names = { scope_names: { view: "look closely at", "https://api.example/make_copies": "make copies of" } };
  const scopes = Object.keys(names.scope_names);
  const [scan, diary] = [
    await scene.resource(scopes, { name: "Ana's scan", type: "scan", ...names }),
    await scene.resource(scopes, { name: "Ana's diary", type: "diary", ...names }),
  ];
  await scene.permit(scan, scopes, { anyone: true });
  await scene.permit(diary, scopes, { claim: "email", domain: "clinic.example" });
  const sets = [scan, diary].map((resource_id) => ({ resource_id, resource_scopes: scopes }));
  const ana = await Visitor.arrive(world);
  const page = parseMarkup((await ana.look(consult, { ticket: await scene.ticketForAll(sets) })).text).first("main");
  const [asked] = page.all("dl");
  expect(asked?.all("dd").map(({ text }) => text)).toEqual([
    "look closely at and make copies of",
    "view and make copies",
  ]);
});

describe("an agreement", () => {
  const terms = { agreement: { title: "House rules", text: "What you see here stays here." } };

  it("that was forgotten costs nobody what they had ticked besides", async () => {
    const { ticket } = await asked(WITH_ADDRESS, { terms });
    const ana = await Visitor.arrive(world);
    const page = await ana.look(consult, { ticket });
    const isRemembered = ({ text }: { readonly text: string }) => /<input[^>]*name="remember"[^>]* checked/.test(text);
    expect(isRemembered(page)).toBe(false);
    expect(isRemembered(await ana.decide(page, "continue", { remember: "yes" }))).toBe(true);
    expect(isRemembered(await ana.decide(page, "continue"))).toBe(false);
  });

  it("is shown, asked for, and then counts for the next time as well", async () => {
    const { photo, ticket } = await asked({ anyone: true }, { terms });
    const ana = await Visitor.arrive(world);
    const page = await ana.look(consult, { ticket });
    expect(page.text).toContain("What you see here stays here.");
    const hesitant = await ana.decide(page, "continue");
    expect(hesitant.status).toBe(400);
    expect(hesitant.text).toContain("Agree to");
    const [, policyId = ""] = page.text.match(/name="agree-([\w-]+)"/) ?? [];
    const back = backAt(await ana.decide(page, "continue", { [`agree-${policyId}`]: "yes" }));
    expect((await scene.redeemAs(consult, back.get("ticket") ?? "")).status).toBe(200);
    const again = await ana.look(consult, { ticket: await scene.ticket(photo) });
    expect(again.text).not.toContain("What you see here stays here.");
    expect(backAt(await ana.decide(again, "continue")).get("ticket")).not.toBeNull();
  });
});

describe("on a visit", () => {
  it("a reload, the way back and a second tab all lead to the same page", async () => {
    const { ticket } = await asked();
    const ana = await Visitor.arrive(world);
    const sent = { ticket, state: "s" };
    const [first, second] = [await ana.look(consult, sent), await ana.look(consult, sent)];
    expect([first.status, second.status]).toEqual([200, 200]);
    const backs = [await ana.decide(first, "continue"), await ana.decide(second, "continue")].map(backAt);
    const [one, other] = await Promise.all(backs.map((back) => scene.redeemAs(consult, back.get("ticket") ?? "")));
    // It is the same ticket, so it is good once.
    expect([one?.status, other?.status].sort()).toEqual([200, 400]);
    const late = await ana.look(consult, sent);
    expect(late.status).toBe(400);
    expect(late.text).toContain("This link has been used already.");
  });

  it("a double click gives one ticket", async () => {
    const { ticket } = await asked();
    const ana = await Visitor.arrive(world);
    const page = await ana.look(consult, { ticket });
    const clicks = await Promise.all([1, 2, 3].map(() => ana.decide(page, "continue")));
    const answers = [];
    for (const back of clicks.map(backAt))
      answers.push((await scene.redeemAs(consult, back.get("ticket") ?? "")).status);
    expect(answers).toEqual([200, 400, 400]);
  });

  it("another browser gets nothing of a ticket that has arrived", async () => {
    const { ticket } = await asked();
    const [ana, mallory] = [await Visitor.arrive(world), await Visitor.arrive(world)];
    await ana.come(consult, { ticket });
    const page = await mallory.come(consult, { ticket });
    expect([page.status, page.headers.get("location")]).toEqual([400, null]);
    expect(page.text).toContain("This link has been used already.");
  });

  it("another app gets nothing of it in the same browser", async () => {
    const { ticket } = await asked();
    const mallory = await world.client({ client_name: "Mallory", claims_redirect_uris: [BACK] });
    const ana = await Visitor.arrive(world);
    const page = await ana.look(consult, { ticket });
    const other = await ana.come(mallory, { ticket });
    expect([other.status, other.headers.get("location")]).toEqual([400, null]);
    expect(backAt(await ana.decide(page, "continue")).has("ticket")).toBe(true);
  });

  it("what has ended stays so on every page that was opened of it", async () => {
    // A ledger of its own, because its time does not run back.
    const elsewhere = await Scene.open(world);
    const ticket = await elsewhere.ticket(await elsewhere.resource());
    const ana = await Visitor.arrive(world);
    const first = await ana.look(consult, { ticket });
    vi.setSystemTime(Date.now() + 200_000);
    const later = await ana.look(consult, { ticket });
    expect(backAt(await ana.decide(first, "cancel")).get("error")).toBe("access_denied");
    vi.setSystemTime(Date.now() + 3_500_000);
    await runDurableObjectAlarm(env.OWNER_LEDGER.getByName(elsewhere.cast.alice));
    const late = await ana.decide(later, "continue");
    expect([late.status, late.headers.get("location")]).toEqual([400, null]);
  });

  it("somebody who has no account calls it off where they would sign in (Grant §3.3.3)", async () => {
    const { ticket } = await asked();
    const stranger = Visitor.stranger(world);
    const visit = locationOf(await stranger.come(consult, { ticket, state: "s1" }));
    const signIn = await stranger.browser.open(locationOf(await stranger.browser.open(visit)));
    expect(signIn.text).toContain("Cancel and go back to");
    const back = backAt(await stranger.decide(signIn, "cancel"));
    expect([back.get("error"), back.get("state"), back.get("ticket")]).toEqual(["access_denied", "s1", null]);
  });

  it("somebody who was signed out half-way signs in, and is where they were", async () => {
    const { ticket } = await asked();
    const ana = await Visitor.arrive(world);
    const page = await ana.look(consult, { ticket });
    await ana.signOut();
    const lost = await ana.decide(page, "continue").catch(() => null);
    expect(lost?.headers.get("location") ?? "").not.toContain("consult.example");
    const signIn = await ana.browser.open(
      `/claims/interaction?at=${page.text.match(/name="at" value="([^"]*)"/)?.[1]}`,
    );
    const path = locationOf(signIn).replace(world.site.issuer, "");
    expect(path).toMatch(/^\/sign-in\?continue=/);
    const again = await ana.browser.open(String((await ana.signIn(path)).body.location));
    expect(backAt(await ana.decide(again, "continue")).has("ticket")).toBe(true);
  });

  it("two people in one browser are never taken for each other", async () => {
    const { photo, ticket } = await asked();
    const [ana, ben] = [await Visitor.arrive(world), await Visitor.arrive(world)];
    const page = await ana.look(consult, { ticket });
    // Ben signs in where Ana's page still stands open, with the visit that its form was made for.
    for (const name of ["__Host-session"]) ana.browser.setCookie(name, ben.browser.cookie(name) ?? "");
    const answer = await ana.decide(page, "continue");
    expect(locationOf(answer)).toContain("/claims/interaction?at=");
    const shown = await ana.browser.open(locationOf(answer));
    expect(shown.text).toContain(ben.address);
    expect(shown.text).not.toContain(ana.address);
    const back = backAt(await ana.decide(shown, "continue"));
    expect(await scene.granted(await scene.redeemAs(consult, back.get("ticket") ?? ""))).toEqual({ [photo]: ["view"] });
  });

  it("that stood open too long is over", async () => {
    const { ticket } = await asked();
    const ana = await Visitor.arrive(world);
    const page = await ana.look(consult, { ticket });
    vi.setSystemTime(Date.now() + 3_600_000);
    const late = await ana.decide(page, "continue");
    expect([late.status, late.headers.get("location")]).toEqual([400, null]);
    expect(late.text).toContain("This link has expired.");
  });

  it("a client that is removed, or its URI, gets nobody back", async () => {
    const { ticket } = await asked();
    const gone = await world.client({ client_name: "Gone", claims_redirect_uris: [BACK] });
    const ana = await Visitor.arrive(world);
    const page = await ana.look(gone, { ticket });
    const leases = vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
    await world.admin("DELETE", `/clients/${gone.id}`);
    leases.mockRestore();
    const answer = await ana.decide(page, "continue");
    expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
  });

  it("somebody without an address is sent to prove one, and finds back", async () => {
    const { ticket } = await asked();
    const ana = await Visitor.arrive(world, null);
    const page = await ana.look(consult, { ticket });
    expect(page.text).toContain("A verified email address");
    expect(page.text).not.toContain('value="continue"');
    const security = await ana.browser.follow(locationOf(await ana.decide(page, "address")));
    const [, back = ""] = security.text.match(/href="(\/claims\/interaction[^"]*)"/) ?? [];
    await ana.verify(freshMail());
    expect(backAt(await ana.decide(await ana.browser.open(back), "continue")).has("ticket")).toBe(true);
    expect((await ana.browser.open("/account/security")).text).not.toContain("/claims/interaction");
  });

  it("whoever is at the browser next finds no way into what somebody was in the middle of", async () => {
    const { ticket } = await asked();
    const ana = await Visitor.arrive(world, null);
    await ana.decide(await ana.look(consult, { ticket }), "address");
    await ana.signOut();
    await ana.signUp("Ben");
    expect((await ana.browser.open("/account/security")).text).not.toContain("/claims/interaction");
    expect((await ana.come(consult, { ticket })).status).toBe(400);
  });

  it("somebody who signed in too long ago signs in again", async () => {
    const { ticket } = await asked(WITH_ADDRESS, { terms: { signed_in_within: 60 } });
    const ana = await Visitor.arrive(world);
    vi.setSystemTime(Date.now() + 120_000);
    const page = await ana.look(consult, { ticket });
    expect(page.text).toContain("within the last minute");
    const path = locationOf(await ana.decide(page, "again")).replace(world.site.issuer, "");
    const again = await ana.browser.open(String((await ana.signIn(path)).body.location));
    expect(backAt(await ana.decide(again, "continue")).has("ticket")).toBe(true);
  });

  it("whoever has to be asked by the owner is told that it can take a while", async () => {
    const { ticket } = await asked(WITH_ADDRESS, { terms: { approval: true } });
    const ana = await Visitor.arrive(world);
    const page = await ana.look(consult, { ticket });
    expect(page.text).toContain("is asked to decide");
    const back = backAt(await ana.decide(page, "continue"));
    expect((await scene.redeemAs(consult, back.get("ticket") ?? "")).body.error).toBe("request_submitted");
  });

  it("nothing is kept of a stranger who only looks", async () => {
    const { ticket } = await asked();
    const stranger = Visitor.stranger(world);
    const before = await world.admin("GET", "/counts");
    const signIn = await stranger.browser.open(locationOf(await stranger.come(consult, { ticket })));
    expect(locationOf(signIn)).toContain("/sign-in?continue=");
    expect((await world.admin("GET", "/counts")).body).toEqual(before.body);
  });
});
