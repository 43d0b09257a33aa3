import type { PartyStatement } from "../protocol/claims.ts";
import { partyKey } from "../protocol/party.ts";
import { encodeBase64url } from "../shared/base64url.ts";
import { sha256 } from "../shared/sha-256.ts";

/** What an identity at a provider is found by: who somebody is at one issuer, whichever entry of ours names that. */
export async function identityIdOf(statement: Pick<PartyStatement, "issuer" | "subject">): Promise<string> {
  return encodeBase64url(await sha256(partyKey(statement)));
}
