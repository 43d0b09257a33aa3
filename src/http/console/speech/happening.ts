import type { DenialCause } from "../../../events/event.ts";
import { partyOf } from "../../../ledger/activity.ts";
import type { NamedActivity } from "../../../operations/own/read-activity.ts";
import type { Words } from "../../../pages/words/en.ts";
import { said } from "../../../pages/words/said.ts";
import { actInSentence, personInWords } from "./naming.ts";
import { firstOf } from "./policy.ts";

/** Who reads: in a language, and as which account, who is "you". */
export interface Reader {
  readonly words: Words;
  readonly accountId: string;
}

/**
 * An entry of the log as a sentence, such as "Dr. Roth was let in to view Lab results." An entry can be of another release,
 * which told it otherwise, so nothing in it is taken for granted.
 */
export function happeningInWords(entry: NamedActivity, { words }: Reader): string {
  const sentence = sentenceOf(entry, words);
  return sentence.charAt(0).toLocaleUpperCase(words.language.locale) + sentence.slice(1);
}

function sentenceOf(entry: NamedActivity, words: Words): string {
  const { activity } = words;
  const { detail } = entry;
  const app = appInWords(entry, entry.clientId, words);
  if (detail.rest === true) return activity.counted(app);
  switch (entry.kind) {
    case "granted":
      return activity.admitted(whoInWords(entry, words), ...reachInWords(permissionsIn(entry), entry, words));
    case "denied":
      return refusalInWords(entry, words);
    case "submitted":
      return activity.asked(whoInWords(entry, words));
    case "request_decided":
      return activity[detail.decision === "approved" ? "approved" : "declined"](whoInWords(entry, words));
    case "request_expired":
      return activity.expired(whoInWords(entry, words));
    case "agreed":
      return (
        named(entry, "policyId", (share) => activity.agreed(whoInWords(entry, words), share)) ??
        activity.agreedToSome(whoInWords(entry, words))
      );
    case "claim_token_refused":
      return activity.unbelieved(app);
    case "replayed":
      return detail.withdrawn === true ? activity.repeatedAndEnded(app) : activity.repeated(app);
    case "refresh_reused":
    case "code_replayed":
      return activity.reused(app);
    case "authorized":
      return activity.connected(app);
    case "revoked":
      return activity.gaveBack(app);
    case "changed":
      return changeInWords(entry, words);
    case "administrators_changed":
      return administratorsInWords(entry, words);
    case "cut":
      return cutInWords(entry, words);
    default:
      return activity.changed;
  }
}

/** Through which app, or by whom: what stands below the sentence. */
export function originInWords(entry: NamedActivity, { words, accountId }: Reader): string {
  const { activity } = words;
  if (DONE_THROUGH_APPS.has(entry.kind)) return activity.through(appInWords(entry, entry.clientId, words));
  const by = entry.detail.accountId;
  if (by === accountId) return activity.byYou;
  if (typeof by === "string") {
    const name = entry.names.get(by);
    return name === undefined ? activity.bySomebody : activity.by(said`${name}`);
  }
  return entry.clientId === null ? activity.byOperator : activity.by(appInWords(entry, entry.clientId, words));
}

const DONE_THROUGH_APPS: ReadonlySet<string> = new Set([
  "granted",
  "denied",
  "submitted",
  "request_expired",
  "agreed",
  "claim_token_refused",
  "replayed",
  "refresh_reused",
  "code_replayed",
  "revoked",
]);

/** Why somebody was not let in, each reason once. */
export function reasonsInWords(entry: NamedActivity, { words }: Reader): readonly string[] {
  if (entry.kind !== "denied") return [];
  const { reasons } = words.activity;
  const cause = String(entry.detail.cause);
  if (Object.hasOwn(CAUSES, cause)) return [reasons[CAUSES[cause as keyof typeof CAUSES]]];
  return [...new Set(listIn(entry.detail.refused).map((refused) => reasons[reasonOf(refused)]))];
}

/** Causes that have nothing to do with what is shared. */
const CAUSES = {
  client_may_not_push: "appCannotTell",
  client_may_not_redirect: "appCannotTell",
  resource_gone: "gone",
  owner_refused: "declined",
  owner_silent: "undecided",
  too_many_waiting: "tooManyWaiting",
  too_much: "tooMuch",
} as const satisfies Record<Exclude<DenialCause, "policies">, ReasonKey>;

type ReasonKey = keyof Words["activity"]["reasons"];

/** By the part of a policy that a reason is about (policy/evaluation/evaluate.ts). */
const REASONS = { who: "otherPeople", when: "time", where: "place", terms: "terms" } as const;

/** What one policy said about one thing. Whatever said yes is not why; where all did, something forbids it. */
function reasonOf({ policyId, outcome, reasons }: Fields): ReasonKey {
  if (typeof policyId !== "string") return "notShared";
  if (outcome === "yes") return "forbidden";
  const parts = listIn(reasons).map(({ path, truth }) => [String(path).split(/[.[]/)[0], truth] as const);
  if (parts.some(([, truth]) => truth === "error")) return "unreadable";
  const [part, truth] = parts[0] ?? [];
  if (part === "who" && truth === "unknown") return "unknown";
  return part !== undefined && Object.hasOwn(REASONS, part) ? REASONS[part as keyof typeof REASONS] : "notShared";
}

function refusalInWords(entry: NamedActivity, words: Words): string {
  const who = whoInWords(entry, words);
  const refused = listIn(entry.detail.refused);
  if (refused.length === 0) return words.activity.refusedAll(who);
  const permissions = refused.map(({ resourceId, scope }) => ({
    id: String(resourceId),
    scopes: typeof scope === "string" ? [scope] : [],
  }));
  return words.activity.refused(who, ...reachInWords(permissions, entry, words));
}

interface Permission {
  readonly id: string;
  readonly scopes: readonly string[];
}

function permissionsIn({ detail }: NamedActivity): readonly Permission[] {
  return listIn(detail.permissions).map(({ resource_id, resource_scopes }) => ({
    id: String(resource_id),
    scopes: Array.isArray(resource_scopes) ? resource_scopes.map(String) : [],
  }));
}

/** What could be done with which things. */
function reachInWords(
  permissions: readonly Permission[],
  entry: NamedActivity,
  words: Words,
): readonly [acts: string, things: string] {
  const acts = permissions.flatMap(({ id, scopes }) => {
    const scopeNames = entry.scopeNames.get(id);
    return scopes.map((scope) => actInSentence(scope, scopeNames === undefined ? [] : [scopeNames], words));
  });
  const things = [...new Set(permissions.map(({ id }) => id))].map((id) => thingInWords(entry, id, words));
  const { list, targets } = words.shares;
  return [
    acts.length === 0 ? words.activity.use : list([...new Set(acts)]),
    things.length === 0 ? targets.lost : list(firstOf(things, targets.more)),
  ];
}

function changeInWords(entry: NamedActivity, words: Words): string {
  const { activity } = words;
  const { change, subject } = entry.detail;
  const id = typeof subject === "string" ? subject : null;
  const subjectApp = appInWords(entry, id, words);
  switch (change) {
    case "put_policy":
      return named(entry, "subject", activity.shareChanged) ?? activity.someShareChanged;
    case "delete_policy":
      return named(entry, "subject", activity.shareEnded) ?? activity.someShareEnded;
    case "put_group":
      return named(entry, "subject", activity.groupChanged) ?? activity.someGroupChanged;
    case "delete_group":
      return activity.groupRemoved;
    case "put_connection":
    case "allow_connection":
      return activity.connected(subjectApp);
    case "end_connection":
      return activity.disconnected(subjectApp);
    case "revoke_token":
      return activity.ownAccessEnded(appInWords(entry, entry.clientId, words));
    case "update_resource":
      return activity.thingChanged(thingInWords(entry, id ?? "", words));
    case "delete_resource":
      return activity.thingRemoved;
    default:
      return activity.changed;
  }
}

function cutInWords(entry: NamedActivity, words: Words): string {
  const { activity } = words;
  const { by, clientId, resourceId } = entry.detail;
  switch (by) {
    case "everyone":
      return activity.everyoneEnded;
    case "client":
      return activity.appEnded(appInWords(entry, typeof clientId === "string" ? clientId : null, words));
    case "party":
      return activity.personEnded(whoInWords(entry, words));
    case "resource":
      return activity.thingEnded(thingInWords(entry, String(resourceId), words));
    default:
      return activity.oneEnded(whoInWords(entry, words));
  }
}

function administratorsInWords(entry: NamedActivity, words: Words): string {
  const { administrators } = words.activity;
  switch (entry.detail.what) {
    case "added":
      return named(entry, "administratorId", administrators.added) ?? administrators.somebodyAdded;
    case "ended":
      return named(entry, "administratorId", administrators.ended) ?? administrators.somebodyEnded;
    case "invitation_taken_back":
    case "invitation_declined":
      return administrators[entry.detail.what];
    default:
      return administrators.invited;
  }
}

/** Says something with the name of what a member of the detail names; null where it has none. */
function named({ detail, names }: NamedActivity, member: string, say: (name: string) => string): string | null {
  const name = names.get(String(detail[member]));
  return name === undefined ? null : say(name);
}

function whoInWords(entry: NamedActivity, words: Words): string {
  if (partyOf(entry) === null) return words.activity.nobodyKnown;
  const { name = null, addresses = [] } = entry.card ?? {};
  return personInWords({ name, address: addresses[0] ?? null }, words);
}

function appInWords({ names }: NamedActivity, clientId: string | null, words: Words): string {
  const name = clientId === null ? undefined : names.get(clientId);
  return name === undefined ? words.activity.lostApp : said`${name}`;
}

function thingInWords({ names, scopeNames }: NamedActivity, id: string, { shares }: Words): string {
  const name = names.get(id);
  if (name !== undefined) return said`${name}`;
  return scopeNames.has(id) ? shares.targets.nameless : shares.targets.lost;
}

type Fields = Readonly<Record<string, unknown>>;

function listIn(value: unknown): readonly Fields[] {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [];
  return entries.filter((one): one is Fields => typeof one === "object" && one !== null);
}
