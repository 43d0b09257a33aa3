import type { PartyClaims } from "../../protocol/claims.ts";
import { CLAIM_TEST_MEMBERS } from "../language/claim-operators.ts";
import { findUnknownMember } from "../language/members.ts";
import type { Condition, Effect, Group } from "../language/policy.ts";
import { evaluateClaimTest } from "./claim-test.ts";
import { allOf, anyOf, because, type Finding, notOf, YES } from "./finding.ts";
import { evaluateMembership } from "./membership.ts";

/** What conditions on the requesting party and its client look at. */
export interface ConditionFacts {
  /** Null before anybody has said who the requesting party is. */
  readonly party: PartyClaims | null;
  readonly clientId: string;
  /** The owner's groups by id. */
  readonly groups: ReadonlyMap<string, Group>;
}

/**
 * The value of a condition, after Kleene: what is unknown stays unknown unless the rest settles it. So a yes or a no
 * stays one, whatever further claims the party brings.
 *
 * @param effect for which of the two it is evaluated: decides how what cannot be evaluated is weighed (finding.ts).
 * @param path where the condition stands in its document.
 */
export function evaluateCondition(
  condition: Condition,
  facts: ConditionFacts,
  effect: Effect = "permit",
  path = "who",
): Finding {
  const known = typeof condition === "object" && condition !== null && isKnown(condition);
  if (!known) return because("error", path, "it is not a known condition");
  if ("anyone" in condition) return YES;
  if ("all" in condition) return allOf(evaluateEach(condition.all, facts, effect, `${path}.all`), effect);
  if ("any" in condition) return anyOf(evaluateEach(condition.any, facts, effect, `${path}.any`), effect);
  if ("not" in condition) return evaluateNot(condition.not, facts, effect, path);
  if ("group" in condition) return evaluateGroup(condition.group, facts, path);
  if ("client" in condition) return evaluateClient(condition.client, facts, path);
  return evaluateClaimTest(condition, facts.party, path);
}

const LONE_OPERATORS = ["anyone", "all", "any", "not", "group", "client"];

/** A condition is one operator alone, or a claim test; a second member could be a condition we do not know. */
function isKnown(condition: object): boolean {
  const members = Object.keys(condition);
  if ("claim" in condition) return !findUnknownMember(condition, CLAIM_TEST_MEMBERS);
  if ("anyone" in condition && condition.anyone !== true) return false;
  return members.length === 1 && !findUnknownMember(condition, LONE_OPERATORS);
}

function evaluateEach(
  conditions: readonly Condition[],
  facts: ConditionFacts,
  effect: Effect,
  path: string,
): readonly Finding[] {
  return conditions.map((condition, index) => evaluateCondition(condition, facts, effect, `${path}[${index}]`));
}

/** Under a not the careful reading is the other one: what would let somebody in there keeps them out here. */
function evaluateNot(condition: Condition, facts: ConditionFacts, effect: Effect, path: string): Finding {
  const opposite = effect === "permit" ? "deny" : "permit";
  return notOf(evaluateCondition(condition, facts, opposite, `${path}.not`), path);
}

function evaluateGroup(id: string, facts: ConditionFacts, path: string): Finding {
  const finding = evaluateMembership(facts.groups.get(id), facts.party, path);
  return { ...finding, memberships: { [id]: finding.truth } };
}

/** The client has proved who it is before anything is evaluated, so this is never unknown. */
function evaluateClient(client: string | readonly string[], facts: ConditionFacts, path: string): Finding {
  const clients = typeof client === "string" ? [client] : client;
  return clients.includes(facts.clientId) ? YES : because("no", path, "it holds for other clients");
}
