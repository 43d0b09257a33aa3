import type { Words } from "../en.ts";
import { plural } from "../number.ts";
import { said } from "../said.ts";

export const things: Words["things"] = {
  title: (owner) => (owner === null ? "Ihre Dinge" : said`Was ${owner} hat`),
  empty: "Was Apps für Sie aufbewahren, erscheint hier, sobald eine davon verbunden ist und es anmeldet.",
  within: (name) => name ?? "Eine Sammlung ohne Namen",
  sharedWithin: (name) =>
    name === null
      ? "Was von dieser Sammlung geteilt ist, ist von allem geteilt, was darin liegt, auch von dem, was später dazukommt."
      : said`Was von ${name} geteilt ist, ist von allem geteilt, was darin liegt, auch von dem, was später dazukommt.`,
  emptyWithin: "Noch liegt nichts darin. Die App, die es aufbewahrt, legt Dinge hinein.",
  who: "Ansehen, wer es sehen kann",
  search: "Teil des Namens",
  narrow: "Nur manche davon",
  app: "App",
  everyApp: "Alle Apps",
  kind: "Art",
  everyKind: "Alle Arten",
  show: "Anzeigen",
  showAll: "Alles anzeigen",
  nothing: "So etwas ist hier nicht dabei.",
  nothingYet: "Bisher nichts dergleichen. Es gibt mehr Namen, als auf einmal durchgesehen werden.",
  goOn: "Weiter suchen",
  inside: (count, isMore) =>
    isMore ? `Mehr als ${count - 1} Dinge darin` : plural(count, "", "1 Ding darin", (n) => `${n} Dinge darin`),
  partOf: (names) => said`in ${names}`,
};
