import { type ClaimScalar, type PartyClaims, statementsOf } from "../../protocol/claims.ts";
import { canonicalDomain } from "../../shared/domain.ts";
import { canonicalEmail } from "../../shared/email.ts";
import { CLAIM_OPERATORS, type ClaimOperator, issuersOf } from "../language/claim-operators.ts";
import type { ClaimTest } from "../language/policy.ts";
import { type ClaimValues, claimValues } from "./claim-values.ts";
import { because, type Finding, YES } from "./finding.ts";
import type { Need, Truth } from "./outcome.ts";

type Answer = Exclude<Truth, "unknown">;
type Comparison = (values: ClaimValues, test: ClaimTest) => Answer;

/**
 * Every operator, on all values of the claim. One matching value is enough; a value that cannot be compared is an error,
 * not a no: `not` keeps it.
 */
const COMPARISONS = {
  exists: (_values, { exists }) => (exists === true ? "yes" : "error"),
  equals: (values, test) => isAnyOf(values, test),
  one_of: (values, test) => (Array.isArray(test.one_of) ? isAnyOf(values, test) : "error"),
  domain: (values, { domain }) => isInDomain(values, domain),
  greater_than: (values, { greater_than }) =>
    compareNumber(values, greater_than, (bound) => values.range.greatest > bound),
  at_least: (values, { at_least }) => compareNumber(values, at_least, (bound) => values.range.greatest >= bound),
  less_than: (values, { less_than }) => compareNumber(values, less_than, (bound) => values.range.least < bound),
  at_most: (values, { at_most }) => compareNumber(values, at_most, (bound) => values.range.least <= bound),
} satisfies Record<ClaimOperator, Comparison>;

/**
 * What a test says about a party: of the issuers that it names, or of all, one value that passes is enough, whoever gave
 * it. A missing claim is unknown, never a no: "not equal" must not let silence in.
 */
export function evaluateClaimTest(test: ClaimTest, party: PartyClaims | null, path: string): Finding {
  const [operator, ...others] = CLAIM_OPERATORS.filter((candidate) => Object.hasOwn(test, candidate));
  const isReadable = typeof test.claim === "string" && others.length === 0;
  if (operator === undefined || !isReadable) return because("error", path, "it is not one known comparison");
  const issuers = issuersOf(test);
  const heard = party === null ? [] : statementsOf(party).filter(({ issuer }) => issuers?.includes(issuer) ?? true);
  if (heard.length === 0) return missing(test, path, "is needed from another issuer");
  const stated = heard.map((statement) => claimValues(statement, test.claim)).filter(({ all }) => all.size > 0);
  if (stated.length === 0) return missing(test, path, "is not known yet");
  const answers = stated.map((values) => COMPARISONS[operator](values, test));
  return toFinding(ANSWERS.find((answer) => answers.includes(answer)) ?? "error", test, path);
}

/** Strongest first: what one issuer affirms no other takes back, and what cannot be compared is not settled by a no. */
const ANSWERS: readonly Answer[] = ["yes", "error", "no"];

function missing(test: ClaimTest, path: string, why: string): Finding {
  const need: Need = { kind: "claim", claim: test.claim, issuers: issuersOf(test) };
  return because("unknown", path, `the claim ${test.claim} ${why}`, [need]);
}

function toFinding(answer: Answer, test: ClaimTest, path: string): Finding {
  if (answer === "yes") return YES;
  if (answer === "no") return because("no", path, `the claim ${test.claim} does not pass`);
  return because("error", path, `the claim ${test.claim} cannot be compared in this way`);
}

/** Values of another type than every operand cannot be compared. */
function isAnyOf(values: ClaimValues, test: ClaimTest): Answer {
  const { exact, addresses, types, areReadable } = operandsOf(test);
  if (exact.some((operand) => values.all.has(operand))) return "yes";
  if (addresses.some((address) => values.addresses.canonical.has(address))) return "yes";
  if (!values.areAll(types)) return "error";
  const isCertain = test.claim !== "email" || !values.has("string") || (areReadable && values.addresses.areReadable);
  return isCertain ? "no" : "error";
}

/** What a claim is compared with. Addresses are compared by what they mean, everything else exactly. */
interface Operands {
  readonly exact: readonly ClaimScalar[];
  readonly addresses: readonly string[];
  readonly types: ReadonlySet<string>;
  /** An address that cannot be read could be any. */
  readonly areReadable: boolean;
}

/** Read once for each version of a policy; they go with it. */
const read = new WeakMap<ClaimTest, Operands>();

function operandsOf(test: ClaimTest): Operands {
  const operands = read.get(test) ?? readOperands(test);
  read.set(test, operands);
  return operands;
}

function readOperands({ claim, equals, one_of }: ClaimTest): Operands {
  const operands = one_of ?? (equals === undefined ? [] : [equals]);
  const isAddress = (operand: ClaimScalar) => claim === "email" && typeof operand === "string";
  const addresses = operands.filter(isAddress).map((operand) => canonicalEmail(String(operand)));
  return {
    exact: operands.filter((operand) => !isAddress(operand)),
    addresses: addresses.filter((address) => address !== null),
    types: new Set(operands.map((operand) => typeof operand)),
    areReadable: !addresses.includes(null),
  };
}

function isInDomain(values: ClaimValues, domain: unknown): Answer {
  const expected = typeof domain === "string" ? canonicalDomain(domain) : null;
  if (expected === null) return "error";
  if (values.addresses.domains.has(expected)) return "yes";
  return values.areAll(new Set(["string"])) && values.addresses.areReadable ? "no" : "error";
}

function compareNumber(values: ClaimValues, bound: unknown, holds: (bound: number) => boolean): Answer {
  if (typeof bound !== "number") return "error";
  if (values.has("number") && holds(bound)) return "yes";
  return values.areAll(new Set(["number"])) ? "no" : "error";
}
