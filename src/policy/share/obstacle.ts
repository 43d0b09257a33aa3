import { parseDateTime } from "../language/local-time.ts";
import { mentionedGroups } from "../language/mentioned-groups.ts";
import type { PolicyBody } from "../language/policy.ts";
import type { ReviewFacts } from "../review/facts.ts";
import { reviewCondition } from "../review/review-condition.ts";

/** Why a share lets nobody in, as things are. */
export type ShareObstacle =
  | "over"
  /** A group that nobody is in, or that there is not any more. */
  | "empty_group"
  | "lost_group"
  /** Nobody whose word counts can tell who they are. */
  | "unprovable"
  /** There is nothing that it could be about yet. */
  | "no_things";

/** @returns null where it can let somebody in. */
export function findObstacle(document: PolicyBody, facts: ReviewFacts, now: number): ShareObstacle | null {
  const { who, when, target } = document;
  if (when?.expires !== undefined && parseDateTime(when.expires) <= now) return "over";
  const { possible } = reviewCondition(who, "who", "permit", facts);
  if (!possible.has("yes")) return obstacleIn(document, facts);
  return "all" in target || facts.resources.size > 0 ? null : "no_things";
}

function obstacleIn({ who }: PolicyBody, { groups }: ReviewFacts): ShareObstacle {
  const named = mentionedGroups(who);
  if (named.some((id) => !groups.has(id))) return "lost_group";
  return named.some((id) => groups.get(id) === 0) ? "empty_group" : "unprovable";
}
