import type { Words } from "../../../pages/words/en.ts";
import { said } from "../../../pages/words/said.ts";
import { CLAIM_OPERATORS, issuersOf } from "../../../policy/language/claim-operators.ts";
import { partsOf } from "../../../policy/language/condition-rules.ts";
import { askCondition } from "../../../policy/language/kinds.ts";
import type { ClaimTest, Condition } from "../../../policy/language/policy.ts";
import type { Naming } from "./naming.ts";

interface Speaker {
  readonly naming: Naming;
  readonly words: Words;
}

/** Whoever meets a condition, such as "Everybody who is in Cardiology and whose role is physician". */
export function conditionInWords(who: Condition, naming: Naming, words: Words): string {
  if ("anyone" in who) return words.shares.audiences.everybody;
  return words.shares.whoever(clauseOf(who, { naming, words }, false));
}

/** A clause that goes on from "everybody"; a `not` is carried down to the single tests (policy/speech/describe-condition.ts). */
const clauseOf: (condition: Condition, speaker: Speaker, isNegated: boolean) => string = askCondition<
  [speaker: Speaker, isNegated: boolean],
  string
>(
  {
    anyone: (_, { words }, isNegated) => words.shares.clauses[isNegated ? "nobody" : "anyone"],
    all: ({ all }, speaker, isNegated) => join(all, speaker, isNegated, isNegated ? "oneOf" : "both"),
    any: ({ any }, speaker, isNegated) => join(any, speaker, isNegated, isNegated ? "both" : "oneOf"),
    not: ({ not }, speaker, isNegated) => clauseOf(not, speaker, !isNegated),
    group: ({ group }, { naming, words }, isNegated) =>
      words.shares.clauses[isNegated ? "notInGroup" : "inGroup"](naming.groups.get(group) ?? group),
    client: ({ client }, { naming, words }, isNegated) =>
      words.shares.clauses[isNegated ? "usesOtherApp" : "usesApp"](
        [client].flat().map((id) => naming.apps.get(id) ?? id),
      ),
    claim: (test, { words }, isNegated) => claimClause(test, words, isNegated),
  },
  ({ words }) => words.shares.clauses.unknown,
);

function join(parts: readonly Condition[], speaker: Speaker, isNegated: boolean, word: "both" | "oneOf"): string {
  const clauses = parts.map((part) => {
    const clause = clauseOf(part, speaker, isNegated);
    return partsOf(part).length > 1 && parts.length > 1 ? `(${clause})` : clause;
  });
  return speaker.words.shares[word](clauses);
}

function claimClause(test: ClaimTest, words: Words, isNegated: boolean): string {
  const { clauses, facts } = words.shares;
  const known: Readonly<Record<string, string>> = facts;
  const fact = Object.hasOwn(known, test.claim) ? (known[test.claim] ?? test.claim) : said`${test.claim}`;
  const issuers = issuersOf(test);
  const clause = clauses[isNegated ? "notFact" : "fact"](fact, testInWords(test, words));
  return issuers === null ? clause : `${clause} (${words.shares.inTheWordsOf(issuers)})`;
}

function testInWords(test: ClaimTest, { shares: { tests } }: Words): string {
  const operator = CLAIM_OPERATORS.find((candidate) => Object.hasOwn(test, candidate)) ?? "exists";
  if (operator === "exists") return tests.exists;
  if (operator === "one_of") return tests.one_of((test.one_of ?? []).map(String));
  return tests[operator](String(test[operator]));
}
