import { describe, expect, it, vi } from "vitest";
import { PASSKEY_CHALLENGE_LIFETIME_SECONDS } from "../../../src/protocol/lifetimes.ts";
import { MAX_FAILURES_PER_SOURCE } from "../../../src/shared/limits.ts";
import { locationOf, optionsFrom, Person } from "../../support/server/person.ts";
import { expectStatus } from "../../support/server/world.ts";
import { localWorld } from "../../support/workerd/local-world.ts";

const world = localWorld();
const ORIGIN = new URL(world.site.issuer).origin;
const REFUSED = "This passkey does not work here. Try another one, or choose another way.";

/** Somebody who has an account and is signed out. */
async function somebody(name = "Ana"): Promise<Person> {
  const person = new Person(world.site);
  await person.signUp(name);
  await person.signOut();
  return person;
}

/** The sign-in page in somebody's browser, and what a passkey is asked there. */
async function asked(person: Person) {
  const page = await person.browser.open("/sign-in");
  return { page, options: optionsFrom(await person.browser.script(page, "/sign-in/passkey/options", {})) };
}

describe("signing in with a passkey", () => {
  it("goes to the account, in another session and another visit", async () => {
    const ana = await somebody();
    expect(await ana.isIn()).toBe(false);
    await ana.browser.open("/sign-in");
    const visit = ana.browser.cookie("__Host-visit");
    const answer = await ana.signIn();
    expect(answer.body).toEqual({ location: "/console" });
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.getSetCookie().join("\n")).toMatch(
      /__Host-session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax/,
    );
    expect(ana.browser.cookie("__Host-visit")).not.toBe(visit);
    expect(await ana.isIn()).toBe(true);
  });

  it("ends the session that the browser had", async () => {
    const ana = await somebody();
    await ana.signIn();
    const before = ana.browser.cookie("__Host-session") ?? "";
    await ana.browser.open("/account");
    const page = await ana.browser.open("/account/security");
    const options = optionsFrom(await ana.browser.script(page, "/sign-in/passkey/options", {}));
    expectStatus(await ana.browser.script(page, "/sign-in/passkey", await ana.authenticator.use(options)), 200);
    expect(await ana.isIn()).toBe(true);
    const thief = new Person(world.site);
    thief.browser.setCookie("__Host-session", before);
    expect(await thief.isIn()).toBe(false);
  });

  it("goes on to where somebody was sent from, and nowhere else", async () => {
    const ana = await somebody();
    const sent = locationOf(await ana.browser.open("/account/security?notice=renamed"));
    const signIn = sent.replace(world.site.issuer, "");
    expect((await ana.signIn(signIn)).body.location).toBe("/account/security?notice=renamed");
    await ana.signOut();
    for (const odd of ["https://evil.example/", "//evil.example", "x.y", "%00", "a".repeat(9_000)]) {
      const path = `/sign-in?continue=${encodeURIComponent(odd)}`;
      expect((await ana.signIn(path)).body.location, odd).toBe("/console");
      await ana.signOut();
    }
  });

  it("is not asked of whoever is in, unless it has to be again", async () => {
    const ana = await somebody();
    await ana.signIn();
    expect(locationOf(await ana.browser.open("/sign-in"))).toBe("/console");
  });
});

describe("a passkey that is refused", () => {
  it.each([
    ["at another origin", { origin: "https://evil.example" }],
    ["for another host", { rpId: "evil.example" }],
    ["without its person", { isVerified: false }],
    ["for nobody", { userHandle: null }],
    ["for somebody else", { userHandle: "AAAAAAAAAAAAAAAAAAAAAA" }],
    ["as if it were made", { type: "webauthn.create" }],
  ])("was used %s", async (_, falsehood) => {
    const ana = await somebody();
    const answer = await ana.signIn("/sign-in", falsehood);
    expect([answer.status, answer.body.message]).toEqual([400, REFUSED]);
    expect(await ana.isIn()).toBe(false);
  });

  it("is nobody's: the answer is the same as for one that is somebody's", async () => {
    const [ana, stranger] = [await somebody(), new Person(world.site)];
    const page = await stranger.browser.open("/sign-up");
    const options = optionsFrom(await stranger.browser.script(page, "/sign-up/passkey/options", { name: "S" }));
    await stranger.authenticator.create(options);
    const unknown = await stranger.signIn();
    const wrong = await ana.signIn("/sign-in", { isVerified: false });
    expect(unknown.status).toBe(wrong.status);
    expect(unknown.body).toEqual(wrong.body);
  });

  it("is another account's, under whose name it comes", async () => {
    const [ana, mallory] = [await somebody("Ana"), await somebody("Mallory")];
    const [hers, own] = [ana, mallory].map(({ authenticator }) => authenticator.credentials[0]);
    if (hers === undefined || own === undefined) throw new Error("both have a passkey");
    for (const { id, userHandle } of [hers, { ...hers, userHandle: own.userHandle }, { ...hers, id: own.id }]) {
      mallory.authenticator.credentials.push({ ...own, id, userHandle });
      expect((await mallory.signIn()).body.message).toBe(REFUSED);
      expect(await mallory.isIn()).toBe(false);
    }
  });

  it("was used once already", async () => {
    const ana = await somebody();
    const { page, options } = await asked(ana);
    const used = await ana.authenticator.use(options);
    const again = await ana.authenticator.use(options);
    expectStatus(await ana.browser.script(page, "/sign-in/passkey", used), 200);
    const visitBefore = ana.browser.cookie("__Host-visit");
    const inside = await ana.browser.open("/account");
    for (const answer of [used, again]) {
      expect((await ana.browser.script(inside, "/sign-in/passkey", answer)).status).toBe(400);
    }
    expect(ana.browser.cookie("__Host-visit")).toBe(visitBefore);
  });

  it("wins one of many tries at once", async () => {
    const ana = await somebody();
    const { page, options } = await asked(ana);
    const used = await ana.authenticator.use(options);
    const tries = Array.from({ length: 8 }, () => {
      const twin = new Person(world.site);
      twin.browser.setCookie("__Host-visit", ana.browser.cookie("__Host-visit") ?? "");
      return twin.browser.script(page, "/sign-in/passkey", used);
    });
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  });

  it("may be tried so often that no more is told, and still the right one passes", async () => {
    const ana = await somebody();
    const { page, options } = await asked(ana);
    const wrong = await ana.authenticator.use(options, { isVerified: false });
    const statuses: number[] = [];
    for (let made = 0; made <= MAX_FAILURES_PER_SOURCE; made += 1) {
      statuses.push((await ana.browser.script(page, "/sign-in/passkey", wrong)).status);
    }
    expect(statuses.slice(0, 2)).toEqual([400, 400]);
    expect(statuses.at(-1)).toBe(429);
    const right = await ana.authenticator.use(options);
    expect((await ana.browser.script(page, "/sign-in/passkey", right)).status).toBe(200);
  });

  it("was asked for too long ago", async () => {
    const ana = await somebody();
    const { page, options } = await asked(ana);
    const used = await ana.authenticator.use(options);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + PASSKEY_CHALLENGE_LIFETIME_SECONDS * 1_000 });
    const answer = await ana.browser.script(page, "/sign-in/passkey", used);
    vi.useRealTimers();
    expect([answer.status, answer.body.message]).toEqual([400, "That took too long. Try again."]);
  });

  it("was asked for in another browser", async () => {
    const [ana, mallory] = [await somebody(), new Person(world.site)];
    const { options } = await asked(mallory);
    const { page } = await asked(ana);
    const answer = await ana.browser.script(page, "/sign-in/passkey", await ana.authenticator.use(options));
    expect([answer.status, answer.body.message]).toEqual([400, "That took too long. Try again."]);
  });

  it("was asked for to make one", async () => {
    const ana = await somebody();
    const page = await ana.browser.open("/sign-up");
    const options = optionsFrom(await ana.browser.script(page, "/sign-up/passkey/options", { name: "A" }));
    const answer = await ana.browser.script(page, "/sign-in/passkey", await ana.authenticator.use(options));
    expect(answer.status).toBe(400);
  });

  it("may have been copied: its counter went back", async () => {
    const ana = await somebody();
    for (const signCount of [1, 2]) {
      expectStatus(await ana.signIn("/sign-in", { signCount }), 200);
      await ana.signOut();
    }
    const told = await ana.signIn("/sign-in", { signCount: 2 });
    expect(told.status).toBe(400);
    expect(told.body.message).toContain("Somebody may have made a copy of this passkey.");
    expect(await ana.isIn()).toBe(false);
    expectStatus(await ana.signIn("/sign-in", { signCount: 3 }), 200);
  });
});

describe("signing in as somebody else wants it", () => {
  /** What a page of Mallory's can make a victim's browser send. */
  async function forged(headers: Readonly<Record<string, string>>) {
    const [mallory, victim] = [await somebody("Mallory"), new Person(world.site)];
    const { options } = await asked(mallory);
    await victim.browser.open("/sign-in");
    const json = await mallory.authenticator.use(options);
    return { victim, answer: await victim.browser.request("POST", "/sign-in/passkey", { json, headers }) };
  }

  it.each([
    ["from another origin", { Origin: "https://evil.example" }],
    ["from nowhere", {}],
    ["from a frame without an origin", { Origin: "null" }],
    ["without the token of a page", { Origin: ORIGIN }],
    ["with a token made up", { Origin: ORIGIN, "X-CSRF": "A".repeat(43) }],
  ])("does not work %s", async (_, headers) => {
    const { victim, answer } = await forged(headers);
    expect(answer.status).toBe(403);
    expect(victim.browser.cookie("__Host-session")).toBeUndefined();
  });
});

describe("signing out", () => {
  it("ends the session, here and for whoever copied it", async () => {
    const ana = await somebody();
    await ana.signIn();
    const secret = ana.browser.cookie("__Host-session") ?? "";
    const answer = await ana.signOut();
    expect([answer.status, locationOf(answer)]).toEqual([303, "/sign-in?notice=signedOut"]);
    expect(ana.browser.cookie("__Host-session")).toBeUndefined();
    expect((await ana.browser.open("/sign-in?notice=signedOut")).text).toContain("You are signed out.");
    ana.browser.setCookie("__Host-session", secret);
    expect(await ana.isIn()).toBe(false);
  });

  it("is done by no link and no other site", async () => {
    const ana = await somebody();
    await ana.signIn();
    expect((await ana.browser.open("/sign-out")).status).toBe(405);
    const headers = { Origin: "https://evil.example" };
    expect((await ana.browser.request("POST", "/sign-out", { form: {}, headers })).status).toBe(403);
    expect(await ana.isIn()).toBe(true);
  });
});
