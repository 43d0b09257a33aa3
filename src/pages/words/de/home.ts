import type { Words } from "../en.ts";
import { said } from "../said.ts";

export const home: Words["home"] = {
  moreRequests: "Alles, was wartet",
  news: "Seit Sie zuletzt hier waren,",
  noNews: "Seitdem ist nichts geschehen.",
  moreNews: "Alles, was geschehen ist",
  things: "Ihre Dinge",
  thingsOf: (owner) => said`Was ${owner} gehört`,
  moreThings: "Alle Dinge",
  shared: "Was andere mit Ihnen teilen",
  empty: "Was Apps für Sie aufbewahren, erscheint hier, sobald eine davon verbunden ist und es anmeldet.",
  nameless: "Etwas ohne Namen",
};
