import { mentionedClaims } from "../policy/language/mentioned-claims.ts";
import type { Policy } from "../policy/language/policy.ts";
import { type ClaimValue, type PartyClaims, type PartyStatement, statementsOf } from "../protocol/claims.ts";

/** Claims that no policy asks for are kept within this; they only spare somebody a question later. */
const KEPT_CLAIMS_CHARACTERS = 2_048;

/**
 * Of a party's claims those to keep: whatever the policies at hand mention, because what was granted is judged on it
 * later, and of the others what still fits. A claim is kept whole or not at all: half a list of groups would be another
 * statement, and a claim that is missing spares nobody from a new deny.
 */
export function claimsToKeep(party: PartyClaims, policies: readonly Policy[]): PartyClaims {
  const mentioned = new Set(policies.flatMap(({ document }) => mentionedClaims(document.who)));
  let room = KEPT_CLAIMS_CHARACTERS - sizeOf(statementsOf(party), mentioned);
  const keep = <Statement extends PartyStatement>(statement: Statement): Statement => {
    const [needed, others] = sort(statement, mentioned);
    const fitting = others.filter((entry) => {
      const size = JSON.stringify(entry).length;
      if (size > room) return false;
      room -= size;
      return true;
    });
    return { ...statement, claims: Object.fromEntries([...needed, ...fitting]) };
  };
  const kept = keep(party);
  return kept.linked === undefined ? kept : { ...kept, linked: kept.linked.map(keep) };
}

type Entries = readonly (readonly [name: string, value: ClaimValue])[];

/** The claims that policies mention, and the others. */
function sort({ claims }: PartyStatement, mentioned: ReadonlySet<string>): readonly [needed: Entries, others: Entries] {
  const entries = Object.entries(claims);
  return [entries.filter(([name]) => mentioned.has(name)), entries.filter(([name]) => !mentioned.has(name))];
}

/** What the claims take that are kept in any case, in characters. */
function sizeOf(statements: readonly PartyStatement[], mentioned: ReadonlySet<string>): number {
  return JSON.stringify(statements.map((statement) => sort(statement, mentioned)[0])).length;
}
