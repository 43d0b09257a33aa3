import { plural } from "../number.ts";
import { said } from "../said.ts";

/** The list of things. */
export const things = {
  title: (owner: string | null) => (owner === null ? "Your things" : said`What ${owner} has`),
  empty: "What apps keep for you appears here as soon as one of them is connected and registers it.",
  within: (name: string | null) => name ?? "A collection without a name",
  sharedWithin: (name: string | null) =>
    name === null
      ? "Whatever is shared of this collection is shared of all that is in it, also of what comes into it later."
      : said`Whatever is shared of ${name} is shared of all that is in it, also of what comes into it later.`,
  emptyWithin: "Nothing is in it yet. The app that keeps it puts things into it.",
  who: "See who can see it",
  search: "Part of its name",
  narrow: "Only some of them",
  app: "App",
  everyApp: "All apps",
  kind: "Kind",
  everyKind: "All kinds",
  show: "Show",
  showAll: "Show everything",
  nothing: "Nothing here is like that.",
  nothingYet: "Nothing like that so far. There are more names than are looked at in one go.",
  goOn: "Look further",
  inside: (count: number, isMore: boolean) =>
    isMore ? `More than ${count - 1} things in it` : plural(count, "", "1 thing in it", (n) => `${n} things in it`),
  partOf: (names: string) => said`in ${names}`,
};
