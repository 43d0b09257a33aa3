import { isAboutToken, mayState, mayVerifyAddressesOf } from "../../protocol/admissible-claims.ts";
import type { ListedIssuer } from "../../protocol/issuer-directory.ts";
import { canonicalDomain } from "../../shared/domain.ts";
import { emailDomain } from "../../shared/email.ts";
import type { Warning } from "../../shared/warning.ts";
import { issuersOf } from "../language/claim-operators.ts";
import type { ClaimTest } from "../language/policy.ts";
import type { ReviewFacts } from "./facts.ts";
import { ANY_TRUTH, only, type Reviewed, without } from "./possible.ts";

const NUMERIC = ["greater_than", "at_least", "less_than", "at_most"] as const;

/** Whether somebody's word can count for this claim, and for the value that it is tested for. */
export function reviewClaim(test: ClaimTest, path: string, facts: ReviewFacts): Reviewed {
  const { claim } = test;
  if (isAboutToken(claim) && claim !== "sub") {
    return neverKnown(`${path}.claim`, "is about the token and not about a person: it never counts");
  }
  const named = issuersOf(test);
  if (named === null && !facts.areAllIssuers) return { possible: ANY_TRUTH, warnings: [] };
  const speakers = facts.issuers.filter((one) => (named?.includes(one.issuer) ?? true) && maySpeak(one, claim));
  const warnings = reviewIssuers(test, `${path}.issuer`, facts);
  if (speakers.length === 0) {
    if (warnings.length > 0) return { possible: only("unknown"), warnings };
    return neverKnown(`${path}.claim`, "no trusted issuer may speak for this claim");
  }
  const { possible, warnings: more } = claim === "email" ? reviewEmail(test, path, speakers) : OPEN;
  return { possible, warnings: [...warnings, ...more] };
}

const OPEN: Reviewed = { possible: ANY_TRUTH, warnings: [] };

function neverKnown(path: string, message: string): Reviewed {
  return { possible: only("unknown"), warnings: [{ path, message }] };
}

/** Who its subjects are every issuer may say. */
function maySpeak(issuer: ListedIssuer, claim: string): boolean {
  return claim === "sub" || mayState(issuer, claim);
}

function reviewIssuers({ claim, issuer }: ClaimTest, path: string, { issuers }: ReviewFacts): readonly Warning[] {
  const named = typeof issuer === "string" ? [issuer] : (issuer ?? []);
  return named.flatMap((name, index) => {
    const trusted = issuers.filter((one) => one.issuer === name);
    if (trusted.some((one) => maySpeak(one, claim))) return [];
    const message =
      trusted.length > 0 ? `may not speak for ${claim} here` : "is not trusted here, so its word does not count";
    return [{ path: typeof issuer === "string" ? path : `${path}[${index}]`, message }];
  });
}

/** An address counts only where somebody may speak for its domain. */
function reviewEmail(test: ClaimTest, path: string, speakers: readonly ListedIssuer[]): Reviewed {
  const number = NUMERIC.find((operator) => Object.hasOwn(test, operator));
  if (number !== undefined) {
    const warning = { path: `${path}.${number}`, message: "an e-mail address is never a number" };
    return { possible: only("unknown", "error"), warnings: [warning] };
  }
  const domains = domainsOf(test);
  const warnings = domains
    .filter(({ domain }) => !speakers.some((issuer) => mayVerifyAddressesOf(issuer, domain)))
    .map(({ member }) => ({
      path: `${path}.${member}`,
      message: "no issuer that counts here may speak for addresses of this domain",
    }));
  const isOpen = domains.length === 0 || warnings.length < domains.length;
  return { possible: isOpen ? ANY_TRUTH : without("yes", ANY_TRUTH), warnings };
}

/** The domains that a test expects, each with the member that does; none where it takes any. */
function domainsOf({ equals, one_of, domain }: ClaimTest) {
  if (domain !== undefined) return [{ member: "domain", domain: canonicalDomain(domain) }];
  if (equals !== undefined) return [{ member: "equals", domain: emailDomain(String(equals)) }];
  return (one_of ?? []).map((one, index) => ({ member: `one_of[${index}]`, domain: emailDomain(String(one)) }));
}
