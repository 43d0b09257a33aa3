import type { HoursBody, PolicyBody, TermsBody, WhenBody, WhereBody } from "./policy.ts";

/**
 * The members this code knows, part by part. Kept policies may be newer than the code that evaluates them
 * (ledger/README.md, rule 10): a member that is not listed here could be a condition, so it must not be passed over.
 */

/** The compiler checks that a list names every member of its part. */
export function membersOf<Part extends object>(members: Record<keyof Part, true>): readonly (keyof Part & string)[] {
  return Object.keys(members) as (keyof Part & string)[];
}

export const POLICY_MEMBERS = membersOf<PolicyBody>({
  name: true,
  effect: true,
  target: true,
  scopes: true,
  who: true,
  when: true,
  where: true,
  terms: true,
});
export const WHEN_MEMBERS = membersOf<WhenBody>({ not_before: true, expires: true, hours: true });
export const HOURS_MEMBERS = membersOf<HoursBody>({ days: true, from: true, to: true, time_zone: true });
export const WHERE_MEMBERS = membersOf<WhereBody>({ networks: true, countries: true });
export const TERMS_MEMBERS = membersOf<TermsBody>({
  approval: true,
  signed_in_within: true,
  agreement: true,
  token_lifetime: true,
  uses: true,
});

/** The first member of a part that is not among the known ones. */
export function findUnknownMember(part: object, known: readonly string[]): string | undefined {
  return Object.keys(part).find((member) => !known.includes(member));
}
