import { parsePerson, type SealedPerson } from "../../protocol/identity.ts";
import type { AccessTokenClaims } from "../ports/access-token.ts";
import type { Sealer } from "../ports/seal.ts";

/** Whom an access token tells about at the UserInfo endpoint; null: nobody, or it was not made for its client. */
export async function openPerson(
  sealer: Pick<Sealer, "open">,
  { person: sealed, client_id }: AccessTokenClaims,
): Promise<SealedPerson | null> {
  const person = sealed === undefined ? null : parsePerson(await sealer.open("person", sealed));
  return person?.clientId === client_id ? person : null;
}
