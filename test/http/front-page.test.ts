import { describe, expect, it } from "vitest";
import { version } from "../../package.json";
import { parseMarkup } from "../support/pure/markup.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const open = (accept: string | null, from = world) =>
  from.send("GET", "/", { headers: accept === null ? {} : { Accept: accept } });

describe("whoever opens the server's own address", () => {
  it.each([
    ["nobody says", null, "application/json"],
    ["curl", "*/*", "application/json"],
    ["a program", "application/json", "application/json"],
    ["a program with second thoughts", "text/html;q=0.5, application/json", "application/json"],
    ["a browser", BROWSER, "text/html"],
    ["a person without JSON", "application/json;q=0, text/html", "text/html"],
    ["an image loader", "image/webp,*/*;q=0.8", "application/json"],
  ])("is answered in what is understood: %s", async (_, accept, type) => {
    const answer = await open(accept);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(type);
    expect(answer.headers.get("vary")).toBe("Accept");
    expect(answer.headers.get("cache-control")).toBe(type === "text/html" ? "no-store" : "public, max-age=300");
  });

  it("may only look", async () => {
    const answer = await world.send("POST", "/", { form: {} });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET"]);
  });
});

describe("a program", () => {
  it("reads what this is, and where to go on", async () => {
    const { body } = await open("application/json");
    const { issuer } = world.site;
    expect(body).toMatchObject({ name: "Usher", version, issuer });
    for (const member of ["metadata", "jwks_uri", "policy_schema"]) {
      expect((await world.send("GET", String(body[member]))).status, member).toBe(200);
    }
  });
});

describe("a person", () => {
  it("reads first what this is, then how to begin, and then what it is for builders", async () => {
    const { text } = await open(BROWSER);
    const document = parseMarkup(text);
    expect(document.all("h1")).toHaveLength(1);
    expect(document.first("main").text).toContain(`This is Usher ${version}`);
    const links = document.first("main").all("a");
    expect(links.map((link) => link.text)).toEqual(expect.arrayContaining(["Sign in", "Create an account"]));
    for (const link of links) {
      const href = link.get("href") ?? "";
      expect((await world.send("GET", href)).status, href).toBe(200);
    }
  });

  it("who holds a session is led to what is their own", async () => {
    const { text } = await world.send("GET", "/", { headers: { Accept: BROWSER, Cookie: "__Host-session=any" } });
    const links = parseMarkup(text).first("main").all("a");
    expect(links[0]?.get("href")).toBe("/console");
  });

  it("is spoken to in the language of the browser", async () => {
    const { text } = await world.send("GET", "/", { headers: { Accept: BROWSER, "Accept-Language": "de" } });
    expect(text).toContain('<html lang="de"');
  });
});

describe("an issuer with a path", () => {
  const below = configuredWorld({ ISSUER: "https://as.example/t1" });

  it("has its page there, with and without a slash, and nothing at its origin", async () => {
    for (const path of ["", "/"]) {
      const answer = await below.send("GET", `https://as.example/t1${path}`);
      expect(answer).toMatchObject({ status: 200, body: { issuer: "https://as.example/t1" } });
    }
    expect((await below.send("GET", "https://as.example/")).status).toBe(404);
  });
});
