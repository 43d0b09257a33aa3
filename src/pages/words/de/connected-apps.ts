import type { Words } from "../en.ts";
import { plural } from "../number.ts";
import { said } from "../said.ts";

export const connectedApps: Words["connectedApps"] = {
  title: (apps) =>
    plural(apps, "Keine App handelt für Sie.", "Eine App handelt für Sie.", (n) => `${n} Apps handeln für Sie.`),
  titleFor: (owner, apps) =>
    plural(
      apps,
      said`Keine App handelt für ${owner}.`,
      said`Eine App handelt für ${owner}.`,
      (n) => said`${n} Apps handeln für ${owner}.`,
    ),
  lead: "Jede tut nur, was dabei steht. Was Sie trennen, hört sofort auf.",
  empty:
    "Eine App erscheint hier, wenn Sie sie verbinden. Das beginnt in der App; sie schickt Sie hierher, um gefragt zu werden.",
  can: {
    protect: "Lässt Sie hier entscheiden, wer sehen darf, was sie für Sie aufbewahrt",
    share: "Sieht, mit wem Sie teilen, teilt für Sie und beendet das Teilen",
  },
  since: "Verbunden:",
  keeps: (things) => plural(things, "", "Was sie aufbewahrt: eine Sache", (n) => `Was sie aufbewahrt: ${n} Sachen`),
  did: (app) => said`Was ${app} getan hat`,
  end: "Trennen",
  ended: (app) => said`${app} ist nicht mehr verbunden. Sie kann nichts für Sie tun, bis Sie sie wieder verbinden.`,
};
