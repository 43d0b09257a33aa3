/** The Markdown of our own documentation, as far as its pages use it: nothing that comes from elsewhere is read here. */

/** A piece of a line. */
export type Inline =
  | { readonly kind: "text" | "code" | "strong"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly target: string };

export type Line = readonly Inline[];

export type Block =
  | { readonly kind: "heading"; readonly level: 1 | 2 | 3; readonly anchor: string; readonly line: Line }
  | { readonly kind: "paragraph"; readonly line: Line }
  /** A paragraph that stands in asterisks as a whole. */
  | { readonly kind: "aside"; readonly line: Line }
  | { readonly kind: "list"; readonly items: readonly Line[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "table"; readonly head: readonly Line[]; readonly rows: readonly (readonly Line[])[] };

const FENCE = /^```[^\n]*\n([\s\S]*?)^```$/m;
const HEADING = /^(#{1,3}) (.+)$/;
const ASIDE = /^\*(?!\*)([\s\S]+[^*])\*$/;
const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)\s]+)\)/g;
const RULE = /^\|(?:-+\|)+$/;

/** @returns the blocks of a page, in their order */
export function parseMarkdown(text: string): readonly Block[] {
  // Fences alternate with what is between them.
  return text
    .split(new RegExp(FENCE, "gm"))
    .flatMap((part, place) => (place % 2 === 1 ? [{ kind: "code", text: part } as const] : parseProse(part)));
}

function parseProse(text: string): readonly Block[] {
  const parts = text.split(/\n{2,}/).map((part) => part.trim());
  return parts.filter((part) => part !== "").map(parseBlock);
}

function parseBlock(part: string): Block {
  const heading = HEADING.exec(part);
  if (heading) return headingOf(heading[1]?.length ?? 1, heading[2] ?? "");
  if (part.startsWith("|")) return tableOf(part.split("\n"));
  const aside = ASIDE.exec(part);
  if (aside) return { kind: "aside", line: parseLine(aside[1] ?? "") };
  if (!part.startsWith("- ")) return { kind: "paragraph", line: parseLine(part) };
  return { kind: "list", items: part.slice(2).split(/\n- /).map(parseLine) };
}

function headingOf(level: number, title: string): Block {
  const anchor = title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
  return { kind: "heading", level: level === 1 || level === 2 ? level : 3, anchor, line: parseLine(title) };
}

function tableOf(lines: readonly string[]): Block {
  const [head = [], ...rows] = lines.filter((line) => !RULE.test(line)).map(cellsOf);
  return { kind: "table", head, rows };
}

function cellsOf(line: string): readonly Line[] {
  const cells = line.slice(1, line.lastIndexOf("|")).split(/(?<!\\)\|/);
  return cells.map((cell) => parseLine(cell.replaceAll("\\|", "|").trim()));
}

function parseLine(text: string): Line {
  const line: Inline[] = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    if (found.index > end) line.push({ kind: "text", text: text.slice(end, found.index) });
    line.push(inlineOf(found));
    end = found.index + found[0].length;
  }
  if (end < text.length) line.push({ kind: "text", text: text.slice(end) });
  return line;
}

function inlineOf([, code, strong, label = "", target = ""]: RegExpMatchArray): Inline {
  if (code !== undefined) return { kind: "code", text: code };
  if (strong !== undefined) return { kind: "strong", text: strong };
  return { kind: "link", text: label.replaceAll("`", ""), target };
}

/** The letters of a line alone. */
export function plainText(line: Line): string {
  return line.map(({ text }) => text).join("");
}
