import { expect } from "vitest";
import type { Fence } from "./pages.ts";

/** Stands for what is another one each time. */
const ELLIPSIS = "…";

/** Fails where the output of a block is not what the page shows below it. */
export function expectAnswer(output: string, { info, content }: Fence): void {
  if (info === "json") expect(JSON.parse(output)).toEqual(patternOf(JSON.parse(content)));
  else expect(output.replaceAll("\r\n", "\n")).toMatch(linesOf(content));
}

/** Members that the page leaves out may be there; a list is shown whole. */
function patternOf(shown: unknown): unknown {
  if (shown === ELLIPSIS) return expect.anything();
  if (Array.isArray(shown)) return shown.map(patternOf);
  if (typeof shown !== "object" || shown === null) return shown;
  const members = Object.entries(shown).map(([name, value]) => [name, patternOf(value)]);
  return expect.objectContaining(Object.fromEntries(members));
}

/** The lines that are shown, in this order; there may be others between them. */
function linesOf(content: string): RegExp {
  const lines = content.trimEnd().split("\n").map(lineOf);
  return new RegExp(lines.join("(?:.*\n)*?"), "m");
}

function lineOf(line: string): string {
  const parts = line.split(ELLIPSIS).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return `^${parts.join(".+")}\n`;
}
