import type { Need } from "./outcome.ts";

/** Needs without repetitions, in the order in which they came up. */
export function distinctNeeds<One extends Need>(needs: readonly One[]): readonly One[] {
  return [...new Map(needs.map((need) => [contentOf(need), need])).values()];
}

/**
 * What a need asks for, as a text: two needs are one when they are of one kind and ask for the same thing from the same
 * issuers in the same order. JSON keeps the parts apart.
 */
function contentOf(need: Need): string {
  switch (need.kind) {
    case "claim":
      return JSON.stringify([need.kind, need.claim, need.issuers]);
    case "sign_in":
      return JSON.stringify([need.kind, need.within]);
    case "agreement":
      return JSON.stringify([need.kind, need.policyId]);
  }
}
