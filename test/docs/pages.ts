import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = resolve(fileURLToPath(import.meta.url), "../../..");

/** A Markdown file of this repository, by its path from the root. */
export interface Page {
  readonly path: string;
  readonly text: string;
  /** The text without its fenced blocks. */
  readonly prose: string;
  readonly fences: readonly Fence[];
}

export interface Fence {
  /** What stands behind the backticks, such as `sh runnable`. */
  readonly info: string;
  readonly content: string;
  /** The line of text above it. */
  readonly above: string;
}

const FENCE = /^```(.*)\n([\s\S]*?)^```$/gm;

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

export function readPage(path: string): Page {
  const text = readText(path);
  const fences = [...text.matchAll(FENCE)].map(({ 1: info = "", 2: content = "", index }) => {
    const above = text.slice(0, index).trimEnd().split("\n").at(-1) ?? "";
    return { info: info.trim(), content, above };
  });
  return { path, text, prose: text.replace(FENCE, ""), fences };
}

/** Every page that people are meant to read, wherever it stands. */
export function listPages(): readonly Page[] {
  const below = ["docs", "examples", "migrations", "src", "test"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true }).map((name) => `${folder}/${name}`),
  );
  const pages = below.filter((path) => path.endsWith(".md") && !path.includes("node_modules")).sort();
  return ["README.md", "CHANGELOG.md", "SECURITY.md", ...pages].map(readPage);
}

export function exists(path: string): boolean {
  return existsSync(join(ROOT, path));
}

/** The names under which the headings of a page can be linked to, made as GitHub makes them. */
export function anchorsOf({ prose }: Page): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, title = ""] of prose.matchAll(/^#{1,6} (.+)$/gm)) {
    const slug = title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-");
    let anchor = slug;
    for (let repeat = 1; anchors.has(anchor); repeat += 1) anchor = `${slug}-${repeat}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Where the links of a page lead, except to other sites. */
export function linksOf({ prose }: Page): readonly string[] {
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

/** Where a link on the page at `from` leads, from the root. */
export function resolveLink(from: string, target: string): { readonly path: string; readonly anchor?: string } {
  const [file = "", anchor] = target.split("#");
  const path = file === "" ? from : posix.join(posix.dirname(from), file);
  return anchor === undefined ? { path } : { path, anchor };
}

/** Paths of this repository that a page names between backticks, in prose or in the commands it shows. */
export function pathsOf({ prose, fences }: Page): readonly string[] {
  const named = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
  const texts = [...named, ...fences.map(({ content }) => content)];
  const path = /(?<![\w./-])(?:src|test|serve|\.ci|docs|examples|migrations)\/[\w./-]*\w/g;
  return [...new Set(texts.flatMap((text) => [...text.matchAll(path)].map(([found]) => found)))];
}

/** The cells of the table under a heading, row by row, without its head. */
export function tableUnder({ text }: Page, heading: string): readonly (readonly string[])[] {
  const section = text.split(/^## /m).find((one) => one.startsWith(`${heading}\n`)) ?? "";
  const rows = [...section.matchAll(/^\| ?(.*?) ?\|$/gm)].map(([, row = ""]) => row.split(" | "));
  return rows.slice(2);
}
