import { afterEach, describe, expect, it, vi } from "vitest";
import { parseMarkup } from "../../support/pure/markup.ts";
import { BrowserLike } from "../../support/server/browser-like.ts";
import { CodeApp, locationOf } from "../../support/server/code-app.ts";
import { SelfRegistered } from "../../support/server/self-registered.ts";
import { expectStatus } from "../../support/server/world.ts";
import { configuredWorld } from "../../support/workerd/configured-world.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { Resident } from "../../support/workerd/resident.ts";

const world = localWorld();
const ELSEWHERE = "https://elsewhere.example/out";
const OUT = "https://photos.example/out";

afterEach(() => {
  vi.useRealTimers();
});

/** Somebody who has signed in to an app, and what the app sends them here with. */
async function given() {
  const [app, person] = [await CodeApp.register(world, { post_logout_redirect_uris: [OUT] }), await Resident.settle()];
  const browser = await person.browse(world.site);
  const body = await app.connect(browser, { scope: "openid" });
  const said = { id_token_hint: String(body.id_token), post_logout_redirect_uri: OUT, state: "a b&c" };
  return { app, browser, said };
}

const logout = (browser: BrowserLike, said: Readonly<Record<string, string>>) =>
  browser.open(`/logout?${new URLSearchParams(said)}`);

/** What the question says of where its answer leads. */
const goesBackTo = (page: string) =>
  parseMarkup(page)
    .first("main")
    .first("form")
    .all("p")
    .map(({ text }) => text);

const isIn = async (browser: BrowserLike) => (await browser.open("/account")).status === 200;

describe("whoever an app sends here to sign out", () => {
  it("is asked, signed out, and sent back with the state", async () => {
    const { browser, said } = await given();
    const page = expectStatus(await logout(browser, said), 200);
    expect(page.text).toContain("Sign out here as well?");
    expect(goesBackTo(page.text)).toEqual(["Once you are signed out, you go back to photos.example."]);
    expect(page.headers.get("content-security-policy")).toContain("form-action 'self' https:;");
    expect(await isIn(browser)).toBe(true);
    const back = locationOf(await browser.submit(page, "/logout/confirmed"));
    expect([back.origin + back.pathname, back.searchParams.get("state")]).toEqual([OUT, "a b&c"]);
    expect(await isIn(browser)).toBe(false);
  });

  it("may be sent with a form, which leads to the question", async () => {
    const { browser, said } = await given();
    const sent = await browser.request("POST", "/logout", {
      form: said,
      headers: { Origin: "https://photos.example" },
    });
    const page = expectStatus(await browser.open(sent.headers.get("location") ?? ""), 200);
    expect(await isIn(browser)).toBe(true);
    expect(locationOf(await browser.submit(page, "/logout/confirmed")).href).toContain(OUT);
    expect(await isIn(browser)).toBe(false);
  });

  it("is known by an ID Token also after that has expired, or by the client id alone", async () => {
    const { app, browser, said } = await given();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 7_200_000 });
    expect((await logout(browser, said)).status).toBe(200);
    const { id_token_hint: _, ...rest } = said;
    const page = expectStatus(await logout(browser, { ...rest, client_id: app.client.id }), 200);
    expect(locationOf(await browser.submit(page, "/logout/confirmed")).searchParams.get("state")).toBe("a b&c");
  });

  it("goes straight back where nobody is signed in, and ends here where the app says nothing", async () => {
    const { browser, said } = await given();
    const page = await browser.open("/logout");
    expect(goesBackTo(page.text)).toEqual([]);
    const end = await browser.submit(page, "/logout/confirmed");
    expect(end.headers.get("location")).toContain("/sign-in?notice=signedOut");
    expect(locationOf(await logout(browser, said)).href).toContain(OUT);
  });

  it("is asked also where nobody is signed in, if nobody vouches for the app: its registration is no link to anywhere", async () => {
    const metadata = { redirect_uris: ["https://elsewhere.example/cb"], post_logout_redirect_uris: [ELSEWHERE] };
    const { client } = await SelfRegistered.register(configuredWorld({ CLIENT_REGISTRATION: "open" }), metadata);
    const said = { client_id: client.id, post_logout_redirect_uri: ELSEWHERE };
    const browser = new BrowserLike(world.site);
    const page = expectStatus(await logout(browser, said), 200);
    expect(page.headers.get("location")).toBeNull();
    expect(goesBackTo(page.text)).toEqual(["Once you are signed out, you go back to elsewhere.example."]);
    expect(locationOf(await browser.submit(page, "/logout/confirmed")).href).toBe(ELSEWHERE);
  });

  it("is sent nowhere that the app has not registered for that", async () => {
    const { app, browser, said } = await given();
    const other = await CodeApp.register(world, { post_logout_redirect_uris: ["https://other.example/out"] });
    const { id_token_hint: hint, post_logout_redirect_uri: uri } = said;
    const wrong: readonly Readonly<Record<string, string>>[] = [
      { post_logout_redirect_uri: uri },
      { id_token_hint: hint, post_logout_redirect_uri: "https://evil.example/" },
      { id_token_hint: hint, post_logout_redirect_uri: "https://photos.example/cb" },
      { client_id: other.client.id, post_logout_redirect_uri: uri },
      { client_id: "nobody", post_logout_redirect_uri: uri },
      { id_token_hint: hint, client_id: other.client.id, post_logout_redirect_uri: uri },
      { id_token_hint: `${hint}x`, client_id: app.client.id, post_logout_redirect_uri: uri },
    ];
    for (const one of wrong) {
      const { status, headers } = await logout(browser, one);
      expect([status, headers.get("location")], JSON.stringify(one)).toEqual([400, null]);
    }
    const page = await logout(browser, {
      id_token_hint: hint ?? "",
      post_logout_redirect_uri: "https://evil.example/",
    });
    expect(page.text).toContain("<h1>The app that sent you here gave an address that it has not registered.</h1>");
    expect(await isIn(browser)).toBe(true);
  });

  it("is signed out by no form that was changed on the way to somewhere else", async () => {
    const { browser, said } = await given();
    const page = await logout(browser, said);
    const answer = await browser.submit(page, "/logout/confirmed", {
      post_logout_redirect_uri: "https://evil.example/",
    });
    expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
    expect(await isIn(browser)).toBe(true);
  });
});
