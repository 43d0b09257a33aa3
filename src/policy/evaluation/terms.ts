import { type PartyClaims, statementsOf } from "../../protocol/claims.ts";
import { findUnknownMember, TERMS_MEMBERS } from "../language/members.ts";
import type { Policy, TermsBody } from "../language/policy.ts";
import { allOf, because, type Finding, YES } from "./finding.ts";
import type { Need } from "./outcome.ts";
import { narrow, type Witnesses } from "./witnesses.ts";

/** What the terms of a policy look at. */
export interface TermsFacts {
  readonly party: PartyClaims | null;
  /** Whose word could still tell what the party has not said. */
  readonly witnesses: Witnesses;
  /** How many more RPTs may be made under a policy; only asked when its terms limit the uses. */
  readonly usesLeft: (policy: Policy) => number;
  /** The ids of the policies whose agreement the party has accepted. */
  readonly agreements: readonly string[];
  /** Epoch seconds. */
  readonly now: number;
}

/** Whether the terms of a permit are met, but for the owner's approval, which is weighed last (evaluate.ts). */
export function evaluateTerms(policy: Policy, terms: TermsBody, facts: TermsFacts): Finding {
  const unknown = findUnknownMember(terms, TERMS_MEMBERS);
  if (unknown !== undefined) return because("error", "terms", `${unknown} is not known`);
  const findings = [
    evaluateSignIn(terms, facts),
    evaluateAgreement(policy, terms, facts),
    evaluateUses(policy, terms, facts),
  ];
  return allOf(findings, "permit");
}

function evaluateSignIn(terms: TermsBody, facts: TermsFacts): Finding {
  const within = terms.signed_in_within;
  if (within === undefined || findFreshSignIn(within, facts) !== null) return YES;
  const need: Need = { kind: "sign_in", within, issuers: null };
  const finding = because("unknown", "terms.signed_in_within", "a more recent sign-in is needed", [need]);
  return narrow(finding, facts.witnesses, "permit");
}

/**
 * The newest sign-in that is recent enough, wherever it was, in epoch seconds. An issuer's clock may be ahead of ours, but
 * not so far that a sign-in stays recent for ever.
 */
function findFreshSignIn(within: number, { party, now }: TermsFacts): number | null {
  if (party === null) return null;
  const times = statementsOf(party).flatMap(({ authenticatedAt }) => authenticatedAt ?? []);
  const fresh = times.filter((time) => Math.abs(now - time) <= within);
  return fresh.length > 0 ? Math.max(...fresh) : null;
}

/** From when on a sign-in is no longer recent enough, in epoch seconds; null when the terms do not ask for one. */
export function findSignInEnd({ signed_in_within: within }: TermsBody, facts: TermsFacts): number | null {
  const signedInAt = within === undefined ? null : findFreshSignIn(within, facts);
  return within === undefined || signedInAt === null ? null : signedInAt + within + 1;
}

function evaluateAgreement(policy: Policy, terms: TermsBody, facts: TermsFacts): Finding {
  if (terms.agreement === undefined || facts.agreements.includes(policy.id)) return YES;
  const need = { kind: "agreement", policyId: policy.id } as const;
  const finding = because("unknown", "terms.agreement", "the party has not accepted the agreement", [need]);
  return narrow(finding, facts.witnesses, "permit");
}

function evaluateUses(policy: Policy, terms: TermsBody, facts: TermsFacts): Finding {
  if (terms.uses === undefined || facts.usesLeft(policy) > 0) return YES;
  return because("no", "terms.uses", "its uses are spent");
}
