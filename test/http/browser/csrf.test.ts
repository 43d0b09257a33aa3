import { describe, expect, it } from "vitest";
import { BrowserLike } from "../../support/server/browser-like.ts";
import { localWorld } from "../../support/workerd/local-world.ts";

const { site } = localWorld();
const ORIGIN = new URL(site.issuer).origin;

/** A browser with a page open, and what its form would send. */
async function openForm() {
  const browser = new BrowserLike(site);
  const page = await browser.open("/nothing");
  const csrf = page.text.match(/name="csrf" value="([^"]*)"/)?.[1] ?? "";
  const send = (form: Record<string, string>, headers: Record<string, string>) =>
    browser.request("POST", "/language", { form: { language: "de", return: "/", ...form }, headers });
  return { browser, csrf, send };
}

describe("a form", () => {
  it("is taken from the browser that it was made for", async () => {
    const { csrf, send } = await openForm();
    expect((await send({ csrf }, { Origin: ORIGIN })).status).toBe(303);
  });

  it.each([
    ["another origin", { Origin: "https://evil.example" }],
    ["a sandboxed page", { Origin: "null" }],
    ["nobody says where", {}],
    ["the same host by another scheme", { Origin: ORIGIN.replace("http:", "https:") }],
  ])("is not taken from %s, though it holds the right token", async (_, headers) => {
    const { csrf, send } = await openForm();
    const answer = await send({ csrf }, headers);
    expect(answer.status).toBe(403);
    expect(answer.text).toContain("<h1>This page was open for too long.</h1>");
  });

  it("is not taken without the token, with another browser's, or with part of it", async () => {
    const [{ csrf, send }, other] = [await openForm(), await openForm()];
    for (const wrong of [{}, { csrf: other.csrf }, { csrf: csrf.slice(0, -1) }, { csrf: `${csrf}x` }]) {
      expect((await send(wrong, { Origin: ORIGIN })).status).toBe(403);
    }
  });

  it("is not taken from a browser that began another visit", async () => {
    const { browser, csrf, send } = await openForm();
    browser.setCookie("__Host-visit", "AAAAAAAAAAAAAAAAAAAAAA");
    expect((await send({ csrf }, { Origin: ORIGIN })).status).toBe(403);
  });
});

describe("a visit", () => {
  it("begins with the first page, in a cookie that scripts and other hosts cannot reach", async () => {
    const page = await new BrowserLike(site).open("/nothing");
    expect(page.headers.get("set-cookie")).toMatch(/^__Host-visit=[\w-]{22}; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  });

  it("is not ended by what a page of another origin sends, with which there comes no cookie", async () => {
    const stranger = new BrowserLike(site);
    const headers = { Origin: "https://evil.example" };
    const answer = await stranger.request("POST", "/language", { form: { language: "de", return: "/" }, headers });
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([403, []]);
  });

  it("goes on, and begins anew where the cookie is none of ours", async () => {
    const browser = new BrowserLike(site);
    await browser.open("/nothing");
    expect((await browser.open("/nothing")).headers.get("set-cookie")).toBeNull();
    for (const odd of ["", "short", "x".repeat(4_000), "AAAAAAAAAAAAAAAAAAAAA=", "%00"]) {
      browser.setCookie("__Host-visit", odd);
      expect((await browser.open("/nothing")).headers.get("set-cookie"), odd).toMatch(/^__Host-visit=/);
    }
  });
});
