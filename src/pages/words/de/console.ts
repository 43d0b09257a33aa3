import type { Words } from "../en.ts";
import { said } from "../said.ts";

export const console: Words["console"] = {
  navigation: "Seiten",
  owners: "Für wen Sie handeln",
  own: "Was Ihnen gehört",
  actingFor: (owner) => said`Sie handeln für ${owner}.`,
  places: {
    home: "Start",
    things: "Dinge",
    requests: "Anfragen",
    groups: "Gruppen",
    activity: "Verlauf",
    apps: "Apps",
  },
};
