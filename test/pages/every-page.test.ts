import { describe, expect, it } from "vitest";
import { LANGUAGES } from "../../src/pages/words/catalogue.ts";
import { type Element, parseMarkup } from "../support/pure/markup.ts";
import { ELSEWHERE, FRAME, pageSamples, USUAL, WORST } from "../support/pure/page-samples.ts";
import SAMPLES from "../support/pure/page-samples.ts?raw";

const SOURCES = import.meta.glob("../../src/pages/*.tsx", { query: "?raw", import: "default", eager: true });
const casts = { usual: USUAL, worst: WORST };
const cases = LANGUAGES.flatMap((words) =>
  Object.entries(casts).flatMap(([cast, people]) =>
    Object.entries(pageSamples({ ...FRAME, words }, people)).map(
      ([name, page]) => [`${name}, ${words.language.name}, ${cast}`, page, words] as const,
    ),
  ),
);

const isControl = ({ name }: Element) => ["input", "select", "textarea"].includes(name);
const isVisibleControl = (element: Element) => isControl(element) && element.get("type") !== "hidden";

describe.each(cases)("%s", (_, page, words) => {
  const html = String(page);
  const document = parseMarkup(html);
  const main = document.first("main");

  it("is in the language it says, with one heading that stands in its title", () => {
    expect(document.first("html").get("lang")).toBe(words.language.tag);
    expect(document.first("html").get("dir")).toBe(words.language.direction);
    const headings = document.all("h1");
    expect(headings).toHaveLength(1);
    const heading = headings[0]?.text.trim() ?? "";
    expect(heading).not.toBe("");
    expect(document.first("title").text).toContain(heading.replace(/[.?!]$/, ""));
  });

  it("begins with that heading, but for what has just happened", () => {
    const before = main.children.filter((child) => typeof child !== "string");
    const at = before.findIndex(({ name }) => name === "h1");
    expect(before.slice(0, at).every((element) => element.get("class")?.startsWith("notice"))).toBe(true);
  });

  it("leaves out no level of headings", () => {
    const levels = main.within().flatMap(({ name }) => (/^h[1-6]$/.test(name) ? [Number(name[1])] : []));
    const fromTheFirst = levels.slice(levels.indexOf(1));
    fromTheFirst.reduce((before, level) => {
      expect(level).toBeLessThanOrEqual(before + 1);
      return level;
    }, 1);
  });

  it("has a label for each field, and says what belongs to it", () => {
    const ids = document.within().flatMap((element) => element.get("id") ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const labelled = document.all("label").map((label) => label.get("for"));
    for (const field of document.within().filter(isVisibleControl)) expect(labelled).toContain(field.get("id"));
    for (const element of document.within()) {
      for (const attribute of ["aria-describedby", "aria-labelledby"]) {
        for (const id of element.get(attribute)?.split(" ") ?? []) expect(ids, attribute).toContain(id);
      }
    }
    for (const link of main.all("a")) {
      const target = link.get("href") ?? "";
      if (target.startsWith("#")) expect(ids).toContain(target.slice(1));
    }
  });

  it("has words on every link and button", () => {
    for (const element of [...document.all("a"), ...document.all("button")]) {
      expect(element.text.trim(), element.get("class") ?? "").not.toBe("");
    }
  });

  it("guards every form, and posts it, unless it only looks for something", () => {
    for (const form of document.all("form")) {
      const isSearch = form.get("method") === "get";
      if (!isSearch) expect(form.get("method")).toBe("post");
      expect(form.get("action")).toMatch(/^\//);
      if (isSearch) {
        // What stands in an address is kept by browsers, and read by whoever it is sent to.
        expect(String(form.all("input").map((input) => input.get("name")))).not.toContain("csrf");
        continue;
      }
      const guard = form.all("input").find((input) => input.get("name") === "csrf");
      expect(guard?.get("value")).toBe(FRAME.csrf);
    }
  });

  it("has no script, style or handler of its own, and loads nothing of others", () => {
    for (const script of document.all("script")) expect(script.text).toBe("");
    expect(document.all("style")).toEqual([]);
    for (const element of document.within()) {
      expect([...element.attributes.keys()].filter((name) => /^(style|on.*)$/.test(name))).toEqual([]);
      const loads = element.name === "a" ? undefined : (element.get("src") ?? element.get("href"));
      if (loads !== undefined) expect(loads).toMatch(/^\/[a-z]/);
    }
  });

  it("shows no mark of a sentence's making", () => {
    expect(html).not.toMatch(/[\u2066-\u2069]/);
    expect(html).not.toMatch(/undefined|\[object|NaN/);
  });

  it("leads below the issuer's path only", () => {
    const below = parseMarkup(html.replaceAll('="/static', '="'));
    const links = below.all("a").map((link) => link.get("href") ?? "");
    for (const link of links.filter((one) => !ELSEWHERE.includes(one))) expect(link).toMatch(/^(\/|#)/);
  });
});

it("every page there is has a sample here", () => {
  const pages = Object.values(SOURCES).flatMap((source) => [...source.matchAll(/^export function (\w+Page)\(/gm)]);
  expect(pages.length).toBeGreaterThan(20);
  for (const [, name] of pages) expect(SAMPLES).toContain(`: ${name}(`);
});

it("an issuer with a path has every link and form below it", () => {
  const frame = { ...FRAME, base: "/t1", here: "/t1/account" };
  const given = new Set(["/account", "/account/shared?after=c3", ...ELSEWHERE]);
  for (const [name, page] of Object.entries(pageSamples(frame, USUAL))) {
    const document = parseMarkup(String(page));
    const targets = [
      ...document.all("a").map((link) => link.get("href") ?? ""),
      ...document.all("form").map((form) => form.get("action") ?? ""),
    ];
    // These are given whole by whoever makes the page.
    const ours = targets.filter((target) => !target.startsWith("#") && !given.has(target));
    for (const target of ours) expect(target, name).toMatch(/^\/t1\//);
  }
});
