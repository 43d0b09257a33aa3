import type { Words } from "../en.ts";
import { listOf, plural } from "../number.ts";
import { said } from "../said.ts";

const LOCALE = "de-DE";
const list = listOf(LOCALE);
const disjunction = new Intl.ListFormat(LOCALE, { type: "disjunction" });
const either = (names: readonly string[]) => disjunction.format(names.map((name) => said`${name}`));

export const shares: Words["shares"] = {
  list,

  acts: {
    view: "ansehen",
    read: "lesen",
    write: "beschreiben",
    edit: "bearbeiten",
    update: "ändern",
    create: "ergänzen",
    delete: "löschen",
    print: "drucken",
    download: "herunterladen",
    share: "weitergeben",
    comment: "kommentieren",
    annotate: "mit Notizen versehen",
    copy: "kopieren",
  },
  act: (name) => said`${name}`,
  everyAct: "nach Belieben nutzen",

  audiences: {
    everybody: "Alle",
    person: (name) => said`${name}`,
    somebody: "Jemand, dessen Namen wir nicht kennen,",
    domain: (domain) => said`Alle mit einer Adresse bei ${domain}`,
    group: (name) => said`Alle in ${name}`,
    app: (name) => said`Alle, die ${name} nutzen,`,
    more: (n) => plural(n, "", "jemand anders", (many) => `${many} andere`),
    lostGroup: "Alle in einer Gruppe, die es nicht mehr gibt,",
    lostApp: "Alle, die eine App nutzen, die es nicht mehr gibt,",
  },
  through: (apps) => `über ${either(apps)}`,
  inTheWordsOf: (issuers) => `nach Auskunft von ${either(issuers)}`,

  targets: {
    thing: (name) => said`${name}`,
    lost: "etwas, das es nicht mehr gibt,",
    nameless: "etwas ohne Namen",
    more: (n) => plural(n, "", "eine weitere Sache", (many) => `${many} weitere Sachen`),
    kind: (kind) => said`alles von der Art ${kind}`,
    all: "alles",
  },

  permit: (who, acts, things, isOne) => `${who} ${isOne ? "darf" : "dürfen"} ${things} ${acts}`,
  deny: (who, acts, things, isOne) => `${who} ${isOne ? "darf" : "dürfen"} ${things} niemals ${acts}`,
  from: (day) => `ab ${day}`,
  until: (day) => `bis ${day}`,
  over: "Diese Zeit ist vorbei.",
  notYet: "Diese Zeit hat noch nicht begonnen.",
  asksFirst: "Sie werden jedes Mal gefragt.",
  agreement: (title) => said`nach Zustimmung zu ${title}`,
  uses: (n) => plural(n, "", "insgesamt einmal", (many) => `insgesamt ${many}-mal`),
  signedInWithin: (minutes) =>
    minutes < 1
      ? "gleich nach einer Anmeldung"
      : plural(
          minutes,
          "",
          "höchstens eine Minute nach einer Anmeldung",
          (n) => `höchstens ${n} Minuten nach einer Anmeldung`,
        ),

  unreadable: "Eine Regel, die hier nicht gelesen werden kann.",

  hours: (days, from, to, zone) => `${days} von ${from} bis ${to} Uhr (${zone})`,
  everyDay: "jeden Tag",
  onDays: (days) => list(days),
  countries: (countries) => `aus ${disjunction.format(countries)}`,
  networks: (networks) => `aus dem Netz ${either(networks)}`,

  whoever: (clause) => `Alle, ${clause},`,
  both: (clauses) => clauses.join(" und "),
  oneOf: (clauses) => clauses.join(" oder "),
  clauses: {
    anyone: "wer auch immer sie sind",
    nobody: "die niemand sind",
    inGroup: (name) => said`die in ${name} sind`,
    notInGroup: (name) => said`die nicht in ${name} sind`,
    usesApp: (apps) => `die ${either(apps)} nutzen`,
    usesOtherApp: (apps) => `die nicht ${either(apps)} nutzen`,
    fact: (fact, test) => `deren ${fact} ${test} ist`,
    notFact: (fact, test) => `deren ${fact} nicht ${test} ist`,
    unknown: "für die etwas gilt, das hier nicht bekannt ist",
  },
  facts: { email: "E-Mail-Adresse", sub: "Konto" },
  tests: {
    exists: "bekannt",
    equals: (value) => said`${value}`,
    one_of: (values) => either(values),
    domain: (domain) => said`bei ${domain}`,
    greater_than: (value) => said`größer als ${value}`,
    at_least: (value) => said`mindestens ${value}`,
    less_than: (value) => said`kleiner als ${value}`,
    at_most: (value) => said`höchstens ${value}`,
  },
};
