import type { PartyClaims } from "../protocol/claims.ts";
import { partyKey } from "../protocol/party.ts";
import { describeParty, type PartyCard } from "../protocol/party-card.ts";
import type { PairwiseSubjects } from "./ports/party.ts";

/**
 * Who a party is, for one owner to read.
 * @param ownName what the person calls themselves in their account here, empty: nothing; null: there is no account.
 */
export async function makePartyCard(
  { pairwise }: { readonly pairwise: Pick<PairwiseSubjects, "person"> },
  ownerId: string,
  claims: PartyClaims,
  ownName: string | null,
): Promise<PartyCard> {
  return describeParty(claims, await pairwise.person(ownerId, partyKey(claims)), ownName);
}
