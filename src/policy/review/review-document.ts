import { mayState, mayVerifyAddressesOf } from "../../protocol/admissible-claims.ts";
import { emailDomain } from "../../shared/email.ts";
import { MAX_WARNINGS } from "../../shared/limits.ts";
import type { Warning } from "../../shared/warning.ts";
import { askTarget } from "../language/kinds.ts";
import { parseDateTime } from "../language/local-time.ts";
import type { Effect, GroupBody, PolicyBody, TargetBody } from "../language/policy.ts";
import type { ReviewFacts } from "./facts.ts";
import type { Possible } from "./possible.ts";
import { reviewCondition } from "./review-condition.ts";

/**
 * What the author of a policy may well have meant otherwise: names of what there is not, and conditions that nobody can
 * meet. Nothing of it is refused, because what is missing may come later.
 * @param now epoch seconds.
 * @returns the first of them, in the order of the document.
 */
export function reviewPolicy(document: PolicyBody, facts: ReviewFacts, now: number): readonly Warning[] {
  const { target, scopes, effect, who, when } = document;
  const { possible, warnings } = reviewCondition(who, "who", effect, facts);
  return [
    ...reviewTarget(target, facts),
    ...reviewScopes(scopes, facts),
    ...warnings,
    ...warn("who", describeHopeless(effect, possible)),
    ...warn("when.expires", isPast(when?.expires, now) ? EXPIRED : null),
  ].slice(0, MAX_WARNINGS);
}

function isPast(expires: string | undefined, now: number): boolean {
  return expires !== undefined && Math.floor(parseDateTime(expires)) <= now;
}

const EXPIRED = "is past, so this policy does nothing any more";

/** What the author of a group may well have meant otherwise. That it is empty is no mistake: so it begins, and so it ends. */
export function reviewGroup({ members }: GroupBody, facts: ReviewFacts): readonly Warning[] {
  const warnings = members.flatMap((member, index) => {
    const path = `members[${index}]`;
    if ("issuer" in member) {
      const isTrusted = facts.issuers.some(({ issuer }) => issuer === member.issuer);
      return warn(`${path}.issuer`, isTrusted ? null : "is not trusted here, so nobody is known by its word");
    }
    return warn(
      `${path}.email`,
      isVerifiable(member.email, facts) ? null : "no trusted issuer may speak for this address",
    );
  });
  return warnings.slice(0, MAX_WARNINGS);
}

function isVerifiable(address: string, { issuers, areAllIssuers }: ReviewFacts): boolean {
  const domain = emailDomain(address);
  return !areAllIssuers || issuers.some((one) => mayState(one, "email") && mayVerifyAddressesOf(one, domain));
}

const reviewTarget: (target: TargetBody, facts: ReviewFacts) => readonly Warning[] = askTarget<
  [facts: ReviewFacts],
  readonly Warning[]
>(
  {
    resources: (target, { resources }) =>
      target.resources.flatMap((id, index) =>
        warn(`target.resources[${index}]`, resources.has(id) ? null : "there is no such resource of this owner"),
      ),
    type: (_, { resources }) => warn("target.type", resources.size > 0 ? null : "no resource has this type"),
    all: () => [],
  },
  () => [],
);

/** Where a target has no resources yet, nobody knows its scopes. */
function reviewScopes(scopes: PolicyBody["scopes"], facts: ReviewFacts): readonly Warning[] {
  if (scopes === "all" || facts.resources.size === 0 || !facts.areAllResources) return [];
  return scopes.flatMap((scope, index) =>
    warn(`scopes[${index}]`, facts.scopes.has(scope) ? null : "no resource of the target has this scope"),
  );
}

/** What follows for a policy as a whole from what its `who` can come to; null where it can still do what it says. */
function describeHopeless(effect: Effect, possible: Possible): string | null {
  if (effect === "permit")
    return possible.has("yes") ? null : "nobody can meet this as things are, so it permits nothing";
  if (possible.has("yes") || possible.size > 1) return null;
  if (possible.has("error")) return "cannot be evaluated as things are, so it denies everybody";
  if (possible.has("no")) return "nobody can meet this as things are, so it denies nothing";
  return "nobody can tell whether this holds as things are, so nothing that it is about is granted";
}

function warn(path: string, message: string | null): readonly Warning[] {
  return message === null ? [] : [{ path, message }];
}
