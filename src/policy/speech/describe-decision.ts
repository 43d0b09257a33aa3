import { boundNeeds } from "../evaluation/needs.ts";
import type { Decision, Need, PolicyOutcome } from "../evaluation/outcome.ts";
import { describeDuration, joinWith } from "./phrase.ts";

/**
 * A decision as one sentence that can be read aloud.
 * @param nameOf what the owner calls a policy.
 */
export function describeDecision(decision: Decision, nameOf: (policyId: string) => string): string {
  const names = (outcomes: readonly PolicyOutcome[]) => joinWith(firstNames(outcomes, nameOf), "and");
  switch (decision.outcome) {
    case "permit":
      return `Permitted by ${names(decision.grounds)}.`;
    case "submitted":
      return `The owner would be asked, as ${names(withOutcome(decision, "permit", "submitted"))} says.`;
    case "unknown":
      return `It depends on what is not known yet: ${joinWith(boundNeeds(decision.needs).map(describeNeed), "and")}.`;
    case "deny":
      return describeDenial(decision, names);
  }
}

/** Nobody listens to hundreds of names. */
const NAMES_SAID = 5;

function firstNames(outcomes: readonly PolicyOutcome[], nameOf: (policyId: string) => string): readonly string[] {
  const names = outcomes.slice(0, NAMES_SAID).map(({ policyId }) => nameOf(policyId));
  const left = outcomes.length - names.length;
  return left === 0 ? names : [...names, `${left} more`];
}

function describeDenial(decision: Decision, names: (outcomes: readonly PolicyOutcome[]) => string): string {
  const denials = withOutcome(decision, "deny", "yes");
  if (denials.length > 0) return `Denied by ${names(denials)}.`;
  if (decision.considered.length === 0) return "No policy is about this, so the answer is no.";
  return "None of the policies that are about this permits it, so the answer is no.";
}

function withOutcome(
  { considered }: Decision,
  effect: PolicyOutcome["effect"],
  outcome: PolicyOutcome["outcome"],
): readonly PolicyOutcome[] {
  return considered.filter((one) => one.effect === effect && one.outcome === outcome);
}

function describeNeed(need: Need): string {
  switch (need.kind) {
    case "claim":
      return `the claim ${need.claim}${need.issuers === null ? "" : ` from ${joinWith(need.issuers, "or")}`}`;
    case "sign_in":
      return `a sign-in within the last ${describeDuration(need.within)}`;
    case "agreement":
      return "whether the agreement is accepted";
  }
}
