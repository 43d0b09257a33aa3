import type { IssuerDirectory } from "../../protocol/issuer-directory.ts";
import type { Effect } from "../language/policy.ts";
import { because, type Finding } from "./finding.ts";
import type { Need } from "./outcome.ts";

/**
 * Whose word could still tell a claim of the party.
 * @param named issuers that the policy takes; null: any.
 * @returns the issuers to ask for; empty: nobody could; null: whoever comes.
 */
export type Witnesses = (claim: string, named: readonly string[] | null) => readonly string[] | null;

/** For whoever looks at what was found before, and asks nobody. */
export const ANYBODY: Witnesses = (_claim, named) => named;

/**
 * What a finding comes to when only those are asked who can answer. What nobody can ever tell keeps a permit from
 * holding, so that nobody is asked in vain; a deny stays open, and so nothing is permitted past it.
 */
export function narrow(finding: Finding, witnesses: Witnesses, effect: Effect): Finding {
  if (finding.truth !== "unknown") return finding;
  const needs = finding.needs.flatMap((need) => narrowNeed(need, witnesses) ?? []);
  if (needs.length > 0 || effect === "deny") return { ...finding, needs };
  const { path = "who", why = "" } = finding.reasons[0] ?? {};
  return {
    ...because("no", path, `${why}, and nobody can be asked whose word would count`),
    memberships: finding.memberships,
  };
}

/** @returns null when nobody could meet it. An agreement is made with the party in person. */
function narrowNeed(need: Need, witnesses: Witnesses): Need | null {
  if (need.kind === "agreement") return need;
  if (need.kind === "sign_in") {
    const issuers = witnesses("auth_time", null);
    return issuers?.length === 0 ? null : { ...need, issuers };
  }
  const { undisclosed, ...told } = need;
  if (undisclosed !== undefined && witnesses(need.claim, undisclosed)?.length === 0) return null;
  const issuers = witnesses(need.claim, need.issuers);
  return issuers?.length === 0 ? null : { ...told, issuers };
}

/** For a client that may not push claims: it can bring nobody's word. */
export const NOBODY: Witnesses = () => [];

/** Asks the trusted issuers, for one decision. */
export function witnessesIn(directory: IssuerDirectory): Witnesses {
  // The same claim may be missed by hundreds of policies.
  const found = new Map<string, readonly string[]>();
  return (claim, named) => {
    if (named !== null) return directory.among(named, claim);
    const issuers = found.get(claim) ?? directory.first(claim);
    found.set(claim, issuers);
    return issuers;
  };
}
