/** Proof Key for Code Exchange (RFC 7636), by S256 alone: whoever sees a request learns nothing from the challenge. */

export const CODE_CHALLENGE_METHODS = ["S256"] as const;

/** A SHA-256 digest in base64url (RFC 7636 §4.2). */
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

/** RFC 7636 §4.1. */
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

export function isCodeChallenge(text: string): boolean {
  return CHALLENGE.test(text);
}

export function isCodeVerifier(text: string): boolean {
  return VERIFIER.test(text);
}
