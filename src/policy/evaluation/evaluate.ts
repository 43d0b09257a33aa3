import type { ProtectedResource } from "../../protocol/resource.ts";
import { askTarget } from "../language/kinds.ts";
import { findUnknownMember, POLICY_MEMBERS } from "../language/members.ts";
import type { Effect, Policy, PolicyBody, TermsBody, WhereBody } from "../language/policy.ts";
import { type ConditionFacts, evaluateCondition } from "./condition.ts";
import { allOf, because, type Finding, YES } from "./finding.ts";
import type { Need, PolicyOutcome } from "./outcome.ts";
import { evaluateTerms, findSignInEnd, type TermsFacts } from "./terms.ts";
import { evaluateWhen, findEnd, findStart } from "./when.ts";
import { evaluateWhere, type Whereabouts } from "./where.ts";
import { narrow } from "./witnesses.ts";

/**
 * Everything that evaluation looks at. What the party says (claims) and what the server sees itself (whereabouts, now) are
 * separate on purpose: no claim can stand in for context.
 */
export interface EvaluationFacts extends ConditionFacts, TermsFacts {
  readonly whereabouts: Whereabouts;
}

/**
 * Whether a policy is about this scope of this resource.
 *
 * @param scope null for a permission that asks for no scope: only a policy about all scopes covers it.
 */
export function policyApplies(policy: Policy, resource: ProtectedResource, scope: string | null): boolean {
  const { target, scopes } = policy.document;
  if (!isReadable(policy.document)) return effectOf(policy) === "deny";
  return targetCovers(target, resource) && (scopes === "all" || (scope !== null && scopes.includes(scope)));
}

/**
 * What a policy can be about: what its target says, or, if it cannot be read, everything when it denies and nothing when
 * it permits.
 */
export function reachOf(policy: Policy): "target" | "everything" | "nothing" {
  if (isReadable(policy.document)) return "target";
  return effectOf(policy) === "deny" ? "everything" : "nothing";
}

/** An effect that this code does not know is none it may permit by. */
function effectOf(policy: Policy): Effect {
  return policy.document.effect === "permit" ? "permit" : "deny";
}

/** INVARIANT: what a policy is about must be understood before it may permit; a deny that is not denies everything. */
function isReadable({ target, scopes }: PolicyBody): boolean {
  return isReadableTarget(target) && (scopes === "all" || Array.isArray(scopes));
}

const isReadableTarget = askTarget<[], boolean>(
  { resources: ({ resources }) => Array.isArray(resources), type: () => true, all: () => true },
  () => false,
);

/** Whether a policy can matter to a resource at all, whatever the scope; one that cannot be read matters to all. */
export function mayConcern(document: PolicyBody, resource: ProtectedResource): boolean {
  return !isReadable(document) || targetCovers(document.target, resource);
}

/** Only asked of a target that can be read. */
const targetCovers = askTarget<[resource: ProtectedResource], boolean>(
  {
    resources: ({ resources }, { id, collections }) =>
      resources.includes(id) || collections.some((collection) => resources.includes(collection)),
    type: (target, { type }) => target.type === type,
    all: ({ all }) => all,
  },
  () => false,
);

/**
 * The collections by which alone a target that can be read reaches a resource; undefined: it reaches it without any, or
 * not at all.
 */
export const reachedThrough = askTarget<[resource: ProtectedResource], readonly string[] | undefined>(
  {
    resources: ({ resources }, { id, collections }) => {
      const through = collections.filter((collection) => resources.includes(collection));
      return through.length === 0 || resources.includes(id) ? undefined : through;
    },
    type: () => undefined,
    all: () => undefined,
  },
  () => undefined,
);

/** What one policy says about one scope of one resource; no when it is not about them. */
export function evaluatePolicy(
  policy: Policy,
  resource: ProtectedResource,
  scope: string | null,
  facts: EvaluationFacts,
): PolicyOutcome {
  const question = { resource, scope, facts };
  const finding = evaluateParts(policy, question);
  const conclude = effectOf(policy) === "permit" ? concludePermit : concludeDeny;
  return {
    policyId: policy.id,
    version: policy.version,
    ...conclude(finding, policy, question),
    tokenLifetime: policy.document.terms?.token_lifetime ?? null,
    counted: policy.document.terms?.uses !== undefined,
    memberships: finding.memberships,
  };
}

interface Question {
  readonly resource: ProtectedResource;
  readonly scope: string | null;
  readonly facts: EvaluationFacts;
}

function evaluateParts(policy: Policy, question: Question): Finding {
  const { who, when, where, terms } = policy.document;
  const { facts } = question;
  const effect = effectOf(policy);
  const findings = [
    attempt("target", () => evaluateTarget(policy, question)),
    attempt("who", () => evaluateCondition(who, facts, effect)),
    attempt("when", () => (when ? evaluateWhen(when, facts.now, effect) : YES)),
    attempt("where", () => (where ? evaluateWhere(where, facts.whereabouts, effect) : YES)),
    attempt("terms", () => (terms ? evaluateTermsOf(policy, terms, facts) : YES)),
  ];
  return allOf(findings, effect);
}

/**
 * A kept policy can be newer than this code and have any form (ledger/README.md, rule 10): what throws is an error in
 * it.
 */
function attempt(path: string, evaluate: () => Finding): Finding {
  try {
    return evaluate();
  } catch {
    return because("error", path, "it cannot be read");
  }
}

function evaluateTarget(policy: Policy, { resource, scope }: Question): Finding {
  const unknown = findUnknownMember(policy.document, POLICY_MEMBERS);
  if (unknown !== undefined) return because("error", unknown, "it is not known");
  if (!isReadable(policy.document)) return because("error", "target", "what it is about cannot be read");
  return policyApplies(policy, resource, scope) ? YES : because("no", "target", "it is about something else");
}

/** Terms are what a permit asks in return. A deny with terms is none of ours, and must not wait for an agreement. */
function evaluateTermsOf(policy: Policy, terms: TermsBody, facts: EvaluationFacts): Finding {
  if (effectOf(policy) === "permit") return evaluateTerms(policy, terms, facts);
  return because("error", "terms", "a deny has no terms");
}

type Verdict = Pick<PolicyOutcome, "effect" | "outcome" | "reasons" | "needs" | "endsAt" | "startsAt" | "where">;

/** INVARIANT: a permit that cannot be evaluated permits nothing. */
function concludePermit(finding: Finding, { document }: Policy, { facts }: Question): Verdict {
  const asksOwner = finding.truth === "yes" && document.terms?.approval !== undefined;
  const { truth, reasons, needs } = asksOwner ? evaluateApproval(facts) : finding;
  const answer = truth === "error" ? "no" : truth;
  const endsAt = finding.truth === "yes" ? findPermitEnd(document, facts) : null;
  const outcome = asksOwner && answer === "yes" ? "submitted" : answer;
  return { effect: "permit", outcome, reasons, needs, endsAt, startsAt: null, where: document.where ?? null };
}

/** When a permit that holds now ends by itself: by its time, or because the sign-in is no longer recent. */
function findPermitEnd({ when, terms }: PolicyBody, facts: EvaluationFacts): number | null {
  const ends = [when ? findEnd(when, facts.now) : null, terms ? findSignInEnd(terms, facts) : null];
  const known = ends.filter((end) => end !== null);
  return known.length > 0 ? Math.min(...known) : null;
}

/** An approval belongs to a party, so the owner is only asked about somebody known (ledger/README.md, rule 9). */
function evaluateApproval({ party, witnesses }: EvaluationFacts): Finding {
  if (party !== null) return YES;
  const need: Need = { kind: "claim", claim: "sub", issuers: null };
  const finding = because("unknown", "terms.approval", "the owner decides, and must know who asks", [need]);
  return narrow(finding, witnesses, "permit");
}

/** INVARIANT: a deny that cannot be evaluated denies. */
function concludeDeny({ truth, reasons, needs }: Finding, policy: Policy, question: Question): Verdict {
  const outcome = truth === "error" ? "yes" : truth;
  const startsAt = outcome === "no" ? findDenyStart(policy, question) : null;
  return {
    effect: "deny",
    outcome,
    reasons,
    needs,
    endsAt: null,
    startsAt,
    where: outcome === "no" ? findDenyPlace(policy, question) : null,
  };
}

/** Where a deny that does not hold now would: only if nothing but where and when keeps it off. */
function findDenyPlace(policy: Policy, question: Question): WhereBody | null {
  const { where, when, ...placeless } = policy.document;
  if (where === undefined || evaluateWhere(where, question.facts.whereabouts, "deny").truth !== "no") return null;
  return evaluateParts({ ...policy, document: placeless }, question).truth === "no" ? null : where;
}

/** When a deny that does not hold now can begin to: only if nothing but its time keeps it off. */
function findDenyStart(policy: Policy, question: Question): number | null {
  const { when, ...timeless } = policy.document;
  if (when === undefined) return null;
  const rest = evaluateParts({ ...policy, document: timeless }, question);
  return rest.truth === "no" ? null : findStart(when, question.facts.now);
}
