import type { Frame } from "../../../pages/frame.ts";
import { inWords } from "../../../pages/parts/time.tsx";
import type { Words } from "../../../pages/words/en.ts";
import { said } from "../../../pages/words/said.ts";
import { askTarget } from "../../../policy/language/kinds.ts";
import { parseDateTime } from "../../../policy/language/local-time.ts";
import {
  DAYS,
  type HoursBody,
  type PolicyBody,
  type TargetBody,
  type TermsBody,
  type WhenBody,
  type WhereBody,
} from "../../../policy/language/policy.ts";
import type { Audience } from "../../../policy/share/audience.ts";
import { describeShare, type ElaboratePolicy, type Share } from "../../../policy/share/describe-share.ts";
import { audienceInWords } from "./audience.ts";
import { conditionInWords } from "./condition.ts";
import { actInSentence, type Naming } from "./naming.ts";

/** What sentences stand in: a language, a clock, and a place whose days they count. */
type Listener = Pick<Frame, "words" | "timeZone" | "now">;

/**
 * A policy as its owner reads it, in their language: "Dr. Lee can view Lab results until 30 June." Whatever a policy says is
 * said, also where that is more than a share.
 */
export function policyInWords(document: PolicyBody, naming: Naming, listener: Listener): string {
  try {
    return readPolicy(document, naming, listener);
  } catch {
    // A kept policy can be newer than this code and have any form (ledger/README.md, rule 10).
    return listener.words.shares.unreadable;
  }
}

function readPolicy(document: PolicyBody, naming: Naming, listener: Listener): string {
  const { shares } = listener.words;
  const { effect, target, scopes, when = {}, where = {}, terms = {} } = document;
  const { who, isOne } = subjectOf(describeShare(document), naming, listener.words);
  const things = targetInWords(target, naming, listener.words);
  const first = shares[effect === "deny" ? "deny" : "permit"](
    who,
    actsInWords(scopes, naming, listener.words),
    things,
    isOne,
  );
  const parts = [first, ...whenInWords(when, listener), ...whereInWords(where, listener.words)];
  const sentence = `${[...parts, ...termsInWords(terms, listener.words)].join(", ")}.`;
  const after = [...timeNotes(when, listener), ...(terms.approval === undefined ? [] : [shares.asksFirst])];
  return [sentence, ...after].join(" ");
}

/** What somebody may do, such as "view and download". */
export function actsInWords(scopes: PolicyBody["scopes"], { scopeNames }: Naming, words: Words): string {
  if (scopes === "all") return words.shares.everyAct;
  return words.shares.list(scopes.map((scope) => actInSentence(scope, scopeNames, words)));
}

function subjectOf(read: Share | ElaboratePolicy, naming: Naming, words: Words) {
  if (read.kind === "elaborate") return { who: conditionInWords(read.document.who, naming, words), isOne: false };
  const { whom, through } = read;
  const names = words.shares.list(
    firstOf(
      whom.map((one) => audienceInWords(one, naming, words)),
      words.shares.audiences.more,
    ),
  );
  const apps = through?.map((id) => naming.apps.get(id) ?? id) ?? [];
  const who = apps.length === 0 ? names : `${names} ${words.shares.through(apps)}`;
  return { who, isOne: whom.length === 1 && whom.every(isOnePerson) };
}

function isOnePerson({ kind }: Audience): boolean {
  return kind === "address" || kind === "person";
}

/** Nobody listens to hundreds of names. */
const NAMES_SAID = 5;

export function firstOf(names: readonly string[], more: (left: number) => string): readonly string[] {
  const left = names.length - NAMES_SAID;
  return left <= 0 ? names : [...names.slice(0, NAMES_SAID), more(left)];
}

/** What a policy is about, such as "Lab results" or "everything of the kind lab-report". */
export const targetInWords: (target: TargetBody, naming: Naming, words: Words) => string = askTarget<
  [naming: Naming, words: Words],
  string
>(
  {
    resources: ({ resources }, naming, words) =>
      words.shares.list(
        firstOf(
          resources.map((id) => thingInWords(id, naming, words)),
          words.shares.targets.more,
        ),
      ),
    type: ({ type }, _, { shares }) => shares.targets.kind(type),
    all: (_, _naming, { shares }) => shares.targets.all,
  },
  (_, { shares }) => shares.targets.lost,
);

function thingInWords(id: string, { things }: Naming, { shares: { targets } }: Words): string {
  const name = things.get(id);
  if (name === undefined) return targets.lost;
  return name === null ? targets.nameless : targets.thing(name);
}

function whenInWords({ not_before, expires, hours }: WhenBody, listener: Listener): readonly string[] {
  const { shares } = listener.words;
  return [
    ...(not_before === undefined ? [] : [shares.from(dayOf(not_before, listener))]),
    ...(expires === undefined ? [] : [shares.until(dayOf(expires, listener))]),
    ...(hours === undefined ? [] : [shares.oneOf(hours.map((window) => hoursInWords(window, listener.words)))]),
  ];
}

function dayOf(dateTime: string, listener: Listener): string {
  return inWords(new Date(parseDateTime(dateTime) * 1_000), "moment", listener);
}

/** A sentence about a time tells by itself only where it is; whether it is over matters more. */
function timeNotes({ not_before, expires }: WhenBody, { words, now }: Listener): readonly string[] {
  if (expires !== undefined && parseDateTime(expires) <= now) return [words.shares.over];
  return not_before !== undefined && parseDateTime(not_before) > now ? [words.shares.notYet] : [];
}

function hoursInWords({ days, from, to, time_zone }: HoursBody, words: Words): string {
  return words.shares.hours(daysInWords(days ?? DAYS, words), from, to, said`${time_zone}`);
}

/** Thursday, 1 January 1970, was the first day of the clock; the Monday of that week was three days before. */
const MONDAY_MS = -3 * 86_400_000;

function daysInWords(days: readonly string[], { shares, language }: Words): string {
  if (DAYS.every((day) => days.includes(day))) return shares.everyDay;
  const format = new Intl.DateTimeFormat(language.locale, { weekday: "long", timeZone: "UTC" });
  const named = DAYS.flatMap((day, index) =>
    days.includes(day) ? [format.format(new Date(MONDAY_MS + index * 86_400_000))] : [],
  );
  return shares.onDays(named);
}

function whereInWords({ countries, networks }: WhereBody, { shares, language }: Words): readonly string[] {
  const names = new Intl.DisplayNames(language.locale, { type: "region" });
  return [
    ...(countries === undefined ? [] : [shares.countries(countries.map((code) => names.of(code) ?? code))]),
    ...(networks === undefined ? [] : [shares.networks(networks)]),
  ];
}

/** How long a token lives limits nobody, so it is not said. */
function termsInWords({ agreement, uses, signed_in_within }: TermsBody, { shares }: Words): readonly string[] {
  return [
    ...(signed_in_within === undefined ? [] : [shares.signedInWithin(Math.floor(signed_in_within / 60))]),
    ...(agreement === undefined ? [] : [shares.agreement(agreement.title)]),
    ...(uses === undefined ? [] : [shares.uses(uses)]),
  ];
}
