import type { ClaimTokenVerdict, ClaimTokenVerifier } from "../operations/ports/claim-token.ts";
import type { TrustedIssuerStore } from "../operations/ports/issuer.ts";
import { listLeftOut, readPartyClaims } from "../protocol/admissible-claims.ts";
import { ACCEPTED_ALGORITHMS } from "../protocol/algorithm.ts";
import type { ClaimTokenFault } from "../protocol/claim-token-fault.ts";
import type { TrustedIssuer } from "../protocol/claims.ts";
import type { Client } from "../protocol/client.ts";
import { findIdTokenFault, ID_TOKEN_TYPES } from "../protocol/id-token.ts";
import { findHeaderFault, type JwtPayload } from "../protocol/jwt.ts";
import { decodeBase64url } from "../shared/base64url.ts";
import { MAX_CLAIM_TOKEN_CHARACTERS, MAX_IDENTIFIER_CHARACTERS } from "../shared/limits.ts";
import { readCompactJwt, type UnverifiedJwt } from "./compact-jwt.ts";
import { type KeySets, VerificationFailed } from "./key-sets.ts";

interface ClaimTokenDependencies {
  readonly trustedIssuers: Pick<TrustedIssuerStore, "findByIssuer">;
  readonly keySets: KeySets;
  /** Our own issuer identifier. */
  readonly issuer: string;
}

/** Verifies pushed ID Tokens. Who issued it comes first: no key of anybody else is ever looked at. */
export function createClaimTokenVerifier(dependencies: ClaimTokenDependencies): ClaimTokenVerifier {
  return {
    async verify(claimToken, client, now) {
      const jwt = readClaimToken(claimToken);
      if (!jwt) return rejected("form");
      const trusted = await findTrustedIssuer(jwt.payload, dependencies);
      if (!trusted) return rejected("issuer");
      const fault = findHeaderFault(jwt.header, ACCEPTED_ALGORITHMS, ID_TOKEN_TYPES);
      return fault ? rejected(fault) : verifyIdToken(jwt, trusted, client, dependencies, now);
    },
  };
}

/** Base64url is what the Grant asks for unless the format says otherwise (§3.3.1); many clients push the bare JWT. */
function readClaimToken(claimToken: string): UnverifiedJwt | null {
  if (claimToken.length > MAX_CLAIM_TOKEN_CHARACTERS) return null;
  if (claimToken.includes(".")) return readCompactJwt(claimToken);
  const bytes = decodeBase64url(claimToken.replace(/={1,2}$/, ""));
  return bytes && readCompactJwt(new TextDecoder().decode(bytes));
}

async function findTrustedIssuer(payload: JwtPayload, { trustedIssuers }: ClaimTokenDependencies) {
  const { iss } = payload;
  if (typeof iss !== "string" || iss.length > MAX_IDENTIFIER_CHARACTERS) return null;
  return trustedIssuers.findByIssuer(iss);
}

async function verifyIdToken(
  jwt: UnverifiedJwt,
  trusted: TrustedIssuer,
  client: Client,
  dependencies: ClaimTokenDependencies,
  now: number,
): Promise<ClaimTokenVerdict> {
  try {
    const payload = await dependencies.keySets.verify(jwt.text, trusted, now);
    // Keys may take seconds to come, and meanwhile the operator may have ended or narrowed the trust.
    const present = await findTrustedIssuer(payload, dependencies);
    if (present === null || !hasSameKeys(present, trusted)) return rejected("issuer");
    const fault = findIdTokenFault(payload, { trusted: present, client, issuer: dependencies.issuer }, now);
    return fault ? rejected(fault) : accepted(present, payload, now);
  } catch (error) {
    if (error instanceof VerificationFailed) return rejected(error.lacksKeys ? "keys" : "signature", error.message);
    throw error;
  }
}

/** Whether a signature under the keys of one entry counts under the other. */
function hasSameKeys(one: TrustedIssuer, other: TrustedIssuer): boolean {
  return one.id === other.id && keysOf(one) === keysOf(other);
}

function keysOf({ jwks, jwksUri }: TrustedIssuer): string {
  return JSON.stringify([jwks, jwksUri]);
}

function accepted(trusted: TrustedIssuer, payload: JwtPayload, now: number): ClaimTokenVerdict {
  return { accepted: true, party: readPartyClaims(trusted, payload, now), leftOut: listLeftOut(trusted, payload) };
}

function rejected(fault: ClaimTokenFault, detail?: string): ClaimTokenVerdict {
  return { accepted: false, fault, ...(detail === undefined ? {} : { detail }) };
}
