import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { LANGUAGES } from "../../src/pages/words/catalogue.ts";
import { en } from "../../src/pages/words/en.ts";
import { partsOf, plain, said } from "../../src/pages/words/said.ts";

/** Words of the protocol, which people need not know; with those that are their like in German. */
const FORBIDDEN =
  /resource|scope|claim|token|ticket|polic(?:y|ies)|\bgrant|ressource|geltungsbereich|anspruch|ansprüche|richtlinie|authz/i;

/** Every sentence of a catalogue with its path; those with gaps are filled in once for each number that matters. */
function sentencesOf(words: unknown, path = ""): readonly (readonly [path: string, sentence: string])[] {
  if (typeof words === "string") return [[path, words]];
  if (typeof words === "function")
    return fill(words as Sentence).map((sentence, index) => [`${path}#${index}`, sentence]);
  if (typeof words !== "object" || words === null) throw new Error(`${path} is no sentence`);
  return Object.entries(words).flatMap(([key, value]) => sentencesOf(value, path === "" ? key : `${path}.${key}`));
}

type Sentence = (...values: readonly unknown[]) => unknown;

/** What a sentence takes is a number, a text or a list; each is tried, and what does not fit throws. */
function fill(sentence: Sentence): readonly string[] {
  const counts = [0, 1, 2].map((count) => Array.from({ length: sentence.length }, () => count));
  const texts = Array.from({ length: sentence.length }, () => "Ana");
  const lists = [[["Ana", "Ben"], "Ana"], ["Ana", ["Ben"]], [["Ana"]]];
  const mixed = [
    [2, "Ana"],
    [1, "Ana"],
  ];
  const filled = [...counts, texts, ...lists, ...mixed].flatMap((values) => {
    try {
      return [sentence(...values)];
    } catch {
      return [];
    }
  });
  return filled.filter((text) => typeof text === "string");
}

describe.each(LANGUAGES.map((words) => [words.language.name, words] as const))("the words in %s", (_, words) => {
  const sentences = sentencesOf(words);

  it("are none of the protocol", () => {
    const ofBuilders = /^front\.(builders|software|metadata|keys|schema|documentation)/;
    const wrong = sentences.filter(([path, sentence]) => FORBIDDEN.test(sentence) && !ofBuilders.test(path));
    expect(wrong).toEqual([]);
  });

  it("are there for everything, and no more", () => {
    const paths = (catalogue: unknown) => new Set(sentencesOf(catalogue).map(([path]) => path.replace(/#.*/, "")));
    expect(paths(words)).toEqual(paths(en));
  });

  it("have no blank at an end, and none twice", () => {
    for (const [path, sentence] of sentences.filter(([path]) => !/#/.test(path))) {
      expect(sentence, path).toBe(sentence.trim());
      expect(sentence, path).not.toMatch(/ {2}|undefined/);
    }
  });
});

/** A sentence between backticks, and what marks it as one with names in it. */
const SENTENCES = /(said)?`((?:[^`\\]|\\.)*)`/g;
/** Numbers, and what the catalogue itself has said. */
const OUR_OWN = /^(?:n|day|hour|fact|page\.replace\(.*|plural\([\s\S]*|list\(\s*\[[\s\S]*)$/;

it.each(["en", "de"])("%s.ts sets apart whatever somebody else said", (language) => {
  const source = readFileSync(`src/pages/words/${language}.ts`, "utf8");
  const unmarked = [...source.matchAll(SENTENCES)].filter(([, mark]) => mark === undefined);
  const gaps = unmarked.flatMap(([, , text = ""]) => text.match(/(?<=\$\{)[\s\S]*?(?=\}(?!\)))/g) ?? []);
  expect(gaps.filter((gap) => !OUR_OWN.test(gap))).toEqual([]);
});

it("every language has words of its own", () => {
  const same = (one: string, other: string) => one === other && one.length > 12;
  const [first, ...others] = LANGUAGES.map((words) => new Map(sentencesOf(words)));
  for (const other of others) {
    const untranslated = [...other].filter(([path, sentence]) => same(sentence, first?.get(path) ?? ""));
    expect(untranslated.filter(([path]) => !path.startsWith("facts.withValue"))).toEqual([]);
  }
});

describe("a sentence with a name in it", () => {
  it("knows the name from its own words", () => {
    expect(partsOf(said`${"Ana"} asks for ${2} things of ${"Ben"}.`)).toEqual([
      { text: "Ana", isName: true },
      { text: " asks for 2 things of ", isName: false },
      { text: "Ben", isName: true },
      { text: ".", isName: false },
    ]);
  });

  it("cannot be left by a name", () => {
    const name = "Ana\u2069 and everybody else\u202e";
    expect(partsOf(said`Only ${name}.`)).toEqual([
      { text: "Only ", isName: false },
      { text: "Ana and everybody else", isName: true },
      { text: ".", isName: false },
    ]);
  });

  it("stays in one line, so that a name is no paragraph of a letter", () => {
    expect(plain(said`Only ${"Ana.\r\n\nPay here:\u2028evil.example"}.`)).toBe("Only Ana. Pay here: evil.example.");
  });

  it("is plain where there is no markup", () => {
    expect(plain(said`Only ${"Ana"}.`)).toBe("Only Ana.");
  });
});
