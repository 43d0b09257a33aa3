import { describe, expect, it } from "vitest";
import { BrowserLike } from "../../support/server/browser-like.ts";
import { localWorld } from "../../support/workerd/local-world.ts";

const { site } = localWorld();
const languageOf = ({ text }: { readonly text: string }) => text.match(/<html lang="(\w+)"/)?.[1];

describe("the language of a page", () => {
  it.each([
    [undefined, "en"],
    ["de", "de"],
    ["de-CH, en;q=0.9", "de"],
    ["en;q=0.5, de;q=0.9", "de"],
    ["de;q=0, *", "en"],
    ["fr, it", "en"],
    ["DE", "de"],
    ["de;q=nonsense", "de"],
    [",;;=,".repeat(1_000), "en"],
  ])("is what the browser asks for: %j is %s", async (asked, language) => {
    const browser = new BrowserLike(site, asked === undefined ? {} : { "Accept-Language": asked });
    expect(languageOf(await browser.open("/nothing"))).toBe(language);
  });

  it("is what the app asks for, on this page and those that follow", async () => {
    const browser = new BrowserLike(site, { "Accept-Language": "en" });
    expect(languageOf(await browser.open("/nothing?ui_locales=fr+de-AT"))).toBe("de");
    expect(languageOf(await browser.open("/nothing"))).toBe("de");
  });

  it("is what was chosen at the foot of a page, which then comes again", async () => {
    const browser = new BrowserLike(site, { "Accept-Language": "en" });
    const page = await browser.open("/nothing?ui_locales=en&a=1%262");
    const chosen = await browser.submit(page, "/language", { language: "de" });
    expect([chosen.status, chosen.headers.get("location")]).toEqual([303, `${site.issuer}/nothing?a=1%262`]);
    expect(chosen.headers.get("set-cookie")).toMatch(
      /^__Host-language=de; Max-Age=31536000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(languageOf(await browser.follow("/nothing?a=1%262"))).toBe("de");
  });

  it("is none that we do not speak", async () => {
    const browser = new BrowserLike(site);
    const page = await browser.open("/nothing");
    expect((await browser.submit(page, "/language", { language: "xx" })).status).toBe(400);
  });

  it.each([
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "javascript:alert(1)",
    "\thttps://evil.example",
  ])("sends nobody elsewhere: %j", async (target) => {
    const browser = new BrowserLike(site);
    const page = await browser.open("/nothing");
    const answer = await browser.submit(page, "/language", { language: "de", return: target });
    expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
  });

  it.each(["/.//evil.example/", "/nothing/..//evil.example/", `${site.issuer}//evil.example/`])(
    "takes no path for a host: %j",
    async (target) => {
      const browser = new BrowserLike(site);
      const page = await browser.open("/nothing");
      const answer = await browser.submit(page, "/language", { language: "de", return: target });
      expect(new URL(answer.headers.get("location") ?? "", site.issuer).origin).toBe(new URL(site.issuer).origin);
    },
  );
});
