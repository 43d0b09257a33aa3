import type { KeyCache } from "../keys/cache.ts";
import type { PairwiseSubjects } from "../operations/ports/party.ts";
import { encodeBase64url } from "../shared/base64url.ts";

/** 128 bits: nobody finds two parties with one subject, and 22 characters are short enough for a token. */
const SUBJECT_BYTES = 16;

/**
 * Derives who a requesting party is to one resource server (RFC 9068 §6) with HMAC-SHA-256 under the ring's pairwise
 * secret. A resource server's id is made here and has no "|", so two different pairs never read alike.
 * @param clock tells the time in epoch seconds.
 */
export function createPairwiseSubjects(keys: KeyCache, clock: () => number): PairwiseSubjects {
  async function derive(text: string): Promise<string> {
    const { key } = await keys.pairwiseSecret(clock());
    const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text));
    return encodeBase64url(new Uint8Array(mac, 0, SUBJECT_BYTES));
  }

  return {
    subject: (resourceServerId, party) => derive(`${resourceServerId}|${party}`),
    // No id of a resource server begins so, because none has a blank.
    person: (ownerId, party) => derive(`owner ${ownerId}|${party}`),
    account: (clientId, accountId) => derive(`client ${clientId}|${accountId}`),
  };
}
