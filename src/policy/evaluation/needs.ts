import { MAX_NEED_ISSUERS, MAX_NEEDS, MAX_NEEDS_CHARACTERS } from "../../shared/limits.ts";
import type { Need } from "./outcome.ts";

/** Needs without repetitions, in the order in which they came up. */
export function distinctNeeds<One extends Need>(needs: readonly One[]): readonly One[] {
  return [...new Map(needs.map((need) => [keyOf(need), need])).values()];
}

/** The same need is met again for every scope that its policy is about. */
const keys = new WeakMap<Need, string>();

function keyOf(need: Need): string {
  const key = keys.get(need) ?? contentOf(need);
  keys.set(need, key);
  return key;
}

/**
 * What a need asks for, as a text: two needs are one when they are of one kind and ask for the same thing from the same
 * issuers in the same order. JSON keeps the parts apart.
 */
function contentOf(need: Need): string {
  switch (need.kind) {
    case "claim":
      return JSON.stringify([need.kind, need.claim, need.issuers, need.inPerson, need.formats]);
    case "sign_in":
      return JSON.stringify([need.kind, need.within, need.issuers, need.inPerson, need.formats]);
    case "agreement":
      return JSON.stringify([need.kind, need.policyId]);
  }
}

/** Whether a claim that a client pushes could meet a need. An agreement is made with the party in person. */
export function isPushable(need: Need): boolean {
  return need.kind !== "agreement" && need.issuers?.length !== 0;
}

/** Whether a need could be met by sending the party here in a browser. */
export function isMetInPerson(need: Need): boolean {
  return need.kind === "agreement" || need.inPerson !== undefined;
}

/**
 * The first needs, with the first issuers of each: an answer has to travel, and a client that brings these is told what
 * else is needed. At least one need is left, if there was one.
 */
export function boundNeeds(needs: readonly Need[]): readonly Need[] {
  let room = MAX_NEEDS_CHARACTERS;
  return needs
    .slice(0, MAX_NEEDS)
    .map(boundIssuers)
    .filter((need, index) => {
      room -= keyOf(need).length;
      return index === 0 || room >= 0;
    });
}

function boundIssuers(need: Need): Need {
  if (need.kind === "agreement") return need;
  const { issuers, inPerson } = need;
  return {
    ...need,
    issuers: issuers?.slice(0, MAX_NEED_ISSUERS) ?? null,
    ...(inPerson && { inPerson: inPerson.slice(0, MAX_NEED_ISSUERS) }),
  };
}
