import { mentionedClaims } from "../policy/language/mentioned-claims.ts";
import type { Policy } from "../policy/language/policy.ts";
import type { PartyClaims } from "../protocol/claims.ts";

/** Claims that no policy asks for are kept within this; they only spare somebody a question later. */
const KEPT_CLAIMS_CHARACTERS = 2_048;

/**
 * Of a party's claims those to keep: whatever the policies at hand mention, because what was granted is judged on it
 * later, and of the others what still fits. A claim is kept whole or not at all: half a list of groups would be another
 * statement, and a claim that is missing spares nobody from a new deny.
 */
export function claimsToKeep(party: PartyClaims, policies: readonly Policy[]): PartyClaims {
  const mentioned = new Set(policies.flatMap(({ document }) => mentionedClaims(document.who)));
  const entries = Object.entries(party.claims);
  const needed = entries.filter(([name]) => mentioned.has(name));
  const others = entries.filter(([name]) => !mentioned.has(name));
  let room = KEPT_CLAIMS_CHARACTERS - JSON.stringify(needed).length;
  const fitting = others.filter((entry) => {
    const size = JSON.stringify(entry).length;
    if (size > room) return false;
    room -= size;
    return true;
  });
  return { ...party, claims: Object.fromEntries([...needed, ...fitting]) };
}
