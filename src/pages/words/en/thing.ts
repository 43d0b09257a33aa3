import { eitherOf, listOf, plural } from "../number.ts";
import { said } from "../said.ts";

const list = listOf("en");
const either = eitherOf("en");

/** A thing, and who can see it. */
export const thing = {
  nameless: "Something without a name",
  nobody: (owner: string | null) =>
    owner === null ? "Nobody but you can see this." : said`Nobody but those who act for ${owner} can see this.`,
  anybody: "Anybody can see this.",
  anybodyAgreeing: "Anybody can see this who agrees to what you ask.",
  onlyAsked: "Nobody can see this before you have said yes to them.",
  /** The names are set apart already. */
  canSee: (names: readonly string[], more: number) =>
    `${list(more === 0 ? names : [...names, plural(more, "", "one more", (n) => `${n} more`)])} can see this.`,
  keptBy: (app: string) => said`Kept by ${app}`,
  kind: (kind: string) => said`Kind: ${kind}`,
  contents: "What is in it, and shared with it",
  share: "Share this",
  shared: "Who can see it",
  keptOut: "Who is kept out",
  find: "Find somebody by name or address",
  showAll: "Show everybody",
  notFound: "Nobody here is called that. Somebody can also be in a group.",
  anyone: "Anybody",
  atDomain: (domain: string) => said`Everybody with an address at ${domain}`,
  group: (name: string) => said`The group ${name}`,
  goneGroup: "A group that is no longer there",
  members: (count: number) => plural(count, "nobody is in it", "1 person", (n) => `${n} people`),
  someoneOf: (host: string) => said`Somebody whom ${host} knows`,
  someoneSaying: (name: string, host: string) => said`Somebody who calls themselves ${name}, known to ${host}`,
  byApp: (name: string) => said`Whoever uses the app ${name}`,
  goneApp: "An app that is no longer there",
  byRule: (name: string | null) =>
    name === null ? "Whoever meets a rule of yours" : said`Whoever meets your rule ${name}`,
  through: (apps: readonly string[]) => `Through ${either(apps)}`,
  can: (actions: readonly string[]) => `Can ${list(actions)}`,
  canAll: "Can do everything with it",
  cannot: (actions: readonly string[]) => `Cannot ${either(actions)}, whatever else you allow`,
  cannotAll: "Can do nothing with it, whatever else you allow",
  from: "from",
  until: "until",
  sharedSince: "Shared since",
  usedLast: "last used",
  unused: "not used yet",
  insiders: (count: number) => plural(count, "", "1 has it open at present", (n) => `${n} have it open at present`),
  nobodyKnown: "Somebody who did not say who they are",
  by: (app: string) => said`with ${app}`,
  asksFirst: "You are asked first",
  agreeing: (title: string) => said`After agreeing to “${title}”`,
  onlySometimes: "Only at the times or places that you set",
  over: "This time is over",
  why: {
    things: (others: number) =>
      plural(
        others,
        "",
        "You share 1 other thing in the same way",
        (n) => `You share ${n} other things in the same way`,
      ),
    collection: (name: string) => said`Because it is in ${name}, which you share`,
    type: (kind: string) => said`Because you share everything of the kind ${kind}`,
    all: "Because you share everything you have",
  },
  whyNot: {
    things: (others: number) =>
      plural(others, "", "So it is for 1 other thing", (n) => `So it is for ${n} other things`),
    collection: (name: string) => said`Because it is in ${name}, from which you keep them`,
    type: (kind: string) => said`Because you keep them from everything of the kind ${kind}`,
    all: "Because you keep them from everything you have",
  },
  change: "Change",
  end: {
    here: "End",
    collection: "End for the whole collection",
    type: "End for all of this kind",
    all: "End for everything",
    allow: "Let in again",
    allowAll: "Let in again everywhere",
  },
  notices: {
    ended: "Ended. Whoever had it open is locked out from now on.",
    pending: "Ended. Whoever had it open is locked out from now on; this page may take a minute to show it.",
  },
  errors: {
    changed: "Somebody changed this while you were looking, so nothing was ended. It is shown as it stands now.",
    gone: "Somebody ended what you were changing, so nothing was saved. It is shown as it stands now.",
  },
};
