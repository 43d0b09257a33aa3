import { describe, expect, it } from "vitest";
import { localWorld } from "../../support/workerd/local-world.ts";

const world = localWorld();
const ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const browse = (method: string, path: string, headers: Record<string, string> = {}) =>
  world.send(method, path, { headers: { Accept: ACCEPT, ...headers } });

describe("who browses to where nothing is", () => {
  it("reads what happened, what to do, and what to quote", async () => {
    const { status, headers, text } = await browse("GET", "/nothing", { "X-Request-ID": "quote-me-123" });
    expect([status, headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"]);
    expect(text).toMatch(/^<!doctype html>\n<html lang="en" dir="ltr">/);
    expect(text).toContain("<h1>There is nothing here.</h1>");
    expect(text).toContain('<bdi class="name">quote-me-123</bdi>');
  });

  it("gets a page that runs and fetches only ours, and that nobody keeps or frames", async () => {
    const { headers, text } = await browse("GET", "/nothing");
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("referrer-policy")).toBe("same-origin");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("permissions-policy")).toContain("camera=()");
    expect(headers.get("access-control-allow-origin")).toBeNull();
    expect(text).not.toMatch(/<script(?! src)|<style|style=|\son\w+=/);
  });

  it("is answered in the language of the browser", async () => {
    const { text } = await browse("GET", "/nothing", { "Accept-Language": "fr, de-AT;q=0.8, en;q=0.5" });
    expect(text).toContain('<html lang="de" dir="ltr">');
  });
});

describe("programs", () => {
  it("keep their JSON", async () => {
    for (const [method, path, status] of [
      ["POST", "/token", 400],
      ["GET", "/permission", 405],
      ["GET", "/resources", 401],
    ] as const) {
      expect(await browse(method, path)).toMatchObject({ status, body: { error: expect.any(String) } });
    }
  });

  it("read in JSON what a page would say", async () => {
    const answer = await world.send("POST", "/language", { json: {}, headers: { Accept: "application/json" } });
    expect(answer).toMatchObject({ status: 403, body: { error: "invalid_request", message: /^This page was open/ } });
  });
});

it("a method that a page does not take is told on a page", async () => {
  const { status, headers, text } = await browse("PUT", "/language");
  expect([status, headers.get("allow")]).toEqual([405, "POST"]);
  expect(text).toContain("<h1>");
});

describe("what went wrong has words of its own", () => {
  it.each([
    ["an app that nobody registered", "/authorize?client_id=unknown", "We do not know the app that sent you here."],
    ["an authorization that is over", "/authorize/consent?at=old", "This link has expired."],
  ])("for %s", async (_, path, title) => {
    const { status, text } = await browse("GET", path);
    expect([status, text.match(/<h1>([^<]*)/)?.[1]]).toEqual([400, title]);
  });
});
