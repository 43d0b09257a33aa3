import { canonicalDomain } from "../shared/domain.ts";
import { canonicalEmail, emailDomain } from "../shared/email.ts";
import { MAX_CLAIM_CHARACTERS, MAX_CLAIM_VALUES, MAX_CLAIMS_PER_TOKEN, MAX_WORD_CHARACTERS } from "../shared/limits.ts";
import { isExact } from "../shared/number.ts";
import type { ClaimFault, ClaimLeftOut } from "./claim-token-fault.ts";
import type { ClaimScalar, ClaimValue, PartyStatement, Speaker } from "./claims.ts";
import { isTime, type JwtPayload } from "./jwt.ts";
import { CLOCK_SKEW_SECONDS } from "./lifetimes.ts";

/** Claims about the token rather than the party (RFC 7519 §4.1, OIDC Core §2); auth_time is kept apart. */
const PROTOCOL_CLAIMS: ReadonlySet<string> = new Set([
  ...["iss", "sub", "aud", "exp", "iat", "nbf", "jti"],
  ...["auth_time", "nonce", "azp", "at_hash", "c_hash", "s_hash", "sid", "cnf", "sub_jwk", "ticket_hash"],
]);
/** They come first, so that a token full of other claims does not crowd them out. */
const FOREMOST = ["email", "email_verified"];

/** What a verified token says about the requesting party, as far as its issuer's word counts. */
export function readPartyClaims(speaker: Speaker, payload: JwtPayload, now: number): PartyStatement {
  const { auth_time: signedIn, iat } = payload;
  return {
    issuer: speaker.issuer,
    subject: String(payload.sub),
    claims: admissibleClaims(speaker, payload),
    authenticatedAt: isTime(signedIn) && signedIn <= now + CLOCK_SKEW_SECONDS ? Math.floor(signedIn) : null,
    issuedAt: Math.floor(Number(iat)),
  };
}

/**
 * Claims that were admitted before, as far as their issuer's word counts now: the operator may have narrowed it since.
 */
export function readmitClaims<Statement extends PartyStatement>(speaker: Speaker, party: Statement): Statement {
  // INVARIANT: an address among admitted claims was a verified one.
  const verified = Object.hasOwn(party.claims, "email") ? { email_verified: true } : {};
  const claims = admissibleClaims(speaker, { ...party.claims, ...verified, sub: party.subject });
  return { ...party, claims: { ...claims, ...readmitAddresses(speaker, party.claims.email) } };
}

/** No token states several addresses, but an account may have verified them (operations/account/account-claims.ts). */
function readmitAddresses(speaker: Speaker, addresses: ClaimValue | undefined): { readonly email?: ClaimValue } {
  if (typeof addresses !== "object" || !mayState(speaker, "email")) return {};
  const email = addresses.map((address) => findAdmissibleEmail(speaker, address, true)).filter((one) => one !== null);
  return email.length === 0 ? {} : { email };
}

/**
 * The claims that count: those the issuer may speak for (docs/design.md, decision 7), of simple form and bounded size,
 * and always `sub`. What does not fit is left out: a value, or the one entry of a list, which no policy could name anyway.
 */
export function admissibleClaims(speaker: Speaker, payload: JwtPayload): Readonly<Record<string, ClaimValue>> {
  const names = [...FOREMOST, ...Object.keys(payload).filter((name) => !FOREMOST.includes(name))];
  const admitted = names.flatMap((name): [string, ClaimValue][] => {
    const value = mayState(speaker, name) ? findAdmissibleValue(speaker, name, payload) : null;
    return value === null ? [] : [[name, value]];
  });
  return Object.fromEntries([["sub", String(payload.sub)], ...admitted.slice(0, MAX_CLAIMS_PER_TOKEN - 1)]);
}

/** Whether a claim says something about the token, so that it counts for nobody; of these only `sub` is read. */
export function isAboutToken(name: string): boolean {
  return PROTOCOL_CLAIMS.has(name);
}

/** Claims that are named to somebody as left out, at most. */
const MAX_NAMED = 20;

/** The claims about the party that a token states and that do not count, the first of them by name, and why. */
export function listLeftOut(speaker: Speaker, payload: JwtPayload): readonly ClaimLeftOut[] {
  return Object.keys(payload)
    .filter((name) => !isAboutToken(name) && name !== "email_verified" && name.length <= MAX_WORD_CHARACTERS)
    .flatMap((name) => {
      const fault = findClaimFault(speaker, name, payload);
      return fault === null ? [] : [{ name, fault }];
    })
    .slice(0, MAX_NAMED);
}

function findClaimFault(speaker: Speaker, name: string, payload: JwtPayload): ClaimFault | null {
  if (!mayState(speaker, name)) return "not_trusted_for";
  if (findAdmissibleValue(speaker, name, payload) !== null) return null;
  if (name !== "email") return "value";
  if (payload.email_verified !== true) return "unverified";
  return typeof payload.email === "string" && emailDomain(payload.email) !== null ? "domain" : "value";
}

/** Whether an issuer's word counts for this claim, as far as it may be any value. */
export function mayState({ claims }: Pick<Speaker, "claims">, name: string): boolean {
  if (isAboutToken(name) || name.length > MAX_WORD_CHARACTERS) return false;
  return claims === "all" || claims.includes(name);
}

/** @param domain in its canonical form (shared/domain.ts). */
export function mayVerifyAddressesOf({ emailDomains }: Pick<Speaker, "emailDomains">, domain: string | null): boolean {
  return domain !== null && (emailDomains === "all" || canonicalSetOf(emailDomains).has(domain));
}

/** Of each list that was asked about: a review asks about hundreds of addresses for each issuer, of a thousand domains. */
const canonicalSets = new WeakMap<readonly string[], ReadonlySet<string | null>>();

function canonicalSetOf(domains: readonly string[]): ReadonlySet<string | null> {
  const known = canonicalSets.get(domains) ?? new Set(domains.map(canonicalDomain));
  canonicalSets.set(domains, known);
  return known;
}

function findAdmissibleValue(speaker: Speaker, name: string, payload: JwtPayload): ClaimValue | null {
  const value = Object.hasOwn(payload, name) ? payload[name] : undefined;
  if (name === "email") return findAdmissibleEmail(speaker, value, payload.email_verified);
  if (isScalar(value)) return value;
  return Array.isArray(value) && value.length <= MAX_CLAIM_VALUES ? value.filter(isScalar) : null;
}

/** An address that the issuer has not verified, or of a domain it may not speak for, could be anybody's (OIDC Core §5.7). */
function findAdmissibleEmail(speaker: Speaker, value: unknown, verified: unknown): string | null {
  if (verified !== true || typeof value !== "string" || !isScalar(value)) return null;
  return mayVerifyAddressesOf(speaker, emailDomain(value)) ? canonicalEmail(value) : null;
}

function isScalar(value: unknown): value is ClaimScalar {
  if (typeof value === "number") return isExact(value);
  return typeof value === "boolean" || (typeof value === "string" && value.length <= MAX_CLAIM_CHARACTERS);
}
