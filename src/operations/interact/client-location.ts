import type { ClaimsTarget } from "../../protocol/claims-request.ts";
import { withParameters } from "../../protocol/redirect-uri.ts";
import type { ClaimsErrorCode } from "../../protocol/wire/claims.ts";
import { wireSafe } from "../../shared/wire-text.ts";

interface LocationServices {
  readonly config: { readonly issuer: string };
}

/** @returns where the browser goes with the ticket to go on with (Grant §3.3.3, RFC 9207 §2). Nothing else is told. */
export function ticketLocation({ config }: LocationServices, { redirectUri, state }: ClaimsTarget, ticket: string) {
  return withParameters(redirectUri, { ticket, state, iss: config.issuer });
}

/** @returns where the browser goes when there is no such ticket (Grant §3.3.3, RFC 6749 §4.1.2.1). */
export function errorLocation(
  { config }: LocationServices,
  { redirectUri, state }: ClaimsTarget,
  error: ClaimsErrorCode,
  description: string,
): string {
  return withParameters(redirectUri, { error, error_description: wireSafe(description), state, iss: config.issuer });
}
