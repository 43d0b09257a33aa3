import type { PartyCard } from "../../protocol/party-card.ts";

/** Who a party is, as its owner reads it; nothing where the reference is all there is. */
export function renderPartyCard(card: PartyCard | undefined): object {
  if (card === undefined) return {};
  const { personId, name, nameSaidBy, addresses, issuer, subject } = card;
  return { person: { id: personId, name, name_said_by: nameSaidBy, addresses, issuer, subject } };
}
