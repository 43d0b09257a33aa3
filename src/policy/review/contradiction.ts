import { isEqual } from "../../shared/equal.ts";
import type { Condition } from "../language/policy.ts";
import type { ReviewFacts } from "./facts.ts";

/**
 * Why nobody can meet all of these at once, whatever each asks for by itself; null where somebody may. Several issuers may
 * speak of one account, and it may have several addresses.
 */
export function findContradiction(all: readonly Condition[], known: ReviewFacts["clients"]): string | null {
  const parts = flatten(all);
  const clients = parts.flatMap((part) => ("client" in part ? [[part.client].flat()] : []));
  if (haveNothingInCommon(clients)) return "asks for several apps at once, and only one asks at a time";
  const apps = clients.flat().flatMap((id) => known.get(id) ?? []);
  if (apps.length > 0 && !apps.includes(true) && parts.some((part) => "claim" in part || "group" in part)) {
    return "asks for claims by way of apps through which nobody can be known (may_push_claims, claims_redirect_uris)";
  }
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
