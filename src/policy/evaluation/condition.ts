import type { PartyClaims } from "../../protocol/claims.ts";
import { askCondition } from "../language/kinds.ts";
import type { Condition, Effect, Group } from "../language/policy.ts";
import { evaluateClaimTest } from "./claim-test.ts";
import { allOf, anyOf, because, type Finding, notOf, YES } from "./finding.ts";
import { evaluateMembership } from "./membership.ts";
import type { Truth } from "./outcome.ts";
import { narrow, type Witnesses } from "./witnesses.ts";

/** What conditions on the requesting party and its client look at. */
export interface ConditionFacts {
  /** Null before anybody has said who the requesting party is. */
  readonly party: PartyClaims | null;
  readonly clientId: string;
  /** Whose word could still tell what the party has not said. */
  readonly witnesses: Witnesses;
  /** The owner's groups by id. */
  readonly groups: ReadonlyMap<string, Group>;
  /** Memberships that were found before; they stand in for a look at the group. */
  readonly memberships?: Readonly<Record<string, Truth>>;
}

/** What a condition is evaluated with, as `evaluateCondition` takes it. */
type Circumstances = readonly [facts: ConditionFacts, effect: Effect, path: string];

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
  return evaluateAt(condition, facts, effect, path);
}

const evaluateAt = askCondition<Circumstances, Finding>(
  {
    anyone: () => YES,
    all: ({ all }, facts, effect, path) => allOf(evaluateEach(all, facts, effect, `${path}.all`), effect),
    any: ({ any }, facts, effect, path) => anyOf(evaluateEach(any, facts, effect, `${path}.any`), effect),
    not: ({ not }, facts, effect, path) => evaluateNot(not, facts, effect, path),
    group: ({ group }, facts, effect, path) => evaluateGroup(group, facts, effect, path),
    client: ({ client }, facts, _, path) => evaluateClient(client, facts, path),
    claim: (test, facts, effect, path) => narrow(evaluateClaimTest(test, facts.party, path), facts.witnesses, effect),
  },
  (_facts, _effect, path) => because("error", path, "it is not a known condition"),
);

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

/** What is remembered of a membership is what was found of it, whoever could have told more. */
function evaluateGroup(id: string, facts: ConditionFacts, effect: Effect, path: string): Finding {
  const { memberships = {} } = facts;
  const known = Object.hasOwn(memberships, id) ? memberships[id] : undefined;
  const finding =
    known === undefined ? evaluateMembership(facts.groups.get(id), facts.party, path) : recall(known, path);
  return narrow({ ...finding, memberships: { [id]: finding.truth } }, facts.witnesses, effect);
}

function recall(truth: Truth, path: string): Finding {
  return truth === "yes" ? YES : because(truth, path, "as the membership of the group was found before");
}

/** The client has proved who it is before anything is evaluated, so this is never unknown. */
function evaluateClient(client: string | readonly string[], facts: ConditionFacts, path: string): Finding {
  const clients = typeof client === "string" ? [client] : client;
  return clients.includes(facts.clientId) ? YES : because("no", path, "it holds for other clients");
}
