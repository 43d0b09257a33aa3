import type { LedgerDirectory } from "../../ledger/contract.ts";
import type { Actor } from "../../protocol/actor.ts";
import { partyKey } from "../../protocol/party.ts";
import type { PartyCard } from "../../protocol/party-card.ts";
import type { PairwiseSubjects } from "../ports/party.ts";

export interface PeopleServices {
  readonly ledgers: LedgerDirectory;
  readonly pairwise: Pick<PairwiseSubjects, "person">;
}

/**
 * Who those are whom an owner's policies name by an issuer and a subject, as far as they ever came; by `partyKey`. One round
 * trip to the ledger, and none where there is nobody to find.
 */
export async function findPeople(
  { ledgers, pairwise }: PeopleServices,
  actor: Actor,
  keys: readonly string[],
): Promise<ReadonlyMap<string, PartyCard>> {
  if (keys.length === 0) return new Map();
  const ids = await Promise.all(keys.map((key) => pairwise.person(actor.ownerId, key)));
  const reply = await ledgers.ledger(actor.ownerId).parties(actor, ids);
  const cards = reply.outcome === "found" ? Object.values(reply.cards) : [];
  return new Map(cards.map((card) => [partyKey(card), card]));
}
