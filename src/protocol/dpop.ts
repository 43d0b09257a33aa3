import { MAX_JTI_CHARACTERS } from "../shared/limits.ts";
import { isTime, type JwtPayload } from "./jwt.ts";
import { CLOCK_SKEW_SECONDS, DPOP_PROOF_SECONDS } from "./lifetimes.ts";

/** RFC 9449 §4.2: the type that keeps a proof from passing for another kind of JWT. */
export const DPOP_TYPE = "dpop+jwt";

/** The request that a proof has to be made for. */
export interface ProvenRequest {
  readonly method: string;
  readonly url: string;
  /** SHA-256 of the access token that it is sent with, in base64url; null: it is sent without one. */
  readonly tokenHash: string | null;
}

/** What of a proof is left to look at, when it is made for the request at hand. */
export interface ProofClaims {
  readonly jti: string;
  /** Null: it bears none. */
  readonly nonce: string | null;
  /** Epoch seconds from which it would be refused as too old. */
  readonly expiresAt: number;
}

/** What is wrong with a proof. */
export type ProofFault = "form" | "signature" | "jti" | "htm" | "htu" | "iat" | "ath" | "nonce";

/**
 * The claims of a proof of good signature (RFC 9449 §4.3, 4 to 11).
 * @returns the first claim that is missing or says something else than the request
 */
export function readProofClaims(payload: JwtPayload, request: ProvenRequest, now: number): ProofClaims | ProofFault {
  const { jti, htm, htu, iat, ath, nonce } = payload;
  if (typeof jti !== "string" || jti === "" || jti.length > MAX_JTI_CHARACTERS) return "jti";
  if (htm !== request.method) return "htm";
  if (typeof htu !== "string" || !isSameTarget(htu, request.url)) return "htu";
  if (!isTime(iat) || !isFresh(iat, now)) return "iat";
  if (request.tokenHash !== null && ath !== request.tokenHash) return "ath";
  if (nonce !== undefined && typeof nonce !== "string") return "nonce";
  return { jti, nonce: nonce ?? null, expiresAt: endOf(iat) };
}

function isFresh(iat: number, now: number): boolean {
  return iat <= now + CLOCK_SKEW_SECONDS && now < endOf(iat);
}

function endOf(iat: number): number {
  return Math.ceil(iat) + DPOP_PROOF_SECONDS + CLOCK_SKEW_SECONDS;
}

/** RFC 9449 §4.3: query and fragment are left out, and two spellings of one URI are the same (RFC 3986 §6.2.2, §6.2.3). */
function isSameTarget(one: string, other: string): boolean {
  const target = targetOf(one);
  return target !== null && target === targetOf(other);
}

/** The parser of URLs writes scheme, host, port and dot segments in one way; what is escaped is left to do. */
function targetOf(uri: string): string | null {
  const url = URL.parse(uri);
  if (url === null || url.username !== "" || url.password !== "") return null;
  return url.origin + url.pathname.replaceAll(/%[0-9A-Fa-f]{2}/g, inOneSpelling);
}

/** RFC 3986 §6.2.2.2: what need not be escaped is not. */
function inOneSpelling(escaped: string): string {
  const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
  return /[A-Za-z0-9._~-]/.test(character) ? character : escaped.toUpperCase();
}
