import { listDurableObjectIds } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { BrowserLike } from "../../support/server/browser-like.ts";
import type { Answer } from "../../support/server/http-site.ts";
import type { UpstreamProvider } from "../../support/server/upstream-provider.ts";
import { addressOf, UpstreamScene } from "../../support/server/upstream-scene.ts";
import { expectStatus } from "../../support/server/world.ts";
import { configuredWorld } from "../../support/workerd/configured-world.ts";
import { countHops } from "../../support/workerd/hops.ts";
import { freshHost } from "../../support/workerd/key-hosts.ts";
import { storedContent } from "../../support/workerd/stored-content.ts";
import { writeStories } from "../../support/workerd/write-stories.ts";

/** Providers are other hosts, and only a server on https may ask them. */
const world = configuredWorld({ ISSUER: "https://as.example" });
const hosts = new Map<string, UpstreamProvider>();
const attach = (provider: UpstreamProvider) => hosts.set(new URL(provider.issuer).host, provider);

let scene: UpstreamScene;
const opened: UpstreamScene[] = [];

async function openScene(more: object = {}): Promise<UpstreamScene> {
  const made = await UpstreamScene.open(world, freshHost(), attach, more);
  opened.push(made);
  return made;
}

beforeEach(async () => {
  await writeStories(world);
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    const provider = hosts.get(new URL(request.url).host);
    if (provider === undefined) throw new TypeError("Network connection lost");
    return provider.fetch(request);
  });
  vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
  scene = await openScene();
});
afterEach(async () => {
  vi.useRealTimers();
  for (const { id } of opened.splice(0)) await world.admin("DELETE", `/providers/${id}`);
  vi.restoreAllMocks();
});

const someone = () => ({
  sub: `ana-${crypto.randomUUID()}`,
  name: "Ana",
  email: "ana@example.com",
  email_verified: true,
});
const isSignedIn = (browser: BrowserLike) => browser.cookie("__Host-session") !== undefined;
const titleOf = ({ text }: Answer) => (text.match(/<h1>([\s\S]*?)<\/h1>/)?.[1] ?? "").replaceAll(/<[^>]*>/g, "");

/** Whose account the session of a browser is in. */
async function accountOf(browser: BrowserLike): Promise<string> {
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(browser.cookie("__Host-session") ?? ""),
  );
  const hash = new Uint8Array(digest).toBase64({ alphabet: "base64url", omitPadding: true });
  const row = await env.DB.prepare("SELECT account_id FROM sessions WHERE hash = ?")
    .bind(hash)
    .first<{ account_id: string }>();
  if (row === null) throw new Error("nobody is signed in");
  return row.account_id;
}

const countIdentities = async (account: string) => {
  const count = env.DB.prepare("SELECT count(*) AS n FROM identities WHERE account_id = ?").bind(account);
  return (await count.first<{ n: number }>())?.n;
};

const countLedgers = async () => (await listDurableObjectIds(env.OWNER_LEDGER)).length;

/** What the operator reads of a refusal. */
async function eventsOf(answer: Answer): Promise<readonly Record<string, unknown>[]> {
  const id = answer.headers.get("x-request-id");
  const { body } = await world.admin("GET", `/requests/${id}`);
  const stories = body.items as { readonly events: Record<string, unknown>[] }[];
  return stories.flatMap(({ events }) => events);
}

describe("somebody without an account", () => {
  it("is told so, makes one, and is signed in from then on", async () => {
    const [browser, ana] = [scene.browser(), someone()];
    const offered = await scene.visit(browser, ana);
    expect(offered.status).toBe(200);
    expect(titleOf(offered)).toBe("You have no account here yet");
    expect(offered.text).toContain('value="Ana"');
    expect(isSignedIn(browser)).toBe(false);
    const joined = await browser.submit(offered, `/sign-up/with/${scene.id}`);
    expect(joined.status).toBe(303);
    expect(joined.headers.get("location")).toBe("/console");
    const account = await accountOf(browser);
    const another = scene.browser();
    expect((await scene.visit(another, ana)).headers.get("location")).toBe("/console");
    expect(await accountOf(another)).toBe(account);
  });

  it("makes it once, however often the form is sent", async () => {
    const [browser, ana] = [scene.browser(), someone()];
    const offered = await scene.visit(browser, ana);
    const send = () => browser.submit(offered, `/sign-up/with/${scene.id}`);
    const visit = browser.cookie("__Host-visit") ?? "";
    expect((await send()).status).toBe(303);
    browser.setCookie("__Host-visit", visit);
    const ledgers = await countLedgers();
    expect(await send()).toMatchObject({ status: 400, text: expect.stringContaining("cannot be finished here") });
    expect(await countIdentities(await accountOf(browser))).toBe(1);
    expect(await countLedgers()).toBe(ledgers);
  });

  it("gets none by the page of another browser", async () => {
    const [ana, mallory] = [scene.browser(), scene.browser()];
    const offered = await scene.visit(mallory, someone());
    const offer = offered.text.match(/name="offer" value="([^"]*)"/)?.[1] ?? "";
    const forced = await scene.post(ana, `/sign-up/with/${scene.id}`, { offer });
    expect(forced.status).toBe(400);
    expect(isSignedIn(ana)).toBe(false);
  });

  it("gets none by what was sealed for another step", async () => {
    const browser = scene.browser();
    await scene.leave(browser);
    const offer = browser.cookie("__Host-upstream") ?? "";
    expect((await scene.post(browser, `/sign-up/with/${scene.id}`, { offer })).status).toBe(400);
    expect((await scene.post(browser, `/sign-up/with/${scene.id}`, {})).status).toBe(400);
  });

  it("is not taken for anybody by an equal address", async () => {
    const [ana, mallory] = [scene.browser(), scene.browser()];
    await scene.join(ana, someone());
    const other = await openScene();
    const offered = await other.visit(mallory, someone());
    expect(titleOf(offered)).toBe("You have no account here yet");
  });
});

it("another language leads to where one begins, as an answer cannot be asked for again", async () => {
  const browser = scene.browser();
  const pages = [
    await scene.leave(browser),
    await scene.visit(browser, someone()),
    await browser.open("/sign-in/callback"),
  ];
  for (const page of pages) {
    const chosen = await browser.submit(page, "/language", { language: "de" });
    expect(new URL(chosen.headers.get("location") ?? "").pathname).toBe("/sign-in");
  }
});

it("whatever somebody was in the middle of, they go on with it after they came back", async () => {
  const [browser, ana] = [scene.browser(), someone()];
  await scene.join(scene.browser(), ana);
  const continuationOf = async (length: number) => {
    const path = `/account?${"x".repeat(length)}`;
    const stranger = await scene.browser().open(path);
    return { path, continuation: new URL(stranger.headers.get("location") ?? "").searchParams.get("continue") ?? "" };
  };
  for (const length of [10, 3_000, 10_000, 10]) {
    const { path, continuation } = await continuationOf(length);
    expect((await scene.visit(browser, ana, { continue: continuation })).headers.get("location"), `${length}`).toBe(
      path,
    );
    expect(browser.cookie("__Host-upstream-1")).toBeUndefined();
  }
  // One that was begun before, and was longer, is not read on.
  await scene.leave(browser, { continue: (await continuationOf(10_000)).continuation });
  expect(browser.cookie("__Host-upstream-2")).toBeDefined();
  const { path, continuation } = await continuationOf(10);
  expect((await scene.visit(browser, ana, { continue: continuation })).headers.get("location")).toBe(path);
});

describe("somebody who is sent to a provider", () => {
  it("goes by a page that leads on by itself, and asks nothing of our policy", async () => {
    const onTheWay = await scene.leave(scene.browser());
    expect(addressOf(onTheWay)).toMatch(new RegExp(`^${scene.provider.issuer}/authorize\\?`));
    expect(onTheWay.headers.get("content-security-policy")).toContain("form-action 'self';");
    expect(onTheWay.headers.get("set-cookie")).toMatch(
      /__Host-upstream=[^;]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax/,
    );
  });

  it("goes only by a form of ours", async () => {
    const browser = scene.browser();
    await browser.open("/nothing");
    const path = `/sign-in/with/${scene.id}`;
    expect((await browser.open(path)).status).toBe(405);
    const foreign = await browser.request("POST", path, { form: {}, headers: { Origin: "https://evil.example" } });
    expect(foreign.status).toBe(403);
    expect(browser.cookie("__Host-upstream")).toBeUndefined();
  });

  it("is told where the provider cannot be reached, is gone, or was never there", async () => {
    const browser = scene.browser();
    const away = await UpstreamScene.open(world, freshHost(), () => undefined);
    opened.push(away);
    expect(titleOf(await away.leave(browser))).toBe("Lakeside ID cannot be reached right now");
    await world.admin("DELETE", `/providers/${away.id}`);
    expect(titleOf(await away.leave(browser))).toBe("You cannot sign in that way any more");
    expect(titleOf(await scene.post(browser, "/sign-in/with/nobody"))).toBe("You cannot sign in that way any more");
  });
});

it("a sign-in asks storage four times", async () => {
  const [browser, ana] = [scene.browser(), someone()];
  await scene.join(scene.browser(), ana);
  const path = await scene.signInThere(await scene.leave(browser), ana);
  // The guard that the answer was not brought before, the account, what was said of it, and the session.
  expect(await countHops(() => browser.open(path))).toEqual(["replay-guard", "d1", "d1", "d1"]);
});

describe("a session begins", () => {
  it("as a new one, in a new visit, whatever the browser had before", async () => {
    const [browser, ana] = [scene.browser(), someone()];
    await scene.join(browser, ana);
    const session = browser.cookie("__Host-session") ?? "";
    const visit = browser.cookie("__Host-visit");
    await scene.visit(browser, ana);
    expect(browser.cookie("__Host-session")).not.toBe(session);
    expect(browser.cookie("__Host-visit")).not.toBe(visit);
    expect(browser.cookie("__Host-upstream")).toBeUndefined();
    const fixed = scene.browser();
    fixed.setCookie("__Host-session", session);
    expect(await accountOf(fixed).catch(() => null)).toBeNull();
  });

  it("is as old as the sign-in at the provider, and of unknown age where that is not told", async () => {
    const ana = someone();
    await scene.join(scene.browser(), ana);
    const ageOf = async (browser: BrowserLike) => {
      const find =
        "SELECT authenticated_at FROM sessions WHERE account_id = ? ORDER BY created_at DESC, authenticated_at LIMIT 1";
      const account = await accountOf(browser);
      return (await env.DB.prepare(find).bind(account).first<{ authenticated_at: number }>())?.authenticated_at;
    };
    const anHourAgo = Math.floor(Date.now() / 1_000) - 3_600;
    scene.provider.twists = { authenticatedAt: anHourAgo };
    const old = scene.browser();
    await scene.visit(old, ana);
    expect(await ageOf(old)).toBe(anHourAgo);
    scene.provider.twists = { claims: ({ auth_time: _untold, ...honest }) => honest };
    const unknown = scene.browser();
    await scene.visit(unknown, ana);
    expect(await ageOf(unknown)).toBe(0);
  });
});

describe("somebody whose provider does not say when they signed in there", () => {
  it("adds another way in while their account is new, and needs one for that later on", async () => {
    const other = await openScene();
    const [browser, ana] = [scene.browser(), someone()];
    scene.provider.twists = { claims: ({ auth_time: _untold, ...honest }) => honest };
    await scene.join(browser, ana);
    expect((await other.link(browser, ana)).headers.get("location")).toBe("/account/security?notice=linked");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 601_000 });
    await scene.visit(browser, ana);
    const late = await scene.post(browser, "/account/security/linked", { provider: other.id });
    expect(late.headers.get("location")).toMatch(/\/sign-in\?continue=/);
  });
});

it("a provider whose clock is a little behind signs in those who have to do so again", async () => {
  const [browser, ana] = [scene.browser(), someone()];
  await scene.join(browser, ana);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 601_000 });
  const late = await scene.post(browser, "/account/security/linked", { provider: scene.id });
  const next = new URL(late.headers.get("location") ?? "").searchParams.get("continue") ?? "";
  scene.provider.twists = { authenticatedAt: Math.floor(Date.now() / 1_000) - 620 };
  await scene.visit(browser, ana, { continue: next });
  const page = expectStatus(await browser.open(`/sign-in?continue=${encodeURIComponent(next)}`), 303);
  expect(page.headers.get("location")).toBe("/account/security");
});

describe("nobody is signed in by an answer", () => {
  it("that another browser was sent away for (login CSRF, stolen state)", async () => {
    const [ana, mallory] = [scene.browser(), scene.browser()];
    const path = await scene.signInThere(await scene.leave(mallory), someone());
    expect((await ana.open(path)).status).toBe(400);
    await scene.leave(ana);
    expect((await ana.open(path)).status).toBe(400);
    ana.setCookie("__Host-upstream", mallory.cookie("__Host-upstream") ?? "");
    expect(titleOf(await ana.open(path))).toBe("That sign-in cannot be finished here");
    expect(isSignedIn(ana)).toBe(false);
  });

  it("that was brought before, even where the provider gives another token for it", async () => {
    const [browser, ana] = [scene.browser(), someone()];
    await scene.join(scene.browser(), ana);
    const path = await scene.signInThere(await scene.leave(browser), ana);
    const cookies = ["__Host-upstream", "__Host-visit"].map((name) => [name, browser.cookie(name) ?? ""] as const);
    expect((await browser.open(path)).status).toBe(303);
    const session = browser.cookie("__Host-session");
    for (const [name, value] of cookies) browser.setCookie(name, value);
    expect((await browser.open(path)).status).toBe(400);
    const { nonce } = scene.provider.asked;
    const again = await scene.provider.sign({
      ...ana,
      iss: scene.provider.issuer,
      aud: "usher",
      nonce: String(nonce),
      iat: Math.floor(Date.now() / 1_000),
      exp: Math.floor(Date.now() / 1_000) + 60,
    });
    const token = () => Response.json({ access_token: "x", token_type: "Bearer", id_token: again });
    scene.provider.twists = { endpoints: { "/token": token } };
    for (const [name, value] of cookies) browser.setCookie(name, value);
    expect(titleOf(await browser.open(path))).toBe("That sign-in cannot be finished here");
    expect(browser.cookie("__Host-session")).toBe(session);
  });

  it("after its time", async () => {
    const [browser, ana] = [scene.browser(), someone()];
    const path = await scene.signInThere(await scene.leave(browser), ana);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 601_000 });
    expect(titleOf(await browser.open(path))).toBe("That sign-in cannot be finished here");
  });

  it("of another provider than the one it was sent to (mix-up)", async () => {
    const [browser, evil] = [scene.browser(), await openScene({ name: "Evil ID" })];
    const onTheWay = await evil.leave(browser);
    const { searchParams } = new URL(addressOf(onTheWay));
    // The evil provider sends the browser on to the honest one, with a challenge and a state that it saw.
    const honest = new URL(`${scene.provider.issuer}/authorize`);
    honest.search = searchParams.toString();
    const back = await scene.provider.signIn(honest.href, someone());
    const asked: string[] = [];
    evil.provider.twists = {
      endpoints: {
        "/token": () => {
          asked.push("token");
          return Response.json({ error: "invalid_grant" }, { status: 400 });
        },
      },
    };
    const answer = await browser.open(back.href.slice(world.site.issuer.length));
    expect(answer.status).toBe(400);
    // The code of the honest provider never reached the evil one.
    expect(asked).toEqual([]);
    expect(await eventsOf(answer)).toContainEqual(
      expect.objectContaining({ event: "upstream_failed", provider_id: evil.id, fault: "answer" }),
    );
  });

  it("of a provider that was removed or switched off meanwhile", async () => {
    const ana = someone();
    await scene.join(scene.browser(), ana);
    const [one, other] = [scene.browser(), scene.browser()];
    const paths = await Promise.all(
      [one, other].map(async (browser) => scene.signInThere(await scene.leave(browser), ana)),
    );
    const entry = (await world.admin("GET", `/providers/${scene.id}`)).body;
    const { id: _id, redirect_uri: _uri, ...registration } = entry;
    await world.admin("PUT", `/providers/${scene.id}`, { ...registration, enabled: false });
    expect(titleOf(await one.open(paths[0] ?? ""))).toBe("You cannot sign in that way any more");
    await world.admin("DELETE", `/providers/${scene.id}`);
    expect(titleOf(await other.open(paths[1] ?? ""))).toBe("You cannot sign in that way any more");
    expect([isSignedIn(one), isSignedIn(other)]).toEqual([false, false]);
  });

  it.each<[string, object, Partial<UpstreamProvider["twists"]>, string]>([
    ["of a level that is too low", { acr_values: ["high"] }, { acr: "low" }, "is not secure enough here"],
    [
      "that says no",
      {},
      { answer: (back) => back.set("error", "access_denied") },
      "You did not sign in with Lakeside ID",
    ],
    ["whose token is somebody else's", {}, { claims: (honest) => ({ ...honest, aud: "another" }) }, "did not work"],
  ])("%s, and is told so", async (_, entry, twists, words) => {
    const [browser, place] = [scene.browser(), await openScene(entry)];
    place.provider.twists = twists;
    const answer = await place.visit(browser, someone());
    expect(answer.status).toBe(400);
    expect(titleOf(answer)).toContain(words);
    expect(isSignedIn(browser)).toBe(false);
    expect(await eventsOf(answer)).toContainEqual(
      expect.objectContaining({ event: "upstream_failed", provider_id: place.id }),
    );
  });

  it("of which many came to nothing, whatever the next one holds; and the provider is left alone", async () => {
    const [mallory, ana] = [scene.browser(), someone()];
    await scene.join(scene.browser(), ana);
    const headers = { "CF-Connecting-IP": `192.0.2.${Math.floor(Math.random() * 250)}` };
    const path = await scene.signInThere(await scene.leave(mallory), ana);
    const junk = path.replace(/code=[^&]*/, "code=junk");
    let asked = 0;
    const token = () => {
      asked += 1;
      return Response.json({ error: "invalid_grant" }, { status: 400 });
    };
    scene.provider.twists = { endpoints: { "/token": token } };
    for (let tries = 0; tries < 70; tries += 1) {
      // What came to nothing is forgotten by the browser, which its person can undo.
      const flow = mallory.cookie("__Host-upstream") ?? "";
      await mallory.request("GET", junk, { headers });
      mallory.setCookie("__Host-upstream", flow);
    }
    expect(asked).toBe(60);
    scene.provider.twists = {};
    const answer = await mallory.request("GET", path, { headers });
    expect(answer.status).toBe(429);
    const elsewhere = { headers: { "CF-Connecting-IP": "198.51.100.7" } };
    expect((await mallory.request("GET", path, elsewhere)).status).toBe(303);
  });

  it("that nobody was sent away for, and what somebody is in the middle of goes on", async () => {
    const [browser, ana] = [scene.browser(), someone()];
    const path = await scene.signInThere(await scene.leave(browser), ana);
    for (const junk of ["", "?state=x&code=y", "?error=access_denied", `?${"x".repeat(8_000)}`]) {
      expect((await browser.open(`/sign-in/callback${junk}`)).status).toBe(400);
    }
    expect(titleOf(await browser.open(path))).toBe("You have no account here yet");
  });
});

describe("somebody who is signed in links what they are at a provider", () => {
  it("by signing in there, and both sign them in from then on", async () => {
    const other = await openScene();
    const [browser, ana] = [scene.browser(), someone()];
    await scene.join(browser, ana);
    const account = await accountOf(browser);
    const linked = await other.link(browser, ana);
    expect(linked.headers.get("location")).toBe("/account/security?notice=linked");
    expect(await countIdentities(account)).toBe(2);
    const another = scene.browser();
    await other.visit(another, ana);
    expect(await accountOf(another)).toBe(account);
    expect((await other.link(browser, ana)).headers.get("location")).toBe("/account/security?notice=linked");
    expect(await countIdentities(account)).toBe(2);
  });

  it("and never by signing in alone", async () => {
    const other = await openScene();
    const [browser, ana] = [scene.browser(), someone()];
    await scene.join(browser, ana);
    const answer = await other.visit(browser, ana);
    expect(titleOf(answer)).toBe("Your account here is not linked with Lakeside ID");
    expect(await countIdentities(await accountOf(browser))).toBe(1);
  });

  it("and takes nothing that is linked to somebody else", async () => {
    const other = await openScene();
    const [ana, bob] = [scene.browser(), scene.browser()];
    const [atOther, atScene] = [someone(), someone()];
    await other.join(ana, atOther);
    await scene.join(bob, atScene);
    const answer = await other.link(bob, atOther);
    expect(titleOf(answer)).toBe("What you are at Lakeside ID is linked to another account here");
    expect(await countIdentities(await accountOf(bob))).toBe(1);
    expect(await countIdentities(await accountOf(ana))).toBe(1);
  });

  it("and not to an account that somebody else began in this browser", async () => {
    const other = await openScene();
    const [browser, ana, bob] = [scene.browser(), someone(), someone()];
    await scene.join(scene.browser(), bob);
    await scene.join(browser, ana);
    const onTheWay = await other.post(browser, "/account/security/linked", { provider: other.id });
    const path = await other.signInThere(onTheWay, someone());
    const [flow, visit] = ["__Host-upstream", "__Host-visit"].map((name) => browser.cookie(name) ?? "");
    await scene.visit(browser, bob);
    browser.setCookie("__Host-upstream", flow ?? "");
    expect((await browser.open(path)).status).toBe(400);
    browser.setCookie("__Host-upstream", flow ?? "");
    browser.setCookie("__Host-visit", visit ?? "");
    const retried = await other.signInThere(onTheWay, someone());
    expect(titleOf(await browser.open(retried))).toBe("You are no longer signed in as who you were");
    expect(await countIdentities(await accountOf(browser))).toBe(1);
  });

  it("after a recent sign-in, and not without", async () => {
    const [browser, ana] = [scene.browser(), someone()];
    const wish = { provider: scene.id };
    const stranger = await scene.post(browser, "/account/security/linked", wish);
    expect(stranger.headers.get("location")).toMatch(/\/sign-in\?continue=/);
    await scene.join(browser, ana);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 601_000 });
    const late = await scene.post(browser, "/account/security/linked", wish);
    expect(late.headers.get("location")).toMatch(/\/sign-in\?continue=/);
    const remove = await scene.post(browser, "/account/security/linked/remove", { id: "x" });
    expect(remove.headers.get("location")).toMatch(/\/sign-in\?continue=/);
    // The sign-in that is asked for again is one at this very provider, which has to be recent, too.
    const next = new URL(late.headers.get("location") ?? "").searchParams.get("continue") ?? "";
    scene.provider.twists = { authenticatedAt: Math.floor(Date.now() / 1_000) - 700 };
    const stale = await scene.visit(browser, ana, { continue: next });
    expect(titleOf(stale)).toBe("Lakeside ID did not ask you again who you are");
    expect(Number(scene.provider.asked.max_age)).toBe(600);
    scene.provider.twists = {};
    const fresh = await scene.visit(browser, ana, { continue: next });
    expect(fresh.headers.get("location")).toBe("/account/security");
  });

  it("as many as there is room for", async () => {
    const [browser, ana] = [scene.browser(), someone()];
    await scene.join(browser, ana);
    const insert = env.DB.prepare("INSERT INTO identities VALUES (?1, ?2, 'p', 'sealed', 0, 0)");
    const account = await accountOf(browser);
    const others = Array.from({ length: 19 }, () => insert.bind(crypto.randomUUID(), account));
    await env.DB.batch(others);
    const other = await openScene();
    expect(titleOf(await other.link(browser, ana))).toBe("There is no room for another linked account");
  });
});

describe("somebody unlinks what they are at a provider", () => {
  const identitiesOf = async (account: string) => {
    const find = env.DB.prepare("SELECT id FROM identities WHERE account_id = ?").bind(account);
    return (await find.all<{ id: string }>()).results.map(({ id }) => id);
  };

  it("and is a stranger there from then on; but not the last way in", async () => {
    const other = await openScene();
    const [browser, ana] = [scene.browser(), someone()];
    await scene.join(browser, ana);
    const account = await accountOf(browser);
    const [first = ""] = await identitiesOf(account);
    const unlink = (id: string) => scene.post(browser, "/account/security/linked/remove", { id });
    expect((await unlink(first)).headers.get("location")).toBe("/account/security?error=lastWayIn");
    await other.link(browser, ana);
    expect((await unlink(first)).headers.get("location")).toBe("/account/security?notice=unlinked");
    expect(titleOf(await scene.visit(scene.browser(), ana))).toBe("You have no account here yet");
    expect(await countIdentities(account)).toBe(1);
  });

  it("and nobody else's", async () => {
    const other = await openScene();
    const [ana, bob] = [scene.browser(), scene.browser()];
    await scene.join(ana, someone());
    await scene.join(bob, someone());
    await other.link(bob, someone());
    await other.link(ana, someone());
    const [target = ""] = await identitiesOf(await accountOf(ana));
    expect((await scene.post(bob, "/account/security/linked/remove", { id: target })).status).toBe(303);
    expect(await countIdentities(await accountOf(ana))).toBe(2);
  });
});

it("our keys as a client are at one address, which a provider can be told before", async () => {
  await openScene({ signed_requests: true });
  const answer = await world.send("GET", "/sign-in/jwks");
  expect(answer.body).toMatchObject({
    keys: expect.arrayContaining([expect.objectContaining({ use: "sig", alg: "ES256" })]),
  });
  expect(answer.text).not.toContain('"d"');
  expect(answer.headers.get("cache-control")).toBe("public, max-age=300");
  expect((await world.send("POST", "/sign-in/jwks")).status).toBe(405);
});

it("nothing that a provider said of somebody is kept in the clear, nor what they are called there", async () => {
  const [browser, ana] = [scene.browser(), { ...someone(), role: `role-${crypto.randomUUID()}` }];
  await scene.join(browser, ana);
  const stored = await storedContent();
  for (const secret of [ana.sub, ana.role, browser.cookie("__Host-session") ?? ""])
    expect(stored).not.toContain(secret);
});
