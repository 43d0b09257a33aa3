import { askCondition } from "../language/kinds.ts";
import type { Condition, Effect } from "../language/policy.ts";
import { findContradiction } from "./contradiction.ts";
import type { ReviewFacts } from "./facts.ts";
import { ANY_TRUTH, join, negate, only, type Reviewed, without } from "./possible.ts";
import { reviewClaim } from "./review-claim.ts";

/**
 * What a condition can come to as things are, and what in it is surely not meant. It follows evaluation
 * (evaluation/condition.ts) with every truth that a part can have in place of the one that it has.
 * @param effect for which of the two it is evaluated.
 * @param path where the condition stands in its document.
 */
export const reviewCondition: (condition: Condition, path: string, effect: Effect, facts: ReviewFacts) => Reviewed =
  askCondition<[path: string, effect: Effect, facts: ReviewFacts], Reviewed>(
    {
      anyone: () => ({ possible: only("yes"), warnings: [] }),
      all: ({ all }, path, effect, facts) => reviewAll(all, `${path}.all`, effect, facts),
      any: ({ any }, path, effect, facts) => reviewEach(any, `${path}.any`, effect, facts, "any"),
      not: ({ not }, path, effect, facts) => reviewNot(not, `${path}.not`, effect, facts),
      group: ({ group }, path, _, { groups }) => reviewGroupName(`${path}.group`, groups.get(group)),
      client: ({ client }, path, _, facts) => reviewClients(client, `${path}.client`, facts),
      claim: (test, path, _, facts) => reviewClaim(test, path, facts),
    },
    () => ({ possible: ANY_TRUTH, warnings: [] }),
  );

function reviewAll(all: readonly Condition[], path: string, effect: Effect, facts: ReviewFacts): Reviewed {
  const { possible, warnings } = reviewEach(all, path, effect, facts, "all");
  const message = findContradiction(all, facts.clients);
  if (message === null) return { possible, warnings };
  return { possible: without("yes", possible), warnings: [...warnings, { path, message }] };
}

function reviewEach(
  conditions: readonly Condition[],
  path: string,
  effect: Effect,
  facts: ReviewFacts,
  by: "all" | "any",
): Reviewed {
  const reviewed = conditions.map((part, index) => reviewCondition(part, `${path}[${index}]`, effect, facts));
  const parts = reviewed.map(({ possible }) => possible);
  return { possible: join(parts, effect, by), warnings: reviewed.flatMap(({ warnings }) => warnings) };
}

/** Under a not the other reading is the careful one. */
function reviewNot(not: Condition, path: string, effect: Effect, facts: ReviewFacts): Reviewed {
  const { possible, warnings } = reviewCondition(not, path, effect === "permit" ? "deny" : "permit", facts);
  return { possible: negate(possible), warnings };
}

function reviewGroupName(path: string, members: number | undefined): Reviewed {
  if (members === undefined) {
    const message = "there is no such group: a permit that rests on it permits nothing, a deny denies everybody";
    return { possible: only("error"), warnings: [{ path, message }] };
  }
  if (members > 0) return { possible: ANY_TRUTH, warnings: [] };
  return { possible: only("no"), warnings: [{ path, message: "this group has no members" }] };
}

function reviewClients(client: string | readonly string[], path: string, { clients }: ReviewFacts): Reviewed {
  const named = [client].flat();
  const warnings = named.flatMap((id, index) => {
    if (clients.has(id)) return [];
    return [{ path: typeof client === "string" ? path : `${path}[${index}]`, message: "there is no such client" }];
  });
  return { possible: warnings.length < named.length ? only("yes", "no") : only("no"), warnings };
}
