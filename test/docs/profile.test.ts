import { describe, expect, it } from "vitest";
import { SETTINGS } from "../../src/config.ts";
import { PROFILE_NAMES, PROFILES } from "../../src/protocol/profile.ts";
import { readPage, readText, tableUnder } from "./pages.ts";

const page = readPage("docs/profile.md");
const unquoted = (text: string) => text.replaceAll("`", "");

describe("the three profiles in docs/profile.md", () => {
  const rows = tableUnder(page, "The three profiles").filter(([setting = ""]) => setting.startsWith("`"));
  const settingOf = (choice: string) => choice.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

  it("are those of src/protocol/profile.ts", () => {
    const choices = Object.keys(PROFILES.default.choices).map((choice) => {
      const values = PROFILE_NAMES.map((name) => Reflect.get(PROFILES[name].choices, choice));
      return [settingOf(choice), ...values];
    });
    const lifetimes = (["ticket", "rpt", "pat"] as const).map((kind) => {
      const values = PROFILE_NAMES.map((name) => String(PROFILES[name].lifetimes[kind]));
      return [settingOf(`${kind}Lifetime`), ...values];
    });
    expect(rows.map((row) => row.map(unquoted))).toEqual([...choices, ...lifetimes]);
  });
});

describe("the choices in docs/profile.md", () => {
  const requirements = readText("test/conformance/requirements.tsv")
    .split("\n")
    .map((line) => line.split("\t")[0]);
  const headings = [...page.text.matchAll(/^## (.*)$/gm)].map(([, heading = ""]) => heading);
  const rows = headings
    .filter((heading) => heading !== "The three profiles")
    .flatMap((heading) => tableUnder(page, heading).map((cells) => ({ heading, cells })))
    .filter(({ cells: [point = ""] }) => !/^(Point|-+)$/.test(point));

  it("are there", () => expect(rows.length).toBeGreaterThan(10));

  it.each(rows)("$heading: $cells.0", ({ cells }) => {
    const [, requirement = "", here, setting = ""] = cells;
    expect(cells).toHaveLength(4);
    expect(here).not.toBe("");
    expect(requirement).not.toBe("");
    const ids = requirement.split(", ").filter((id) => /^[A-Z]-/.test(id));
    expect(ids.filter((id) => !requirements.includes(id))).toEqual([]);
    const named = [...setting.matchAll(/`([A-Z_]+)`/g)].map(([, name = ""]) => name);
    expect(setting).not.toBe("");
    expect(named.filter((name) => !SETTINGS.includes(name))).toEqual([]);
  });
});
