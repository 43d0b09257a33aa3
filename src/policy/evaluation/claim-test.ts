import type { ClaimScalar, ClaimValue, PartyClaims } from "../../protocol/claims.ts";
import { canonicalDomain } from "../../shared/domain.ts";
import { canonicalEmail, emailDomain } from "../../shared/email.ts";
import { CLAIM_OPERATORS, type ClaimOperator, issuersOf } from "../language/claim-operators.ts";
import type { ClaimTest } from "../language/policy.ts";
import { because, type Finding, YES } from "./finding.ts";
import type { Need, Truth } from "./outcome.ts";

type Answer = Exclude<Truth, "unknown">;
type Comparison = (value: ClaimScalar, operand: unknown, claim: string) => Answer;

/** Every operator, on one value of the claim. A value that cannot be compared is an error, not a no: `not` keeps it. */
const COMPARISONS = {
  exists: (_value, operand) => (operand === true ? "yes" : "error"),
  equals: (value, operand, claim) => isOneOf(value, [operand], claim),
  one_of: (value, operand, claim) => (Array.isArray(operand) ? isOneOf(value, operand, claim) : "error"),
  domain: (value, operand) => isInDomain(value, operand),
  greater_than: compareNumbers((value, bound) => value > bound),
  at_least: compareNumbers((value, bound) => value >= bound),
  less_than: compareNumbers((value, bound) => value < bound),
  at_most: compareNumbers((value, bound) => value <= bound),
} satisfies Record<ClaimOperator, Comparison>;

/** What a test says about a party. A missing claim is unknown, never a no: "not equal" must not let silence in. */
export function evaluateClaimTest(test: ClaimTest, party: PartyClaims | null, path: string): Finding {
  const [operator, ...others] = CLAIM_OPERATORS.filter((candidate) => Object.hasOwn(test, candidate));
  const isReadable = typeof test.claim === "string" && others.length === 0;
  if (operator === undefined || !isReadable) return because("error", path, "it is not one known comparison");
  if (party === null || !mayTell(test, party)) return missing(test, path, "is needed from another issuer");
  const values = claimValues(party, test.claim);
  if (values.length === 0) return missing(test, path, "is not known yet");
  return toFinding(compareAny(test, operator, values), test, path);
}

/** The values a party's issuer gave for a claim. An empty string or list says nothing, so it counts as missing. */
export function claimValues(party: PartyClaims, claim: string): readonly ClaimScalar[] {
  if (claim === "sub") return [party.subject];
  const value: ClaimValue = Object.hasOwn(party.claims, claim) ? (party.claims[claim] ?? "") : "";
  const values: readonly ClaimScalar[] = typeof value === "object" ? value : [value];
  return values.filter((single) => single !== "");
}

function mayTell(test: ClaimTest, party: PartyClaims): boolean {
  return issuersOf(test)?.includes(party.issuer) ?? true;
}

function missing(test: ClaimTest, path: string, why: string): Finding {
  const need: Need = { kind: "claim", claim: test.claim, issuers: issuersOf(test) };
  return because("unknown", path, `the claim ${test.claim} ${why}`, [need]);
}

/** One matching value is enough; a value that cannot be compared spoils a no, as in `any`. */
function compareAny(test: ClaimTest, operator: ClaimOperator, values: readonly ClaimScalar[]): Answer {
  const compare: Comparison = COMPARISONS[operator];
  const answers = values.map((value) => compare(value, test[operator], test.claim));
  return answers.find((answer) => answer === "yes") ?? answers.find((answer) => answer === "error") ?? "no";
}

function toFinding(answer: Answer, test: ClaimTest, path: string): Finding {
  if (answer === "yes") return YES;
  if (answer === "no") return because("no", path, `the claim ${test.claim} does not pass`);
  return because("error", path, `the claim ${test.claim} cannot be compared in this way`);
}

function isOneOf(value: ClaimScalar, operands: readonly unknown[], claim: string): Answer {
  const comparable = operands.filter((operand) => typeof operand === typeof value);
  if (comparable.length === 0) return "error";
  if (claim === "email" && typeof value === "string") return isOneAddressOf(value, comparable.map(String));
  return comparable.includes(value) ? "yes" : "no";
}

/** Addresses are compared by what they mean, everything else exactly. One that cannot be read could be any. */
function isOneAddressOf(value: string, operands: readonly string[]): Answer {
  const address = canonicalEmail(value);
  const addresses = operands.map(canonicalEmail);
  if (address !== null && addresses.includes(address)) return "yes";
  return address === null || addresses.includes(null) ? "error" : "no";
}

function isInDomain(value: ClaimScalar, domain: unknown): Answer {
  const found = typeof value === "string" ? emailDomain(value) : null;
  const expected = typeof domain === "string" ? canonicalDomain(domain) : null;
  if (found === null || expected === null) return "error";
  return found === expected ? "yes" : "no";
}

function compareNumbers(holds: (value: number, bound: number) => boolean): Comparison {
  return (value, bound) => {
    if (typeof value !== "number" || typeof bound !== "number") return "error";
    return holds(value, bound) ? "yes" : "no";
  };
}
