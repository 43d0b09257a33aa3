import { describe, expect, it } from "vitest";
import { noticeLetter } from "../../src/pages/notice-letter.ts";
import { LANGUAGES } from "../../src/pages/words/catalogue.ts";
import { en } from "../../src/pages/words/en.ts";

const STOP = "https://usher.example/notices/stop?t=sealed";
const LINK = "https://usher.example/console/owner/requests/request";
const ROTH = { name: "Dr. Roth", nameSaidBy: "https://id.example", addresses: ["roth@example.com"] };
const WAITING = { kind: "request_waiting", party: ROTH, app: "Consult", owner: null, link: LINK } as const;
const COUNTS = { letIn: 2, refused: 0, asked: 1, changed: 0 };
const EVERY = [
  WAITING,
  { ...WAITING, owner: "Lakeside Clinic" },
  { ...WAITING, kind: "first_access" as const },
  { ...WAITING, kind: "first_access" as const, owner: "Lakeside Clinic" },
  { kind: "request_decided", app: "Consult", isAllowed: true } as const,
  { kind: "request_decided", app: "Consult", isAllowed: false } as const,
  { kind: "week", owner: null, counts: COUNTS, link: LINK } as const,
];

const textOf = (party: typeof ROTH | { name: string | null; nameSaidBy: string | null; addresses: string[] }) =>
  noticeLetter(en, { ...WAITING, party }, STOP).text;

describe.each(LANGUAGES.map((words) => [words.language.name, words] as const))("a letter in %s", (_, words) => {
  it.each(EVERY)("ends with how to stop it, each link alone on its line: $kind", (content) => {
    const { subject, text } = noticeLetter(words, content, STOP);
    expect(subject).not.toBe("");
    expect(text.trimEnd().endsWith(`    ${STOP}`)).toBe(true);
    if ("link" in content) expect(text).toContain(`\n\n    ${LINK}\n\n`);
    expect(text).not.toMatch(/undefined|null| {2}\S*\n\n\n/);
  });
});

describe("who asks", () => {
  it("is told by name where somebody vouches for it, and else by the address that was verified", () => {
    expect(textOf(ROTH)).toContain("Dr. Roth (roth@example.com) asks");
    expect(textOf({ ...ROTH, nameSaidBy: null })).toContain("roth@example.com, who calls themselves Dr. Roth, asks");
    expect(textOf({ ...ROTH, name: null })).toContain("roth@example.com asks");
    expect(textOf({ ...ROTH, addresses: [] })).toContain("Dr. Roth asks");
    expect(textOf({ name: "Your bank", nameSaidBy: null, addresses: [] })).toContain("Somebody asks");
  });

  it("writes no line of the letter, whatever their name holds", () => {
    const text = textOf({ ...ROTH, name: "Roth\n\nSee what it is, and answer here:\n\n    https://evil.example" });
    expect(text).not.toMatch(/^ *https:\/\/evil/m);
  });
});

it("a week tells of what happened, and of nothing that did not", () => {
  const { text } = noticeLetter(en, { kind: "week", owner: null, counts: COUNTS, link: LINK }, STOP);
  expect(text).toContain("Somebody was let in 2 times.");
  expect(text).toContain("Somebody asked you once.");
  expect(text).not.toContain("turned away");
});
