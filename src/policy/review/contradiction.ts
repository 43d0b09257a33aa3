import { canonicalDomain } from "../../shared/domain.ts";
import { canonicalEmail } from "../../shared/email.ts";
import { isEqual } from "../../shared/equal.ts";
import { issuersOf } from "../language/claim-operators.ts";
import type { ClaimTest, Condition } from "../language/policy.ts";
import type { ReviewFacts } from "./facts.ts";

/** Why nobody can meet all of these at once, whatever each asks for by itself; null where somebody may. */
export function findContradiction(all: readonly Condition[], known: ReviewFacts["clients"]): string | null {
  const parts = flatten(all);
  const tests = parts.filter((part) => "claim" in part);
  const clients = parts.flatMap((part) => ("client" in part ? [[part.client].flat()] : []));
  if (haveNothingInCommon(clients)) return "asks for several apps at once, and only one asks at a time";
  const apps = clients.flat().flatMap((id) => known.get(id) ?? []);
  if (apps.length > 0 && !apps.includes(true) && parts.some((part) => "claim" in part || "group" in part)) {
    return "asks for claims by way of apps that may push none (may_push_claims, as the operator registered them)";
  }
  if (haveNothingInCommon(tests.map(issuersOf).filter((named) => named !== null))) {
    return "asks for the word of several issuers, and only that of one counts at a time";
  }
  if (disagree(tests.filter(({ claim }) => claim === "email")))
    return "asks for several addresses, and a person has one";
  const negated = parts.flatMap((part) => ("not" in part ? [part.not] : []));
  const isDenied = negated.some((one) => parts.some((part) => isEqual(part, one)));
  return isDenied ? "asks for something and for its opposite" : null;
}

function flatten(conditions: readonly Condition[]): readonly Condition[] {
  return conditions.flatMap((part) => ("all" in part ? flatten(part.all) : [part]));
}

function haveNothingInCommon(lists: readonly (readonly string[])[]): boolean {
  const [first = [], ...others] = lists;
  return others.length > 0 && !first.some((one) => others.every((list) => list.includes(one)));
}

/** Whether no address is all that these tests ask for: an issuer tells one address of a person. */
function disagree(tests: readonly ClaimTest[]): boolean {
  const expected = tests.flatMap(({ equals, one_of }) =>
    (equals ?? one_of) === undefined ? [] : [[equals ?? one_of ?? []].flat()],
  );
  const addresses = expected.map((operands) => operands.map((operand) => canonicalEmail(String(operand)) ?? ""));
  const domains = tests.flatMap(({ domain }) => (domain === undefined ? [] : [canonicalDomain(domain) ?? ""]));
  if (new Set(domains).size > 1 || haveNothingInCommon(addresses)) return true;
  const [domain] = domains;
  return domain !== undefined && addresses.some((list) => !list.some((address) => address.endsWith(`@${domain}`)));
}
