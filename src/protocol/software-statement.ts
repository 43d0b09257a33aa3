import type { ClientRegistration } from "./client-registration.ts";
import { audienceOf, findTimeFault, type JwtPayload } from "./jwt.ts";

/** RFC 7591 §2.3 gives it no type of its own; one that others give it tells it from tokens of the same issuer. */
export const SOFTWARE_STATEMENT_TYPES: readonly string[] = ["jwt", "software-statement+jwt"];

/** Whose word a software statement is, and what it says of a client (RFC 7591 §2.3). */
export interface SoftwareStatement {
  /** As it was sent: it is told again as it is (RFC 7591 §3.2.1). */
  readonly text: string;
  readonly members: JwtPayload;
}

/**
 * What is wrong with the claims of a statement of good signature. It comes with software, so it need not expire; one that
 * names an audience is for nobody else.
 * @param issuer our own
 */
export function findStatementFault(payload: JwtPayload, issuer: string, now: number): string | null {
  const bounded = payload.exp === undefined ? { ...payload, exp: Number.MAX_SAFE_INTEGER } : payload;
  const time = findTimeFault(bounded, now);
  if (time !== null) return time;
  return payload.aud === undefined || audienceOf(payload).includes(issuer) ? null : "aud";
}

/**
 * Whether a statement vouches for what people go by: the name of a client, and each place to which they are sent back. One
 * that leaves a place open could be in the hands of whoever has a copy of the software.
 */
export function vouchesFor(statement: SoftwareStatement | null, registration: ClientRegistration): boolean {
  const members = statement?.members ?? {};
  const says = (member: string) => Object.hasOwn(members, member) && members[member] !== null;
  const { redirectUris, claimsRedirectUris, postLogoutRedirectUris } = registration;
  return (
    says("client_name") &&
    (redirectUris.length === 0 || says("redirect_uris")) &&
    (claimsRedirectUris.length === 0 || says("claims_redirect_uris")) &&
    (postLogoutRedirectUris.length === 0 || says("post_logout_redirect_uris"))
  );
}
