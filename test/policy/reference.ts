import type { EvaluationFacts } from "../../src/policy/evaluation/evaluate.ts";
import type { Need } from "../../src/policy/evaluation/outcome.ts";
import type { ClaimTest, Condition, Policy } from "../../src/policy/language/policy.ts";
import type { PartyClaims, PartyStatement } from "../../src/protocol/claims.ts";
import type { ProtectedResource } from "../../src/protocol/resource.ts";

/**
 * The meaning of policies once more, written down as directly as it can be said and without a line of the real code,
 * for the property tests to compare with. Truths are numbers, `all` is their minimum and `any` their maximum. What
 * cannot be evaluated could be anything, so every part has a least and a greatest truth: a permit goes by the least, a
 * deny by the greatest. Hours are left to their own test.
 */

const NO = 0;
const UNKNOWN = 1;
const YES = 2;

interface Value {
  readonly truth: number;
  readonly needs: readonly Need[];
}

export interface Range {
  readonly least: Value;
  readonly greatest: Value;
}

const value = (truth: number, ...needs: Need[]): Value => ({ truth, needs });
const exactly = (truth: number, ...needs: Need[]): Range => ({
  least: value(truth, ...needs),
  greatest: value(truth, ...needs),
});
/** What nobody can tell is a no where it would let in, and stays open where it would keep out. */
const untold = ({ witnesses }: EvaluationFacts, ...needs: readonly Need[]): Range => {
  const told = needs.flatMap((need) => narrowed(need, witnesses));
  return told.length > 0 ? exactly(UNKNOWN, ...told) : { least: value(NO), greatest: value(UNKNOWN) };
};
const anything: Range = { least: value(NO), greatest: value(YES) };
const claimNeed = (claim: string, issuers: readonly string[] | null): Need => ({ kind: "claim", claim, issuers });
const signInNeed = (within: number): Need => ({ kind: "sign_in", within, issuers: null });

function narrowed(need: Need, { pushed, inPerson }: EvaluationFacts["witnesses"]): readonly Need[] {
  if (need.kind === "agreement") return inPerson === null ? [] : [need];
  const [claim, named] = need.kind === "claim" ? [need.claim, need.issuers] : ["auth_time", null];
  const issuers = pushed(claim, named);
  const met = inPerson?.(claim, named) ?? [];
  return told(need, issuers, met);
}

function told(need: Exclude<Need, { kind: "agreement" }>, issuers: readonly string[] | null, met: readonly string[]) {
  if (met.length > 0) return [{ ...need, issuers, inPerson: met }];
  return issuers?.length === 0 ? [] : [{ ...need, issuers }];
}

/** Whatever anybody says of the party: the account itself, and what it has linked. */
function voices(party: PartyClaims | null): readonly PartyStatement[] {
  return party === null ? [] : [party, ...(party.linked ?? [])];
}

const truthOf = (holds: boolean) => exactly(holds ? YES : NO);

function pick(values: readonly Value[], choose: (...truths: number[]) => number): Value {
  const truth = choose(...values.map((one) => one.truth));
  return value(truth, ...values.flatMap((one) => (one.truth === UNKNOWN && truth === UNKNOWN ? one.needs : [])));
}

function combine(parts: readonly Range[], choose: (...truths: number[]) => number): Range {
  if (parts.length === 0) return anything;
  return {
    least: pick(
      parts.map((part) => part.least),
      choose,
    ),
    greatest: pick(
      parts.map((part) => part.greatest),
      choose,
    ),
  };
}

const negate = ({ truth, needs }: Value): Value => ({ truth: YES - truth, needs });

export function referCondition(condition: Condition, facts: EvaluationFacts): Range {
  const { all, any, not, group, client } = condition as Record<"all" | "any", Condition[]> & {
    not: Condition;
  } & Record<"group" | "client", string>;
  switch (Object.keys(condition).join(" ")) {
    case "anyone":
      return exactly(YES);
    case "all":
      return combine(
        all.map((part) => referCondition(part, facts)),
        Math.min,
      );
    case "any":
      return combine(
        any.map((part) => referCondition(part, facts)),
        Math.max,
      );
    case "not": {
      const inner = referCondition(not, facts);
      return { least: negate(inner.greatest), greatest: negate(inner.least) };
    }
    case "group":
      return referGroup(group, facts);
    case "client":
      return truthOf(client === facts.clientId);
    default:
      return "claim" in condition ? referClaim(condition, facts) : anything;
  }
}

function listOf(item: unknown): unknown[] {
  return [item].flat().filter((one) => one !== "" && one !== undefined);
}

function referClaim(test: ClaimTest, facts: EvaluationFacts): Range {
  const operator = Object.keys(test).find((member) => member !== "claim" && member !== "issuer") ?? "";
  if (!/^(equals|one_of|domain|exists|greater_than|at_least|less_than|at_most)$/.test(operator)) return anything;
  const issuers = test.issuer === undefined ? null : [test.issuer].flat();
  const values = voices(facts.party)
    .filter(({ issuer }) => issuers === null || issuers.includes(issuer))
    .flatMap(({ claims }) => listOf(claims[test.claim]));
  if (values.length === 0) return untold(facts, claimNeed(test.claim, issuers));
  return combine(
    values.map((one) => referComparison(test, operator, one)),
    Math.max,
  );
}

function referComparison(test: ClaimTest, operator: string, item: unknown): Range {
  if (operator === "exists") return exactly(YES);
  if (operator === "equals" || operator === "one_of") {
    const operands = listOf(test.one_of ?? test.equals).filter((operand) => typeof operand === typeof item);
    if (operands.length === 0) return anything;
    return test.claim === "email" && typeof item === "string"
      ? referAddress(item, operands.map(String))
      : truthOf(operands.includes(item));
  }
  if (operator === "domain") {
    if (!ADDRESS.test(String(item))) return anything;
    return truthOf(String(item).toLowerCase().endsWith(`@${test.domain?.toLowerCase()}`));
  }
  if (typeof item !== "number") return anything;
  if (test.greater_than !== undefined) return truthOf(item > test.greater_than);
  if (test.at_least !== undefined) return truthOf(item >= test.at_least);
  if (test.less_than !== undefined) return truthOf(item < test.less_than);
  return truthOf(item <= Number(test.at_most));
}

/** As the words of the arbitraries are spelt. */
const ADDRESS = /^.+@.+\..+$/;

function referAddress(item: string, operands: readonly string[]): Range {
  const same = operands.some((operand) => operand.toLowerCase() === item.toLowerCase());
  if (same && ADDRESS.test(item)) return exactly(YES);
  return [item, ...operands].every((one) => ADDRESS.test(one)) ? exactly(NO) : anything;
}

function referGroup(id: string, facts: EvaluationFacts): Range {
  const { groups, party } = facts;
  const members = groups.get(id)?.document.members;
  if (!members) return anything;
  const emails = voices(party)
    .flatMap(({ claims }) => listOf(claims.email))
    .filter((email) => typeof email === "string" && ADDRESS.test(email)) as string[];
  const needs: Need[] = [];
  for (const member of members) {
    if ("email" in member) {
      if (emails.some((email) => email.toLowerCase() === member.email)) return exactly(YES);
    } else if (voices(party).some(({ issuer, subject }) => member.issuer === issuer && member.subject === subject)) {
      return exactly(YES);
    }
  }
  if (emails.length === 0 && members.some((member) => "email" in member)) {
    needs.push(...narrowed(claimNeed("email", null), facts.witnesses));
  }
  const undisclosed = members.flatMap((member) => ("issuer" in member ? [member.issuer] : []));
  if (!party && undisclosed.length > 0) needs.push(...narrowedInSecret(undisclosed, facts.witnesses));
  const isOpen = (!party && undisclosed.length > 0) || (emails.length === 0 && members.some((one) => "email" in one));
  if (!isOpen) return exactly(NO);
  return needs.length > 0 ? exactly(UNKNOWN, ...needs) : { least: value(NO), greatest: value(UNKNOWN) };
}

/** Anybody may be told to say who they are, if one of these issuers could. */
function narrowedInSecret(
  undisclosed: readonly string[],
  { pushed, inPerson }: EvaluationFacts["witnesses"],
): readonly Need[] {
  const issuers = pushed("sub", undisclosed)?.length === 0 ? [] : pushed("sub", null);
  const met = (inPerson?.("sub", undisclosed).length ?? 0) === 0 ? [] : (inPerson?.("sub", null) ?? []);
  return told({ kind: "claim", claim: "sub", issuers: null }, issuers, met);
}

interface Answer {
  readonly id: string;
  readonly effect: string;
  readonly answer: string;
  readonly needs: readonly Need[];
}

function referPolicy({ id, document }: Policy, facts: EvaluationFacts, usesLeft: number): Answer {
  const { effect, who, when, where, terms } = document;
  const parts = [referCondition(who, facts)];
  if (when?.not_before) parts.push(truthOf(Date.parse(when.not_before) / 1000 <= facts.now));
  if (when?.expires) parts.push(truthOf(Date.parse(when.expires) / 1000 > facts.now));
  const { country, address } = facts.whereabouts;
  if (where?.countries) parts.push(country ? truthOf(where.countries.includes(country)) : anything);
  if (where?.networks) parts.push(address ? truthOf(address.startsWith("192.0.2.")) : anything);
  const signedIn = Math.max(...voices(facts.party).map((one) => one.authenticatedAt ?? Number.NEGATIVE_INFINITY));
  const within = terms?.signed_in_within;
  if (within && signedIn < facts.now - within) parts.push(untold(facts, signInNeed(within)));
  if (terms?.agreement && !facts.agreements.includes(id)) {
    parts.push(untold(facts, { kind: "agreement", policyId: id }));
  }
  if (terms?.uses) parts.push(truthOf(usesLeft > 0));
  const range = combine(parts, Math.min);
  const { truth, needs } = effect === "permit" ? range.least : range.greatest;
  if (truth === YES && terms?.approval) {
    if (facts.party) return { id, effect, answer: "submitted", needs: [] };
    const told = narrowed(claimNeed("sub", null), facts.witnesses);
    return { id, effect, answer: told.length > 0 ? "unknown" : "no", needs: told };
  }
  return { id, effect, answer: ["no", "unknown", "yes"][truth] ?? "", needs };
}

function applies({ document: { target, scopes } }: Policy, resource: ProtectedResource, scope: string | null): boolean {
  const hit = JSON.stringify(target);
  const covered = [`{"all":true}`, `{"type":"${resource.type}"}`, `{"resources":["${resource.id}"]}`].includes(hit);
  return covered && (scopes === "all" || scopes.some((listed) => listed === scope));
}

/** What `decide` must answer: its outcome, its needs and the policies it rests on. */
export function referDecision(
  policies: readonly Policy[],
  resource: ProtectedResource,
  scope: string | null,
  facts: EvaluationFacts,
): { outcome: string; needs: readonly Need[]; grounds: readonly string[] } {
  const deny = { outcome: "deny", needs: [], grounds: [] };
  if (scope !== null && !resource.scopes.includes(scope)) return deny;
  const about = policies.filter((policy) => applies(policy, resource, scope));
  const answers = about.map((policy) => referPolicy(policy, facts, facts.usesLeft(policy)));
  const ids = (effect: string, answer: string) =>
    answers.filter((one) => one.effect === effect && one.answer === answer).map(({ id }) => id);
  const needsOf = (...of: string[]) =>
    answers
      .filter(({ id }) => of.includes(id))
      .flatMap(({ needs }) => needs)
      .filter(isFirst);
  if (ids("deny", "yes").length > 0) return deny;
  const [yes, submitted, unknown] = [ids("permit", "yes"), ids("permit", "submitted"), ids("permit", "unknown")];
  const open = ids("deny", "unknown");
  if (yes.length + submitted.length === 0) {
    return unknown.length === 0 ? deny : { outcome: "unknown", needs: needsOf(...open, ...unknown), grounds: [] };
  }
  if (open.length > 0) return { outcome: "unknown", needs: needsOf(...open), grounds: [] };
  if (yes.length === 0) return { outcome: "submitted", needs: [], grounds: [] };
  const free = yes.filter((id) => policies.some((policy) => policy.id === id && !policy.document.terms?.uses));
  return { outcome: "permit", needs: [], grounds: free.length > 0 ? free : yes };
}

function isFirst(need: Need, index: number, all: readonly Need[]): boolean {
  return all.findIndex((other) => JSON.stringify(other) === JSON.stringify(need)) === index;
}
