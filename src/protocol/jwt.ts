import type { AgeFault, HeaderFault, TimeFault } from "./claim-token-fault.ts";
import { CLOCK_SKEW_SECONDS } from "./lifetimes.ts";

/** Where a public key set comes from: held here, or fetched. Held keys win, and then what is named here. */
export interface KeySource {
  readonly jwks: { readonly keys: readonly object[] } | null;
  readonly jwksUri: string | null;
  /** Whose discovery document names the keys, where neither is given. */
  readonly issuer?: string;
}

/** The members of a JWT's header that we look at: whether it may be what it is taken for, and which key signed it. */
export interface JwtHeader {
  readonly alg?: unknown;
  readonly kid?: unknown;
  readonly typ?: unknown;
  readonly crit?: unknown;
  /** Of a DPoP proof alone (RFC 9449 §4.2); of nothing else it is looked at. */
  readonly jwk?: unknown;
}

/** The claims of a JWT whose signature is good and whose claims are not checked yet. */
export type JwtPayload = Readonly<Record<string, unknown>>;

/**
 * What is wrong with the header: an algorithm outside the list, a critical extension (we have none), or the type of
 * another kind of JWT (RFC 8725 §3.1, §3.11). A key that is named in the header (jku, jwk, x5u) is none
 * to verify with, but for the proof that somebody holds it (crypto/dpop-proof.ts).
 */
export function findHeaderFault(
  header: JwtHeader,
  algorithms: readonly string[],
  types: readonly string[],
): HeaderFault | null {
  if (typeof header.alg !== "string" || !algorithms.includes(header.alg)) return "alg";
  if (header.crit !== undefined) return "crit";
  if (header.typ === undefined) return null;
  return typeof header.typ === "string" && types.includes(shortType(header.typ)) ? null : "typ";
}

/** RFC 7515 §4.1.9: compared without case, and `application/` may be left out. */
function shortType(type: string): string {
  return type.toLowerCase().replace(/^application\//, "");
}

/** What is wrong with the times of a JWT that must have exp (RFC 7519 §4.1); other clocks may be a little off. */
export function findTimeFault(payload: JwtPayload, now: number): TimeFault | null {
  if (!isTime(payload.exp) || payload.exp + CLOCK_SKEW_SECONDS <= now) return "exp";
  if (!isPast(payload.iat, now)) return "iat";
  return isPast(payload.nbf, now) ? null : "nbf";
}

/**
 * What is wrong with the age of a JWT that must say when it was issued (OIDC Core §3.1.3.7, item 10).
 * @param maxAge seconds; null: any will do
 */
export function findAgeFault({ iat }: JwtPayload, maxAge: number | null, now: number): AgeFault | null {
  if (!isTime(iat)) return "iat";
  return maxAge !== null && now > iat + maxAge + CLOCK_SKEW_SECONDS ? "age" : null;
}

function isPast(time: unknown, now: number): boolean {
  return time === undefined || (isTime(time) && time <= now + CLOCK_SKEW_SECONDS);
}

/** Epoch seconds; a fraction is allowed (RFC 7519 §2, NumericDate). */
export function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** `aud` as a list; empty when it is absent or is anything but text or a list of texts (RFC 7519 §4.1.3). */
export function audienceOf(payload: JwtPayload): readonly string[] {
  const values: readonly unknown[] = Array.isArray(payload.aud) ? payload.aud : [payload.aud];
  return values.every((value) => typeof value === "string") ? values : [];
}
