import type { Words } from "../en.ts";
import { listOf, plural } from "../number.ts";
import { said } from "../said.ts";

const list = listOf("de-DE");

export const data: Words["data"] = {
  title: "Sie können alles mitnehmen oder löschen.",
  download: {
    heading: "Mitnehmen",
    text: "In einer Datei steht alles, was über Sie aufbewahrt wird: wie Sie sich anmelden und wo Sie angemeldet sind, was über Sie gemerkt ist, Ihre Apps, Dinge, Freigaben und Gruppen, wer gerade Zugriff hat und was geschehen ist. Programme können sie lesen (JSON), und Sie auch.",
    go: "Alles herunterladen",
  },
  removal: {
    heading: "Konto löschen",
    text: "Sie lesen zuerst, was daraus folgt. Vorher geschieht nichts.",
    go: "Konto löschen",
  },
  deletion: {
    title: "Möchten Sie Ihr Konto löschen?",
    lead: "Das lässt sich nicht rückgängig machen, weder von Ihnen noch von uns.",
    follows: "Was daraus folgt",
    shares: "Was Sie freigegeben haben, ist sofort nicht mehr freigegeben.",
    apps: (apps) =>
      plural(
        apps,
        "Keine App ist verbunden, die etwas für Sie tun könnte.",
        "Die verbundene App kann nichts mehr für Sie tun. Was sie aufbewahrt, bleibt bei ihr: Bitten Sie dort darum, es zu löschen.",
        (n) =>
          `Die ${n} verbundenen Apps können nichts mehr für Sie tun. Was sie aufbewahren, bleibt bei ihnen: Bitten Sie dort darum, es zu löschen.`,
      ),
    signIn:
      "Sie sind überall abgemeldet, und nichts meldet Sie mehr an. Ihre Adresse kann für ein anderes Konto benutzt werden, das leer beginnt.",
    organisations: (names) =>
      said`Sie handeln nicht mehr für ${list(names)}. Was diesen gehört, bleibt bei denen, die weiter für sie handeln.`,
    others: "Wer Ihnen Zugriff auf etwas gegeben hat, kann 13 Monate lang nachlesen, dass es so war, und wem.",
    copies: "Kopien für den Notfall, in denen Sie noch vorkommen, werden binnen 30 Tagen überschrieben.",
    download: "Sie können vorher alles herunterladen.",
    sure: "Ich weiß, dass sich das nicht rückgängig machen lässt.",
    unsure: "Sagen Sie, dass Sie es wissen, oder behalten Sie Ihr Konto.",
    go: "Mein Konto löschen",
    keep: "Behalten",
  },
  charges: {
    title: (count) =>
      count === 1
        ? "Eine Organisation hat niemanden außer Ihnen."
        : `${count} Organisationen haben niemanden außer Ihnen.`,
    lead: "Dort entscheidet sonst niemand. Laden Sie jemanden ein, der dann weitermachen kann; oder bitten Sie, falls niemand weitermachen soll, die Betreiber dieses Dienstes, es dort zu beenden.",
    invite: "Jemanden einladen",
    back: "Zurück",
  },
  deleted: {
    title: "Ihr Konto ist gelöscht.",
    lead: "Von Ihnen ist nichts mehr freigegeben, und nichts meldet sich dort mehr an.",
    known: "Was über Sie bekannt war, wurde entfernt:",
    knownSoon: "Was über Sie bekannt ist, wird gerade entfernt.",
    rest: "Alles andere wurde entfernt:",
    restSoon: "Der Rest wird gerade entfernt. Das dauert eine Minute, oder länger, wenn es viel war.",
    again: "Nachsehen, wie weit es ist",
  },
};
