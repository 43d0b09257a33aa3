import { distinctNeeds } from "./needs.ts";
import type { Decision, PolicyOutcome } from "./outcome.ts";

/** A permission is held on so many grounds; more would only make it last if its owner took all of these away. */
export const MAX_GROUNDS = 5;

/**
 * Joins what each policy said: deny wins, and a permit counts only when no deny is open. What is still unknown is asked
 * for only where it could change the answer.
 */
export function weigh(considered: readonly PolicyOutcome[]): Decision {
  const { permit, deny } = findBest(considered);
  // The same for "denied" and for "nobody said yes", so that a refusal does not tell them apart.
  if (deny === "yes" || permit === "no") return conclude("deny", considered);
  if (deny === "unknown" || permit === "unknown") return conclude("unknown", considered);
  if (permit === "submitted") return conclude("submitted", considered);
  return conclude("permit", considered, groundsOf(considered));
}

/** Of the policies that an unknown decision considered, those that could still settle it: where a permit holds, denies. */
export function openPolicies(considered: readonly PolicyOutcome[]): readonly PolicyOutcome[] {
  const { permit } = findBest(considered);
  const isPermitted = permit === "yes" || permit === "submitted";
  return considered.filter(({ outcome, effect }) => outcome === "unknown" && (effect === "deny" || !isPermitted));
}

interface Best {
  permit: PolicyOutcome["outcome"];
  deny: PolicyOutcome["outcome"];
}

/** The strongest that a permit and that a deny said. A plain loop, because hundreds of decisions weigh hundreds each. */
function findBest(considered: readonly PolicyOutcome[]): Best {
  const best: Best = { permit: "no", deny: "no" };
  for (const { effect, outcome } of considered) {
    if (outcome === "no" || outcome === best[effect]) continue;
    if (STRENGTH[outcome] > STRENGTH[best[effect]]) best[effect] = outcome;
  }
  return best;
}

const STRENGTH = { no: 0, unknown: 1, submitted: 2, yes: 3 } as const;

function conclude(
  outcome: Decision["outcome"],
  considered: readonly PolicyOutcome[],
  grounds: readonly PolicyOutcome[] = [],
): Decision {
  let needs: Decision["needs"] | null = outcome === "unknown" ? null : [];
  return {
    outcome,
    // Worked out when it is asked for: of hundreds of decisions, few are ever asked.
    get needs() {
      needs ??= distinctNeeds(openPolicies(considered).flatMap((policy) => policy.needs));
      return needs;
    },
    grounds,
    considered,
  };
}

/** A use is counted only where no policy gives the same without counting. */
function groundsOf(considered: readonly PolicyOutcome[]): readonly PolicyOutcome[] {
  const [uncounted, counted, denies]: [PolicyOutcome[], PolicyOutcome[], PolicyOutcome[]] = [[], [], []];
  for (const one of considered) {
    if (one.startsAt !== null) denies.push(one);
    else if (one.outcome === "yes") (one.counted ? counted : uncounted).push(one);
  }
  return firmestOf(uncounted.length > 0 ? uncounted : counted).map((ground) => endBefore(ground, denies));
}

/**
 * At most MAX_GROUNDS. Among them are the one that lasts longest and the one that gives the shortest tokens: fewer
 * grounds must neither end a permission sooner than time does, nor make a token live longer.
 */
function firmestOf(grounds: readonly PolicyOutcome[]): readonly PolicyOutcome[] {
  if (grounds.length <= MAX_GROUNDS) return grounds;
  const lasting = grounds.reduce((best, one) => (endOf(one) > endOf(best) ? one : best));
  const strict = grounds.reduce((best, one) => (lifetimeOf(one) < lifetimeOf(best) ? one : best));
  return [...new Set([lasting, strict, ...grounds.slice(0, MAX_GROUNDS)])].slice(0, MAX_GROUNDS);
}

function endOf({ endsAt }: PolicyOutcome): number {
  return endsAt ?? Number.POSITIVE_INFINITY;
}

function lifetimeOf({ tokenLifetime }: PolicyOutcome): number {
  return tokenLifetime ?? Number.POSITIVE_INFINITY;
}

/** What is granted is not assessed again when it is refreshed, so it must not outlive the peace before a deny. */
function endBefore(ground: PolicyOutcome, denies: readonly PolicyOutcome[]): PolicyOutcome {
  const end = denies.reduce((first, { startsAt }) => Math.min(first, startsAt ?? first), endOf(ground));
  return end === endOf(ground) ? ground : { ...ground, endsAt: end };
}
