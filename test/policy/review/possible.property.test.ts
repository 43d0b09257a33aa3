import fc from "fast-check";
import { expect, it } from "vitest";
import { evaluateCondition } from "../../../src/policy/evaluation/condition.ts";
import type { EvaluationFacts } from "../../../src/policy/evaluation/evaluate.ts";
import { ANYBODY } from "../../../src/policy/evaluation/witnesses.ts";
import type { ReviewFacts } from "../../../src/policy/review/facts.ts";
import { reviewCondition } from "../../../src/policy/review/review-condition.ts";
import { admissibleClaims } from "../../../src/protocol/admissible-claims.ts";
import type { PartyStatement } from "../../../src/protocol/claims.ts";
import type { ListedIssuer } from "../../../src/protocol/issuer-directory.ts";
import { facts, knownConditions } from "../arbitraries.ts";
import { SEED } from "../support.ts";

const names = fc.oneof(fc.constant("all" as const), fc.subarray(["email", "age", "role"]));
const domains = fc.oneof(fc.constant("all" as const), fc.subarray(["x.example", "y.example"]));
const issuers: fc.Arbitrary<readonly ListedIssuer[]> = fc
  .tuple(
    fc.subarray(["https://i1.example", "https://i2.example"]),
    fc.array(fc.tuple(names, domains), { minLength: 2, maxLength: 2 }),
  )
  .map(([trusted, spoken]) =>
    trusted.map((issuer, index) => {
      const [claims, emailDomains] = spoken[index] ?? [[], []];
      return { issuer, claims, emailDomains };
    }),
  );

/** The party as it would stand before the policies: known by trusted issuers, and by what these may speak for. */
function admit(
  { party, ...rest }: EvaluationFacts,
  trusted: readonly ListedIssuer[],
  mayPushClaims: boolean,
): EvaluationFacts {
  const hear = <Statement extends PartyStatement>(statement: Statement): readonly Statement[] => {
    const issuer = trusted.find((one) => one.issuer === statement.issuer);
    if (issuer === undefined) return [];
    const payload = { ...statement.claims, email_verified: true, sub: statement.subject };
    return [{ ...statement, claims: admissibleClaims(issuer, payload) }];
  };
  const [heard] = party !== null && mayPushClaims ? hear(party) : [];
  if (heard === undefined) return { ...rest, party: null };
  return { ...rest, party: { ...heard, ...(heard.linked && { linked: heard.linked.flatMap(hear) }) } };
}

it("a review never rules out what evaluation comes to", () => {
  const effects = fc.constantFrom("permit" as const, "deny" as const);
  let ruledOut = 0;
  fc.assert(
    fc.property(
      knownConditions,
      effects,
      issuers,
      // Whoever could be asked; whom a client cannot ask, the review knows nothing of.
      facts.map((given) => ({ ...given, witnesses: ANYBODY })),
      fc.subarray(["c1", "c2"]),
      fc.subarray(["c1", "c2"], { minLength: 1 }),
      (who, effect, trusted, given, rest, pushing) => {
        const clients = new Map([given.clientId, ...rest].map((id) => [id, pushing.includes(id)]));
        const reviewed: ReviewFacts = {
          resources: new Set(),
          areAllResources: true,
          scopes: new Set(),
          groups: new Map(Array.from(given.groups, ([id, { document }]) => [id, document.members.length])),
          clients,
          issuers: trusted,
          areAllIssuers: true,
        };
        const { possible } = reviewCondition(who, "who", effect, reviewed);
        if (!possible.has("yes")) ruledOut += 1;
        expect(possible).toContain(
          evaluateCondition(who, admit(given, trusted, clients.get(given.clientId) === true), effect).truth,
        );
      },
    ),
    { numRuns: 5_000, seed: SEED },
  );
  expect(ruledOut).toBeGreaterThan(500);
});
