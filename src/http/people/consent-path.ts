import { ENDPOINTS } from "../../protocol/wire/endpoints.ts";

/** The page on which a person is asked what a client may (RFC 6749 §4.1.1), below the issuer. */
export const CONSENT = `${ENDPOINTS.authorization}/consent`;

/** @param at the authorization, sealed. */
export function consentPath(at: string): string {
  return `${CONSENT}?at=${encodeURIComponent(at)}`;
}
