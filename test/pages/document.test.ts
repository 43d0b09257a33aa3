import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseMarkdown, plainText } from "../../src/pages/document/parse-markdown.ts";
import { DocumentPage } from "../../src/pages/document.tsx";
import { type Element, parseMarkup } from "../support/pure/markup.ts";
import { FRAME } from "../support/pure/page-samples.ts";

const show = (text: string) => parseMarkup(String(DocumentPage({ frame: FRAME, text, served: { "api.md": "/api" } })));
const content = (text: string) => show(text).all("article")[0] as Element;
const linksIn = (text: string) =>
  content(text)
    .all("a")
    .map((link) => [link.text, link.get("href")]);

describe("a page of the documentation", () => {
  it("has its first heading for its title", () => {
    expect(show("# Why *not*\n\nSo.").all("title")[0]?.text).toContain("Why *not*");
  });

  it("links to itself, to pages that are served and to other sites, and to nothing else", () => {
    expect(
      linksIn("[a](#b) [c](api.md#d) [e](api.md) [f](https://g.example/h) [i](tutorial.md) [j](javascript:k)"),
    ).toEqual([
      ["a", "#b"],
      ["c", "/api#d"],
      ["e", "/api"],
      ["f", "https://g.example/h"],
    ]);
  });

  it("names its headings as the links of our pages do", () => {
    const [heading] = content("## What `it` is, in §3").all("h2");
    expect([heading?.get("id"), heading?.text]).toEqual(["what-it-is-in-3", "What it is, in §3"]);
  });

  it("names a row, or a column, by what it is about, once", () => {
    const table = content("| `a` | b |\n|---|---|\n| `c` | 1 |\n| `c` | 2 |\n| d | `e` |");
    expect(table.all("th").map((cell) => cell.get("id"))).toEqual(["a", undefined]);
    expect(table.all("tr").map((row) => row.get("id"))).toEqual([undefined, "c", undefined, undefined]);
  });

  it("tells of each cell what its column is about, for screens on which the head has no room", () => {
    const table = content("| a | `b` |\n|---|---|\n| c | d |");
    expect(table.all("td").map((cell) => cell.get("data-column"))).toEqual(["a", "b"]);
  });

  it("sets apart what stands in asterisks as a whole, and shows none of them", () => {
    const [aside, plain] = content("*a [b](#c) `d`.*\n\n**e** f **g**").all("p");
    expect([aside?.get("class"), aside?.text]).toEqual(["quiet", "a b d."]);
    expect([plain?.get("class"), plain?.text]).toEqual([undefined, "e f g"]);
  });

  it("shows what is written, whatever it looks like", () => {
    const text = "a <b>c</b> & `<d>` **e**\n\n```sh\nf # g\n```\n\n- h\n- `i`";
    expect(content(text).all("b")).toEqual([]);
    expect(
      content(text)
        .all("code")
        .map(({ text }) => text),
    ).toEqual(["<d>", "i"]);
    expect(
      content(text)
        .all("pre")
        .map(({ text }) => text),
    ).toEqual(["f # g\n"]);
    expect(
      content(text)
        .all("li")
        .map(({ text }) => text),
    ).toEqual(["h", "i"]);
    expect(
      content(text)
        .all("strong")
        .map(({ text }) => text),
    ).toEqual(["e"]);
  });
});

function piecesOf(element: Element): readonly string[] {
  return element.children.flatMap((child) => (typeof child === "string" ? [child] : piecesOf(child)));
}

describe.each(["profile", "refusals"])("docs/%s.md", (name) => {
  const text = readFileSync(`docs/${name}.md`, "utf8");
  const blocks = parseMarkdown(text);

  it("is read whole", () => {
    const words = (of: string) => of.match(/[\p{L}\p{N}]{4,}/gu) ?? [];
    const shown = new Set(words(piecesOf(content(text)).join(" ")));
    const written = text.replaceAll(/\]\([^)]*\)/g, "]").replaceAll(/^```.*$/gm, "");
    expect(words(written).filter((word) => !shown.has(word))).toEqual([]);
  });

  it("has no marks left over", () => {
    for (const block of blocks) {
      const lines =
        block.kind === "paragraph" || block.kind === "aside" || block.kind === "heading"
          ? [block.line]
          : block.kind === "list"
            ? block.items
            : block.kind === "table"
              ? [block.head, ...block.rows].flat()
              : [];
      for (const line of lines) {
        const outside = line.filter(({ kind }) => kind !== "code");
        expect(plainText(outside)).not.toMatch(/`|\*|\]\(/);
      }
    }
  });

  it("has rows as wide as their tables", () => {
    for (const block of blocks) {
      if (block.kind !== "table") continue;
      for (const row of block.rows) expect(row.length, plainText(row[0] ?? [])).toBe(block.head.length);
    }
  });
});
