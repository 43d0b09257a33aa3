import type { Words } from "../en.ts";
import { eitherOf, listOf, plural } from "../number.ts";
import { said } from "../said.ts";

const list = listOf("de");
const either = eitherOf("de");

export const thing: Words["thing"] = {
  nameless: "Etwas ohne Namen",
  nobody: (owner) =>
    owner === null ? "Niemand außer Ihnen kann das sehen." : said`Nur wer für ${owner} handelt, kann das sehen.`,
  anybody: "Alle können das sehen.",
  anybodyAgreeing: "Alle können das sehen, die dem zustimmen, was Sie verlangen.",
  onlyAsked: "Niemand kann das sehen, bevor Sie zugestimmt haben.",
  canSee: (names, more) => {
    const all = more === 0 ? names : [...names, plural(more, "", "noch jemand", (n) => `${n} weitere`)];
    return `Das sehen können: ${list(all)}.`;
  },
  keptBy: (app) => said`Liegt bei ${app}`,
  kind: (kind) => said`Art: ${kind}`,
  contents: "Was darin liegt und mit geteilt wird",
  share: "Teilen",
  shared: "Wer es sehen kann",
  keptOut: "Wer es nicht sehen darf",
  find: "Jemanden suchen, nach Namen oder Adresse",
  showAll: "Alle anzeigen",
  notFound: "Niemand hier heißt so. Jemand kann aber auch in einer Gruppe sein.",
  anyone: "Alle",
  atDomain: (domain) => said`Alle mit einer Adresse bei ${domain}`,
  group: (name) => said`Die Gruppe ${name}`,
  goneGroup: "Eine Gruppe, die es nicht mehr gibt",
  members: (count) => plural(count, "niemand ist darin", "1 Person", (n) => `${n} Personen`),
  someoneOf: (host) => said`Jemand, den ${host} kennt`,
  someoneSaying: (name, host) => said`Jemand, der sich ${name} nennt und den ${host} kennt`,
  byApp: (name) => said`Wer die App ${name} benutzt`,
  goneApp: "Eine App, die es nicht mehr gibt",
  byRule: (name) => (name === null ? "Wer eine Ihrer Regeln erfüllt" : said`Wer Ihre Regel ${name} erfüllt`),
  through: (apps) => `Über ${either(apps)}`,
  can: (actions) => `Darf: ${list(actions)}`,
  canAll: "Darf alles damit",
  cannot: (actions) => `Darf nicht: ${list(actions)}, was immer Sie sonst erlauben`,
  cannotAll: "Darf nichts damit, was immer Sie sonst erlauben",
  from: "ab",
  until: "bis",
  sharedSince: "Geteilt seit",
  usedLast: "zuletzt benutzt",
  unused: "noch nicht benutzt",
  insiders: (count) => plural(count, "", "1 hat es gerade offen", (n) => `${n} haben es gerade offen`),
  nobodyKnown: "Jemand, der nicht gesagt hat, wer er ist",
  by: (app) => said`mit ${app}`,
  asksFirst: "Sie werden vorher gefragt",
  agreeing: (title) => said`Nach Zustimmung zu „${title}“`,
  onlySometimes: "Nur zu den Zeiten oder an den Orten, die Sie festgelegt haben",
  over: "Diese Zeit ist vorbei",
  why: {
    things: (others) =>
      plural(others, "", "1 anderes Ding teilen Sie ebenso", (n) => `${n} andere Dinge teilen Sie ebenso`),
    collection: (name) => said`Weil es in ${name} liegt, und das teilen Sie`,
    type: (kind) => said`Weil Sie alles von der Art ${kind} teilen`,
    all: "Weil Sie alles teilen, was Sie haben",
  },
  whyNot: {
    things: (others) => plural(others, "", "So ist es bei 1 anderen Ding", (n) => `So ist es bei ${n} anderen Dingen`),
    collection: (name) => said`Weil es in ${name} liegt, und das halten Sie verschlossen`,
    type: (kind) => said`Weil Sie alles von der Art ${kind} verschlossen halten`,
    all: "Weil Sie alles verschlossen halten, was Sie haben",
  },
  change: "Ändern",
  end: {
    here: "Beenden",
    collection: "Für die ganze Sammlung beenden",
    type: "Für alles dieser Art beenden",
    all: "Für alles beenden",
    allow: "Wieder zulassen",
    allowAll: "Überall wieder zulassen",
  },
  notices: {
    ended: "Beendet. Wer es offen hatte, ist ab jetzt ausgesperrt.",
    pending:
      "Beendet. Wer es offen hatte, ist ab jetzt ausgesperrt; bis diese Seite es zeigt, kann eine Minute vergehen.",
  },
  errors: {
    changed:
      "Jemand hat das geändert, während Sie es ansahen. Darum wurde nichts beendet; hier steht es, wie es jetzt ist.",
    gone: "Jemand hat beendet, was Sie gerade änderten. Darum wurde nichts gespeichert; hier steht es, wie es jetzt ist.",
  },
};
