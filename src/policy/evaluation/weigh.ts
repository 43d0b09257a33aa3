import { distinctNeeds } from "./needs.ts";
import type { Decision, PolicyOutcome } from "./outcome.ts";

/** A permission is held on so many grounds; more would only make it last if its owner took all of these away. */
export const MAX_GROUNDS = 5;

/**
 * Joins what each policy said: deny wins, and a permit counts only when no deny is open. What is still unknown is asked
 * for only where it could change the answer.
 */
export function weigh(considered: readonly PolicyOutcome[]): Decision {
  const { permits, denies } = sort(considered);
  if (denies.yes.length > 0) return conclude("deny", considered);
  const isOpen = denies.unknown.length > 0;
  if (permits.yes.length > 0) {
    return isOpen ? conclude("unknown", considered) : conclude("permit", considered, groundsOf(permits.yes, denies.no));
  }
  if (permits.submitted.length > 0) return conclude(isOpen ? "unknown" : "submitted", considered);
  // The same for "denied" and for "nobody said yes", so that a refusal does not tell them apart.
  return conclude(permits.unknown.length > 0 ? "unknown" : "deny", considered);
}

/** Of the policies that an unknown decision considered, those that could still settle it. */
export function openPolicies(considered: readonly PolicyOutcome[]): readonly PolicyOutcome[] {
  const { permits, denies } = sort(considered);
  // Where a permit holds in full, only a deny keeps the answer open.
  const isPermitted = permits.yes.length + permits.submitted.length > 0;
  return isPermitted ? denies.unknown : considered.filter(({ outcome }) => outcome === "unknown");
}

function conclude(
  outcome: Decision["outcome"],
  considered: readonly PolicyOutcome[],
  grounds: readonly PolicyOutcome[] = [],
): Decision {
  return {
    outcome,
    // Worked out when it is asked for: of hundreds of decisions, few are ever asked.
    get needs() {
      if (outcome !== "unknown") return [];
      return distinctNeeds(openPolicies(considered).flatMap((policy) => policy.needs));
    },
    grounds,
    considered,
  };
}

type Sorted = Readonly<Record<PolicyOutcome["outcome"], PolicyOutcome[]>>;

function sort(considered: readonly PolicyOutcome[]): { readonly permits: Sorted; readonly denies: Sorted } {
  const permits: Sorted = { yes: [], submitted: [], unknown: [], no: [] };
  const denies: Sorted = { yes: [], submitted: [], unknown: [], no: [] };
  for (const one of considered) (one.effect === "permit" ? permits : denies)[one.outcome].push(one);
  return { permits, denies };
}

/** A use is counted only where no policy gives the same without counting. */
function groundsOf(permits: readonly PolicyOutcome[], denies: readonly PolicyOutcome[]): readonly PolicyOutcome[] {
  const uncounted = permits.filter((outcome) => !outcome.counted);
  const firmest = firmestOf(uncounted.length > 0 ? uncounted : permits);
  return firmest.map((ground) => endBefore(ground, denies));
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
