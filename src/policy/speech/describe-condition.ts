import { CLAIM_OPERATORS, type ClaimOperator, issuersOf } from "../language/claim-operators.ts";
import { partsOf } from "../language/condition-rules.ts";
import { askCondition, kindOf } from "../language/kinds.ts";
import type { ClaimTest, Condition } from "../language/policy.ts";
import { joinWith, type Names, nameOf } from "./phrase.ts";

/** Who a condition is about, such as "anyone whose email is bob@example.com". */
export function describeWho(who: Condition, names: Names): string {
  return kindOf(who) === "anyone" ? "anyone" : `anyone ${clauseOf(who, names, false)}`;
}

/**
 * A relative clause. A `not` is carried down to the single tests, because "not (a and b)" is hard to hear:
 * not all becomes any not, not any becomes all not.
 */
const clauseOf: (condition: Condition, names: Names, negated: boolean) => string = askCondition<
  [names: Names, negated: boolean],
  string
>(
  {
    anyone: (_, _names, negated) => (negated ? "who is nobody" : "who may be anyone"),
    all: ({ all }, names, negated) => joinClauses(all, names, negated, negated ? "or" : "and"),
    any: ({ any }, names, negated) => joinClauses(any, names, negated, negated ? "and" : "or"),
    not: ({ not }, names, negated) => clauseOf(not, names, !negated),
    group: ({ group }, names, negated) => groupClause(group, names, negated),
    client: ({ client }, names, negated) => clientClause(client, names, negated),
    claim: (test, _, negated) => claimClause(test, negated),
  },
  (_, negated) => `who ${negated ? "does not meet" : "meets"} a condition that is not known here`,
);

function joinClauses(parts: readonly Condition[], names: Names, negated: boolean, word: "and" | "or"): string {
  const clauses = parts.map((part) => {
    const clause = clauseOf(part, names, negated);
    return isCompound(part) && parts.length > 1 ? `(${clause})` : clause;
  });
  return clauses.join(` ${word} `);
}

/** Whether its clause holds an "and" or an "or". */
function isCompound(condition: Condition): boolean {
  const parts = partsOf(condition);
  return parts.length > 1 || parts.some(isCompound);
}

function groupClause(group: string, names: Names, negated: boolean): string {
  return `who ${is(negated)} a member of the group ${nameOf(names.groups, group)}`;
}

function clientClause(client: string | readonly string[], names: Names, negated: boolean): string {
  const clients = (typeof client === "string" ? [client] : client).map((id) => nameOf(names.clients, id));
  return `who ${negated ? "does not use" : "uses"} the app ${joinWith(clients, "or")}`;
}

/** What follows "is" or "is not", for each comparison. */
const PREDICATES: Readonly<Record<ClaimOperator, (test: ClaimTest) => string>> = {
  exists: () => "known",
  equals: (test) => String(test.equals),
  one_of: (test) => joinWith((test.one_of ?? []).map(String), "or"),
  domain: (test) => `at ${test.domain}`,
  greater_than: (test) => `more than ${test.greater_than}`,
  at_least: (test) => `at least ${test.at_least}`,
  less_than: (test) => `less than ${test.less_than}`,
  at_most: (test) => `at most ${test.at_most}`,
};

function claimClause(test: ClaimTest, negated: boolean): string {
  const operator = CLAIM_OPERATORS.find((candidate) => Object.hasOwn(test, candidate)) ?? "exists";
  const issuers = issuersOf(test);
  const source = issuers === null ? "" : ` (in the words of ${joinWith(issuers, "or")})`;
  return `whose ${test.claim} ${is(negated)} ${PREDICATES[operator](test)}${source}`;
}

function is(negated: boolean): string {
  return negated ? "is not" : "is";
}
