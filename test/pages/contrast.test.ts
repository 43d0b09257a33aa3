import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync("src/pages/static/style.css", "utf8");
const light = coloursOf(css.slice(css.indexOf(":root"), css.indexOf("@media")));
const darkRules = css.slice(css.indexOf("(prefers-color-scheme: dark)"));
const dark = { ...light, ...coloursOf(darkRules.slice(0, darkRules.indexOf("\n}\n"))) };

function coloursOf(rules: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...rules.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  );
}

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2.2, contrast ratio. */
function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** What is written on what. */
const TEXTS: readonly (readonly [text: string, ground: string])[] = [
  ["ink", "paper"],
  ["ink", "raised"],
  ["ink", "quiet-soft"],
  ["ink", "good-soft"],
  ["ink", "danger-soft"],
  ["quiet", "paper"],
  ["quiet", "raised"],
  ["quiet", "quiet-soft"],
  ["accent", "paper"],
  ["accent", "raised"],
  ["accent", "quiet-soft"],
  ["accent", "accent-soft"],
  ["accent", "good-soft"],
  ["danger", "paper"],
  ["danger", "raised"],
  ["danger", "danger-soft"],
  ["good", "paper"],
  ["good", "raised"],
  ["on-accent", "accent"],
];

/** Edges without which nobody would see a control, or what a notice is. */
const CONTROLS = [
  ["line", "paper"],
  ["line", "raised"],
  ["accent", "paper"],
  ["danger", "paper"],
  ["good", "good-soft"],
  ["danger", "danger-soft"],
] as const;

describe.each([
  ["light", light],
  ["dark", dark],
])("in the %s scheme", (_, colours) => {
  it.each(TEXTS)("%s can be read on %s", (text, ground) => {
    expect(contrast(colours[text] ?? "", colours[ground] ?? "")).toBeGreaterThanOrEqual(4.5);
  });

  it.each(CONTROLS)("%s can be seen on %s", (edge, ground) => {
    expect(contrast(colours[edge] ?? "", colours[ground] ?? "")).toBeGreaterThanOrEqual(3);
  });
});

it("every colour is one of those", () => {
  const rules = css.replace(/:root \{[^}]*\}/g, "");
  expect(rules.match(/#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(/gi)).toBeNull();
});

it("every colour of the light scheme has one in the dark", () => {
  const names = (rules: Readonly<Record<string, string>>) => Object.keys(rules).sort();
  expect(names(coloursOf(darkRules.slice(0, darkRules.indexOf("\n}\n"))))).toEqual(names(light));
});

it("sides are logical, so that pages mirror by themselves", () => {
  expect(css).not.toMatch(/[\s-](left|right)\s*:|: (left|right);/);
});
