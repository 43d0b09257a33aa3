import { distinctNeeds } from "./needs.ts";
import type { Decision, Need, PolicyOutcome } from "./outcome.ts";

/**
 * Joins what each policy said: deny wins, and a permit counts only when no deny is open. What is still unknown is asked
 * for only where it could change the answer.
 */
export function weigh(considered: readonly PolicyOutcome[]): Decision {
  const permits = considered.filter((outcome) => outcome.effect === "permit");
  const denies = considered.filter((outcome) => outcome.effect === "deny");
  const best = (["yes", "submitted", "unknown"] as const).find((answer) => has(permits, answer));
  if (best === undefined || has(denies, "yes")) return noDecision(considered);
  if (best === "unknown" || has(denies, "unknown")) {
    const open = best === "unknown" ? considered : denies;
    return { outcome: "unknown", needs: needsOf(open), grounds: [], considered };
  }
  if (best === "submitted") return { outcome: "submitted", needs: [], grounds: [], considered };
  return {
    outcome: "permit",
    needs: [],
    grounds: groundsOf(permits).map((ground) => endBefore(ground, denies)),
    considered,
  };
}

function has(outcomes: readonly PolicyOutcome[], answer: PolicyOutcome["outcome"]): boolean {
  return outcomes.some((outcome) => outcome.outcome === answer);
}

/** The same for "denied" and for "nobody said yes", so that a refusal does not tell them apart. */
function noDecision(considered: readonly PolicyOutcome[]): Decision {
  return { outcome: "deny", needs: [], grounds: [], considered };
}

function needsOf(outcomes: readonly PolicyOutcome[]): readonly Need[] {
  return distinctNeeds(outcomes.flatMap((outcome) => outcome.needs));
}

/** A use is counted only where no policy gives the same without counting. */
function groundsOf(permits: readonly PolicyOutcome[]): readonly PolicyOutcome[] {
  const grounds = permits.filter((outcome) => outcome.outcome === "yes");
  const uncounted = grounds.filter((outcome) => !outcome.counted);
  return uncounted.length > 0 ? uncounted : grounds;
}

/** What is granted is not assessed again when it is refreshed, so it must not outlive the peace before a deny. */
function endBefore(ground: PolicyOutcome, denies: readonly PolicyOutcome[]): PolicyOutcome {
  const ends = [ground.endsAt, ...denies.map((deny) => deny.startsAt)].filter((end) => end !== null);
  return { ...ground, endsAt: ends.length > 0 ? Math.min(...ends) : null };
}
