import { listOf, plural } from "../number.ts";
import { said } from "../said.ts";

const LOCALE = "en-GB";
const list = listOf(LOCALE);
const disjunction = new Intl.ListFormat(LOCALE, { type: "disjunction" });
/** Each set apart by itself. */
const either = (names: readonly string[]) => disjunction.format(names.map((name) => said`${name}`));

/** Who may do what with which thing, in a sentence; its parts are put together by http/console/policy-sentence.ts. */
export const shares = {
  list,

  /** What many apps call what can be done; each goes on from "can". */
  acts: {
    view: "view",
    read: "read",
    write: "write to",
    edit: "edit",
    update: "change",
    create: "add to",
    delete: "delete",
    print: "print",
    download: "download",
    share: "pass on",
    comment: "comment on",
    annotate: "write notes on",
    copy: "copy",
  },
  act: (name: string) => said`${name}`,
  everyAct: "do everything with",

  audiences: {
    everybody: "Everybody",
    person: (name: string) => said`${name}`,
    somebody: "Somebody whose name we do not know",
    domain: (domain: string) => said`Everybody with an address at ${domain}`,
    group: (name: string) => said`Everybody in ${name}`,
    app: (name: string) => said`Everybody who uses ${name}`,
    more: (n: number) => plural(n, "", "one more", (many) => `${many} more`),
    lostGroup: "Everybody in a group that is no longer there",
    lostApp: "Everybody who uses an app that is no longer there",
  },
  through: (apps: readonly string[]) => `through ${either(apps)}`,
  inTheWordsOf: (issuers: readonly string[]) => `as ${either(issuers)} says`,

  targets: {
    thing: (name: string) => said`${name}`,
    lost: "something that is no longer there",
    nameless: "something without a name",
    more: (n: number) => plural(n, "", "one more thing", (many) => `${many} more things`),
    kind: (kind: string) => said`everything of the kind ${kind}`,
    all: "everything",
  },

  permit: (who: string, acts: string, things: string, _isOne: boolean) => `${who} can ${acts} ${things}`,
  deny: (who: string, acts: string, things: string, _isOne: boolean) => `${who} can never ${acts} ${things}`,
  from: (day: string) => `from ${day}`,
  until: (day: string) => `until ${day}`,
  over: "That time is over.",
  notYet: "That time has not begun.",
  asksFirst: "You are asked each time.",
  agreement: (title: string) => said`after agreeing to ${title}`,
  uses: (n: number) => plural(n, "", "once in all", (many) => `${many} times in all`),
  signedInWithin: (minutes: number) =>
    minutes < 1
      ? "if they have just signed in"
      : plural(
          minutes,
          "",
          "if they signed in a minute ago at most",
          (n) => `if they signed in ${n} minutes ago at most`,
        ),

  unreadable: "A rule that cannot be read here.",

  hours: (days: string, from: string, to: string, zone: string) => `${days} from ${from} to ${to} (${zone})`,
  everyDay: "every day",
  onDays: (days: readonly string[]) => `on ${list(days)}`,
  countries: (countries: readonly string[]) => `from within ${disjunction.format(countries)}`,
  networks: (networks: readonly string[]) => `from the network ${either(networks)}`,

  /** Whoever meets a condition: the clauses go on from "everybody". */
  whoever: (clause: string) => `Everybody ${clause}`,
  both: (clauses: readonly string[]) => clauses.join(" and "),
  oneOf: (clauses: readonly string[]) => clauses.join(" or "),
  clauses: {
    anyone: "whoever they are",
    nobody: "who is nobody",
    inGroup: (name: string) => said`who is in ${name}`,
    notInGroup: (name: string) => said`who is not in ${name}`,
    usesApp: (apps: readonly string[]) => `who uses ${either(apps)}`,
    usesOtherApp: (apps: readonly string[]) => `who does not use ${either(apps)}`,
    fact: (fact: string, test: string) => `whose ${fact} is ${test}`,
    notFact: (fact: string, test: string) => `whose ${fact} is not ${test}`,
    unknown: "who meets something that cannot be told here",
  },
  facts: { email: "email address", sub: "account" },
  tests: {
    exists: "known",
    equals: (value: string) => said`${value}`,
    one_of: (values: readonly string[]) => either(values),
    domain: (domain: string) => said`at ${domain}`,
    greater_than: (value: string) => said`more than ${value}`,
    at_least: (value: string) => said`at least ${value}`,
    less_than: (value: string) => said`less than ${value}`,
    at_most: (value: string) => said`at most ${value}`,
  },
};
