import { describe, expect, it } from "vitest";
import { staticFilesBelow } from "../../../src/http/browser/static-files.ts";
import { configuredWorld } from "../../support/workerd/configured-world.ts";
import { localWorld } from "../../support/workerd/local-world.ts";

const world = localWorld();
const files = staticFilesBelow("");

describe("what a page loads", () => {
  it.each([
    [files.style, "text/css; charset=utf-8", "--ink"],
    [files.icon, "image/svg+xml", "<svg"],
    [files.webauthn, "text/javascript; charset=utf-8", "SimpleWebAuthnBrowser"],
    [files.passkey, "text/javascript; charset=utf-8", "SimpleWebAuthnBrowser"],
    [files.copy, "text/javascript; charset=utf-8", "clipboard"],
  ])("is there, to be kept for ever: %s", async (href, type, content) => {
    const { status, headers, text } = await world.send("GET", href);
    expect([status, headers.get("content-type")]).toEqual([200, type]);
    expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("access-control-allow-origin")).toBeNull();
    expect(text).toContain(content);
  });

  it("is asked for anew by a page of another version", async () => {
    const { status, headers } = await world.send("GET", "/static/style.css?v=older");
    expect([status, headers.get("cache-control")]).toEqual([200, "no-cache"]);
  });

  it("is not sent twice", async () => {
    const etag = (await world.send("GET", files.style)).headers.get("etag") ?? "";
    const again = await world.send("GET", files.style, { headers: { "If-None-Match": etag } });
    expect([again.status, again.text]).toEqual([304, ""]);
  });

  it("is nothing else", async () => {
    expect((await world.send("GET", "/static/secrets.js")).status).toBe(404);
    expect((await world.send("POST", "/static/style.css", { form: {} })).status).toBe(405);
  });

  it("is below the issuer's path", async () => {
    const below = configuredWorld({ ISSUER: "https://as.example/t1" });
    const { style } = staticFilesBelow("/t1");
    expect((await below.send("GET", `https://as.example${style}`)).status).toBe(200);
  });
});
