/** A description may repeat a name that was sent, which may be long. */
const MAX_CHARACTERS = 300;

/** RFC 6749 §5.2: %x20-21 / %x23-5B / %x5D-7E; also what a quoted header value can hold as it is. */
export function wireSafe(text: string): string {
  return text.slice(0, MAX_CHARACTERS).replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, "?");
}

/**
 * As long as 32 bytes in base64url: so long are secrets, session tokens and the codes of links. The few identifiers that are
 * digests (shared/ids.ts) are left out with them.
 */
const LONG_WORDS = /[\w-]{43,}/g;

/** For logs: what somebody sent in the wrong place may be a token, and tells nothing that is worth keeping. */
export function withoutTokens(text: string): string {
  return text.replaceAll(LONG_WORDS, "...");
}
