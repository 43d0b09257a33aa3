import type { PartyClaims } from "../../protocol/claims.ts";
import type { ProtectedResource } from "../../protocol/resource.ts";
import { Deliberation } from "../evaluation/deliberation.ts";
import type { EvaluationFacts } from "../evaluation/evaluate.ts";
import type { Decision } from "../evaluation/outcome.ts";
import { ANYBODY } from "../evaluation/witnesses.ts";
import { parseDateTime } from "../language/local-time.ts";
import { findUnknownMember, TERMS_MEMBERS, WHEN_MEMBERS } from "../language/members.ts";
import type { Group, Policy, PolicyBody } from "../language/policy.ts";
import { type Audience, readAudiences } from "./audience.ts";

/** A share that is to be, among the policies that there are. */
export interface SupposedShare {
  readonly document: PolicyBody;
  /** The policy that it replaces; null: it is another one. */
  readonly replaces: Policy | null;
  /** What it is looked at on. Of a type, or of everything, one that stands for all. */
  readonly resources: readonly ProtectedResource[];
  readonly policies: readonly Policy[];
  readonly groups: ReadonlyMap<string, Group>;
  /** Epoch seconds. */
  readonly now: number;
}

/**
 * What a share changes, counted in people. What lets in, or keeps out, only at times, in places or for some is left out of
 * account: it neither makes a share needless nor vain.
 */
export interface ShareEffect {
  /** Whether its people can be counted; else whomever it names count as one. */
  readonly isCounted: boolean;
  /** Whether not all of them were looked at, because there are very many. */
  readonly isPartial: boolean;
  /** Those who could do nothing at all with any of it, and now can do something. */
  readonly newcomers: number;
  /** Those who can do more than before. */
  readonly gainers: number;
  /** Those who can do less than before. */
  readonly losers: number;
  /** Those who get nothing new by it. */
  readonly unchanged: number;
  /** Of these, those whom a deny keeps out. */
  readonly keptOut: number;
  /** Ids of policies that allow it already. */
  readonly allowedBy: readonly string[];
  /** Ids of policies that keep somebody out. */
  readonly deniedBy: readonly string[];
}

/** Evaluations of one preview, each of one policy for one person; more take longer than somebody likes to wait. */
const MAX_EVALUATIONS = 40_000;
/** Answers of one preview, each of one policy to one question: what one says is known, but has to be weighed. */
const MAX_ANSWERS = 400_000;
/** What the weighing of a question costs by itself, in answers. */
const ANSWERS_PER_QUESTION = 10;

/** @returns null for a document whose people cannot be told one by one: it is no share (describe-share.ts). */
export function assessShare(share: SupposedShare): ShareEffect | null {
  const visitors = visitorsOf(share);
  if (visitors === null) return null;
  const before = lasting(share.policies, share);
  const after = [
    ...before.filter(({ id }) => id !== share.replaces?.id),
    { id: share.replaces?.id ?? "", version: 0, document: timeless(share.document) },
  ];
  const seen = visitors.people.slice(0, roomFor(share.resources, before.length + after.length));
  const changes = seen.map((visitor) => compare(share, visitor, before, after));
  const count = (holds: (change: Change) => boolean) => changes.filter(holds).length;
  return {
    isCounted: visitors.areCounted,
    isPartial: seen.length < visitors.people.length,
    newcomers: count(({ isNew }) => isNew),
    gainers: count(({ isMore }) => isMore),
    losers: count(({ isLess }) => isLess),
    unchanged: count(isNothing),
    keptOut: changes.filter(({ deniedBy }) => deniedBy.length > 0).length,
    allowedBy: distinct(changes.flatMap(({ allowedBy }) => allowedBy)),
    deniedBy: distinct(changes.flatMap(({ deniedBy }) => deniedBy)),
  };
}

/** How many people can be looked at. */
function roomFor(resources: readonly ProtectedResource[], policies: number): number {
  const questions = resources.reduce((count, resource) => count + scopesOf(resource).length, 0);
  const answers = questions * (policies + ANSWERS_PER_QUESTION);
  return Math.max(1, Math.floor(Math.min(MAX_EVALUATIONS / policies, MAX_ANSWERS / answers)));
}

/**
 * What the effect of a document is looked at on. Of a kind, or of everything, it is one that no policy names by itself: so only
 * what holds for all of them counts.
 */
export function examplesOf(
  { target, scopes }: PolicyBody,
  resources: readonly ProtectedResource[],
): readonly ProtectedResource[] {
  if ("resources" in target) return resources;
  const type = "type" in target ? target.type : null;
  const known = scopes === "all" ? [...new Set(resources.flatMap((one) => one.scopes))] : scopes;
  return [{ id: "", resourceServerId: "", type, scopes: known, collections: [] }];
}

/** Somebody whom a share names, and the app that they come by. */
interface Visitor {
  readonly party: PartyClaims | null;
  readonly clientId: string;
}

function visitorsOf(share: SupposedShare) {
  const audiences = readAudiences(share.document.who);
  if (audiences === null) return null;
  const clientId = audiences.through?.[0] ?? "";
  const people = audiences.whom.flatMap((audience) => peopleOf(audience, clientId, share));
  const areCounted = audiences.whom.every(({ kind }) => COUNTED.includes(kind));
  return { people: [...new Map(people.map((one) => [JSON.stringify(one), one])).values()], areCounted };
}

const COUNTED: readonly Audience["kind"][] = ["address", "person", "group"];

function peopleOf(audience: Audience, clientId: string, { groups, now }: SupposedShare): readonly Visitor[] {
  const anyIssuer = "";
  const whoseEmailIs = (email: string, issuer = anyIssuer) => ({
    party: statement(issuer, "", { email }, now),
    clientId,
  });
  switch (audience.kind) {
    case "everybody":
      return [{ party: null, clientId }];
    case "app":
      return [{ party: null, clientId: audience.clientId }];
    case "address":
      return [whoseEmailIs(audience.address, audience.vouchers?.[0])];
    case "domain":
      return [whoseEmailIs(`somebody-or-other@${audience.domain}`, audience.vouchers?.[0])];
    case "person":
      return [{ party: statement(audience.issuer, audience.subject, {}, now), clientId }];
    case "group": {
      const members = groups.get(audience.groupId)?.document.members ?? [];
      return members.map((member) =>
        "email" in member
          ? whoseEmailIs(member.email)
          : { party: statement(member.issuer, member.subject, {}, now), clientId },
      );
    }
  }
}

function statement(issuer: string, subject: string, claims: PartyClaims["claims"], now: number): PartyClaims {
  const sub = subject === "" ? {} : { sub: subject };
  return { issuer, subject, claims: { ...sub, ...claims }, authenticatedAt: now, issuedAt: now };
}

/** What happens to one person, who may well get one thing and lose another. */
interface Change {
  readonly isNew: boolean;
  readonly isMore: boolean;
  readonly isLess: boolean;
  readonly allowedBy: readonly string[];
  readonly deniedBy: readonly string[];
}

function compare(share: SupposedShare, visitor: Visitor, before: readonly Policy[], after: readonly Policy[]): Change {
  const facts = factsOf(share, visitor);
  const [was, becomes] = [new Deliberation(before, facts), new Deliberation(after, facts)];
  const questions = share.resources.flatMap((resource) =>
    scopesOf(resource).map((scope) => [was.decide(resource, scope), becomes.decide(resource, scope)] as const),
  );
  const about = questions.filter(([, { considered }]) =>
    considered.some(({ policyId }) => policyId === (share.replaces?.id ?? "")),
  );
  const isMore = questions.some(([one, other]) => accessIn(other) > accessIn(one));
  const isLess = questions.some(([one, other]) => accessIn(other) < accessIn(one));
  const hadAny = questions.some(([one]) => accessIn(one) > 0);
  const deniedBy = about.flatMap(([, decision]) => denialsIn(decision));
  const isVain = !isMore && !isLess && deniedBy.length === 0;
  return {
    isNew: isMore && !hadAny,
    isMore: isMore && hadAny,
    isLess,
    allowedBy: isVain ? about.flatMap(([decision]) => permitsIn(decision)) : [],
    deniedBy,
  };
}

function isNothing({ isNew, isMore, isLess }: Change): boolean {
  return !isNew && !isMore && !isLess;
}

function factsOf({ groups, now }: SupposedShare, visitor: Visitor): EvaluationFacts {
  return {
    ...visitor,
    witnesses: ANYBODY,
    groups,
    whereabouts: { country: null, address: null },
    usesLeft: () => 1,
    agreements: [],
    now,
  };
}

function scopesOf({ scopes }: ProtectedResource): readonly (string | null)[] {
  return scopes.length > 0 ? scopes : [null];
}

/** 2: it is permitted; 1: the owner is asked; 0: neither, or it is denied. What is denied only to some is not. */
function accessIn(decision: Decision): number {
  if (denialsIn(decision).length > 0) return 0;
  const permits = decision.considered.filter(({ effect }) => effect === "permit");
  if (permits.some(({ outcome }) => outcome === "yes")) return 2;
  return permits.some(({ outcome }) => outcome === "submitted") ? 1 : 0;
}

function denialsIn({ considered }: Decision): readonly string[] {
  return considered.flatMap(({ effect, outcome, policyId }) =>
    effect === "deny" && outcome === "yes" ? [policyId] : [],
  );
}

function permitsIn({ considered }: Decision): readonly string[] {
  return considered.flatMap(({ effect, outcome, policyId }) =>
    effect === "permit" && outcome !== "no" && outcome !== "unknown" ? [policyId] : [],
  );
}

/** The policies that hold whenever the share would, and wherever somebody is, as they are looked at here. */
function lasting(policies: readonly Policy[], { document, replaces, now }: SupposedShare): readonly Policy[] {
  return policies.flatMap((policy) => {
    if (policy.document.effect === "deny") return lastsAsDeny(policy.document, now) ? [policy] : [];
    const isLasting = policy.id === replaces?.id || outlasts(policy.document, document, now);
    return isLasting ? [{ ...policy, document: timeless(policy.document) }] : [];
  });
}

/** A deny that cannot be read denies (evaluation/evaluate.ts). */
function lastsAsDeny({ when, where }: PolicyBody, now: number): boolean {
  if (when !== undefined && findUnknownMember(when, WHEN_MEMBERS) !== undefined) return true;
  if (where !== undefined || when?.hours !== undefined) return false;
  return hasBegun(when?.not_before, now) && endOf(when?.expires) > now;
}

function outlasts({ when = {}, where, terms = {} }: PolicyBody, share: PolicyBody, now: number): boolean {
  if (where !== undefined || when.hours !== undefined || terms.uses !== undefined) return false;
  if (findUnknownMember(when, WHEN_MEMBERS) !== undefined) return false;
  if (findUnknownMember(terms, TERMS_MEMBERS) !== undefined) return false;
  if (!hasBegun(when.not_before, now) || endOf(when.expires) < endOf(share.when?.expires)) return false;
  const isFresher = (terms.signed_in_within ?? EVER) < (share.terms?.signed_in_within ?? EVER);
  return !isFresher && (terms.agreement === undefined || terms.agreement.text === share.terms?.agreement?.text);
}

const EVER = Number.POSITIVE_INFINITY;

function hasBegun(from: string | undefined, now: number): boolean {
  return from === undefined || parseDateTime(from) <= now;
}

function endOf(expires: string | undefined): number {
  return expires === undefined ? EVER : parseDateTime(expires);
}

/** What was found to last is looked at without its times and terms, but for the owner's word. */
function timeless({ when, where, terms, ...document }: PolicyBody): PolicyBody {
  return terms?.approval === undefined ? document : { ...document, terms: { approval: true } };
}

function distinct(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}
