import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { ROOT } from "../../examples/serve/root.mjs";
import { LANGUAGES } from "../../src/pages/words/catalogue.ts";
import { Element, parseMarkup } from "../support/pure/markup.ts";
import { FRAME, pageSamples, USUAL, WORST } from "../support/pure/page-samples.ts";

/** Of a page and everything that it loads, each compressed by itself as it is sent. */
const MAX_PAGE_BYTES = 60 * 1_024;

/** Where what a page loads is kept, by its path. */
const SOURCES: Readonly<Record<string, string>> = {
  [FRAME.files.style]: "src/pages/static/style.css",
  [FRAME.files.icon]: "src/pages/static/icon.svg",
  [FRAME.files.webauthn]: "node_modules/@simplewebauthn/browser/dist/bundle/index.umd.min.js",
  [FRAME.files.passkey]: "src/pages/static/passkey.client.js",
  [FRAME.files.copy]: "src/pages/static/copy.client.js",
  [FRAME.files.live]: "src/pages/static/live.client.js",
};

const sizes = new Map(
  Object.entries(SOURCES).map(([path, source]) => [path, compressed(readFileSync(join(ROOT, source)))]),
);

const cases = LANGUAGES.flatMap((words) =>
  Object.entries({ usual: USUAL, worst: WORST }).flatMap(([cast, people]) =>
    Object.entries(pageSamples({ ...FRAME, words }, people)).map(
      ([name, page]) => [`${name}, ${words.language.name}, ${cast}`, String(page)] as const,
    ),
  ),
);

function compressed(content: string | Uint8Array): number {
  return gzipSync(content).byteLength;
}

/** Paths of everything that a browser fetches to show a page. */
function loadedBy(document: Element): readonly string[] {
  const links = document.all("link").map((link) => link.get("href"));
  const sources = document.within().map((element) => element.get("src"));
  return [...new Set([...links, ...sources].filter((path) => path !== undefined))];
}

/** What is read in an element while no script has run. */
function shownIn(element: Element): string {
  return element.children
    .map((child) => {
      if (!(child instanceof Element)) return child;
      return child.attributes.has("hidden") || child.name === "script" ? "" : shownIn(child);
    })
    .join(" ")
    .trim();
}

describe.each(cases)("%s", (_, html) => {
  const document = parseMarkup(html);

  it("weighs little, with everything that it loads", () => {
    const loaded = loadedBy(document).map((path) => sizes.get(path) ?? Number.NaN);
    const total = loaded.reduce((sum, bytes) => sum + bytes, compressed(html));
    expect(total).toBeLessThanOrEqual(MAX_PAGE_BYTES);
  });

  it("shows what it has to say before any script runs", () => {
    const main = document.first("main");
    const heading = shownIn(document.first("h1"));
    expect(heading).not.toBe("");
    expect(shownIn(main).replace(heading, "").trim()).not.toBe("");
    for (const script of document.all("script")) expect(script.attributes.has("defer")).toBe(true);
  });
});
