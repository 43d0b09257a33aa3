import type { Words } from "../en.ts";

export const home: Words["home"] = {
  title: "Ihre Dinge",
  empty: "Was Apps für Sie aufbewahren, erscheint hier, sobald eine davon verbunden ist und es anmeldet.",
  nameless: "Etwas ohne Namen",
};
