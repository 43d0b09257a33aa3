import type { ClaimTest } from "./policy.ts";

export type ClaimOperator = Exclude<keyof ClaimTest, "claim" | "issuer">;

/** The compiler checks that every operator of a claim test is here. */
const OPERATORS: Readonly<Record<ClaimOperator, true>> = {
  exists: true,
  equals: true,
  one_of: true,
  domain: true,
  greater_than: true,
  at_least: true,
  less_than: true,
  at_most: true,
};

export const CLAIM_OPERATORS = Object.keys(OPERATORS) as readonly ClaimOperator[];
export const CLAIM_TEST_MEMBERS: readonly string[] = ["claim", "issuer", ...CLAIM_OPERATORS];

/** The issuers a test names; null for any trusted one. */
export function issuersOf(test: ClaimTest): readonly string[] | null {
  if (test.issuer === undefined) return null;
  return typeof test.issuer === "string" ? [test.issuer] : test.issuer;
}
