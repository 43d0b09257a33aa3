import * as v from "valibot";
import { type PartyClaims, statementsOf } from "./claims.ts";
import { parsePersonName } from "./person-name.ts";

/** More addresses make nobody better known. */
const ADDRESSES_SHOWN = 5;

/**
 * Who somebody is, as the owner may know them with whom they deal: what decisions about them were made on, and what they
 * are called. Resource servers and clients never see it; they know the party by its pairwise subject.
 */
export interface PartyCard {
  /** The same for one subject of one issuer, wherever this owner meets them, and another one at every other owner. */
  readonly personId: string;
  /** Null: nobody said. */
  readonly name: string | null;
  /** The issuer who says that this is their name; null: they say so themselves, and it proves nothing. */
  readonly nameSaidBy: string | null;
  /** E-mail addresses, verified by somebody who may speak for them. */
  readonly addresses: readonly string[];
  /** Who vouches for them, and under which subject. */
  readonly issuer: string;
  readonly subject: string;
}

const Card = v.object({
  personId: v.string(),
  name: v.nullable(v.string()),
  nameSaidBy: v.nullable(v.string()),
  addresses: v.array(v.string()),
  issuer: v.string(),
  subject: v.string(),
});

/**
 * Makes the card of a party of which only claims that count are known.
 * @param ownName what the person calls themselves in their account here, empty: nothing; null: there is no account.
 */
export function describeParty(party: PartyClaims, personId: string, ownName: string | null): PartyCard {
  const { issuer, subject } = party;
  return { personId, ...nameOf(party, ownName), addresses: addressesOf(party), issuer, subject };
}

/** A name that somebody vouches for goes before what the person calls themselves. */
function nameOf(party: PartyClaims, ownName: string | null): Pick<PartyCard, "name" | "nameSaidBy"> {
  for (const { issuer, claims } of statementsOf(party)) {
    const name = typeof claims.name === "string" ? parsePersonName(claims.name) : null;
    if (name) return { name, nameSaidBy: issuer };
  }
  return { name: ownName || null, nameSaidBy: null };
}

function addressesOf(party: PartyClaims): readonly string[] {
  const emails = statementsOf(party).flatMap(({ claims }) => claims.email ?? []);
  const addresses = emails.filter((email) => typeof email === "string");
  return [...new Set(addresses)].slice(0, ADDRESSES_SHOWN);
}

/** A card as it was sealed. @returns null for a statement of another form, as another release may have sealed it. */
export function parsePartyCard(statement: unknown): PartyCard | null {
  const parsed = v.safeParse(Card, statement);
  return parsed.success ? parsed.output : null;
}
