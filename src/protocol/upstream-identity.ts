import * as v from "valibot";
import { MAX_LEVELS, MAX_SUBJECT_CHARACTERS, MAX_WORD_CHARACTERS } from "../shared/limits.ts";
import { isAboutToken, readPartyClaims } from "./admissible-claims.ts";
import { type PartyStatement, parsePartyClaims } from "./claims.ts";
import { acceptsLevel, type IdentityProvider } from "./identity-provider.ts";
import { findTimeFault, type JwtPayload } from "./jwt.ts";
import { CLOCK_SKEW_SECONDS } from "./lifetimes.ts";
import type { UpstreamFault } from "./upstream-fault.ts";

/** Who signed in, as far as the provider may speak for it, and how. */
export interface UpstreamIdentity {
  readonly party: PartyStatement;
  /** The level of authentication (OIDC Core §2, acr); null when the provider does not say. */
  readonly acr: string | null;
  /** By which means (RFC 8176). */
  readonly amr: readonly string[];
}

const Identity = v.object({ party: v.unknown(), acr: v.nullable(v.string()), amr: v.array(v.string()) });

/** An identity as it was sealed. @returns null for a statement of another form. */
export function parseUpstreamIdentity(statement: unknown): UpstreamIdentity | null {
  const parsed = v.safeParse(Identity, statement);
  const party = parsed.success ? parsePartyClaims(parsed.output.party) : null;
  return parsed.success && party !== null ? { ...parsed.output, party } : null;
}

/**
 * Who an ID Token of good signature, issuer, audience and nonce is about.
 * @param claims what the provider says of the person: in the token, and at its UserInfo endpoint.
 */
export function readUpstreamIdentity(provider: IdentityProvider, claims: JwtPayload, now: number): UpstreamIdentity {
  return { party: readPartyClaims(provider, claims, now), acr: levelOf(claims), amr: meansOf(claims) };
}

/**
 * What keeps a verified ID Token from being the sign-in that was asked for; null when nothing does.
 * @param authenticatedSince when the person must have signed in at the earliest, epoch seconds; null: no matter when.
 */
export function findIdentityFault(
  provider: IdentityProvider,
  token: JwtPayload,
  authenticatedSince: number | null,
  now: number,
): { readonly fault: UpstreamFault; readonly detail: string } | null {
  const isNamed = typeof token.sub === "string" && token.sub !== "" && token.sub.length <= MAX_SUBJECT_CHARACTERS;
  if (!isNamed) return { fault: "id_token", detail: "sub" };
  const timeFault = findTimeFault(token, now);
  if (timeFault !== null) return { fault: "id_token", detail: timeFault };
  if (isTooOld(token.auth_time, authenticatedSince)) return { fault: "stale", detail: "auth_time" };
  const acr = levelOf(token);
  return acceptsLevel(provider, acr) ? null : { fault: "level", detail: acr === null ? "no acr" : `acr is ${acr}` };
}

/** OIDC Core §3.1.2.1, max_age: a provider that was asked for it has to say when (§2, auth_time). */
function isTooOld(authenticatedAt: unknown, since: number | null): boolean {
  if (since === null) return false;
  return typeof authenticatedAt !== "number" || authenticatedAt + CLOCK_SKEW_SECONDS < since;
}

function levelOf({ acr }: JwtPayload): string | null {
  return isWord(acr) ? acr : null;
}

function meansOf({ amr }: JwtPayload): readonly string[] {
  return Array.isArray(amr) ? amr.filter(isWord).slice(0, MAX_LEVELS) : [];
}

function isWord(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= MAX_WORD_CHARACTERS;
}

/** Whether an ID Token leaves out what the provider may speak for, so that its UserInfo endpoint is worth a question. */
export function lacksClaims({ claims }: Pick<IdentityProvider, "claims">, token: JwtPayload): boolean {
  if (claims === "all") return Object.keys(token).every(isAboutToken);
  return claims.some((name) => !isAboutToken(name) && !Object.hasOwn(token, name));
}

/**
 * What the token and the UserInfo endpoint say together; the token has the last word. An address and whether it is
 * verified belong together, so both are of the one that says the second.
 */
export function joinUserInfo(token: JwtPayload, userInfo: JwtPayload): JwtPayload {
  const { email, email_verified } = Object.hasOwn(token, "email_verified") ? token : userInfo;
  return { ...userInfo, ...token, email, email_verified };
}
