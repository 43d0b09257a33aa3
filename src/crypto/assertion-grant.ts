import type { AssertionVerdict, AssertionVerifier, PresentedAssertion } from "../operations/ports/assertion.ts";
import type { TrustedIssuerStore } from "../operations/ports/issuer.ts";
import { ACCEPTED_ALGORITHMS } from "../protocol/algorithm.ts";
import { type AssertionFault, endOfAssertion, findAssertionFault, readAssertionKind } from "../protocol/assertion.ts";
import type { JwtPayload } from "../protocol/jwt.ts";
import {
  type AssertionKind,
  type AssertionTrust,
  keySourceOf,
  type TrustedIssuer,
} from "../protocol/trusted-issuer.ts";
import { MAX_IDENTIFIER_CHARACTERS } from "../shared/limits.ts";
import { readCompactJwt } from "./compact-jwt.ts";
import { type KeySets, VerificationFailed } from "./key-sets.ts";

interface AssertionDependencies {
  readonly trustedIssuers: Pick<TrustedIssuerStore, "findByIssuer">;
  readonly keySets: KeySets;
  /** What may stand for this server in an assertion of a kind; the first is its issuer identifier. */
  readonly audiencesOf: (kind: AssertionKind) => readonly string[];
}

/** An issuer whose assertions of some kind count. */
interface Trusted {
  readonly trusted: TrustedIssuer;
  readonly trust: AssertionTrust;
}

/** Verifies assertions of trusted issuers as authorization grants (RFC 7523 §3). */
export function createAssertionVerifier(dependencies: AssertionDependencies): AssertionVerifier {
  return {
    async verify(presented, now) {
      const jwt = readCompactJwt(presented.assertion);
      if (jwt === null) return rejected("form");
      const kind = readAssertionKind(jwt.header, ACCEPTED_ALGORITHMS);
      if (typeof kind !== "string") return rejected(kind.fault);
      const found = await findTrusted(jwt.payload.iss, kind, dependencies);
      if (found === null) return rejected("issuer");
      try {
        const payload = await dependencies.keySets.verify(jwt.text, keySourceOf(found.trusted, null), now);
        return await judge(payload, kind, found.trusted, presented, dependencies, now);
      } catch (error) {
        if (error instanceof VerificationFailed) return rejected(error.lacksKeys ? "keys" : "signature", error.message);
        throw error;
      }
    },
  };
}

async function findTrusted(
  issuer: unknown,
  kind: AssertionKind,
  { trustedIssuers }: AssertionDependencies,
): Promise<Trusted | null> {
  if (typeof issuer !== "string" || issuer.length > MAX_IDENTIFIER_CHARACTERS) return null;
  const trusted = await trustedIssuers.findByIssuer(issuer);
  const trust = trusted?.assertions ?? null;
  return trusted !== null && trust?.kinds.includes(kind) ? { trusted, trust } : null;
}

/** Keys may take seconds to come, and meanwhile the operator may have ended or narrowed the trust. */
async function judge(
  payload: JwtPayload,
  kind: AssertionKind,
  verified: TrustedIssuer,
  { client, confirmation }: PresentedAssertion,
  dependencies: AssertionDependencies,
  now: number,
): Promise<AssertionVerdict> {
  const present = await findTrusted(verified.issuer, kind, dependencies);
  if (present === null || keysOf(present.trusted) !== keysOf(verified)) return rejected("issuer");
  const { id } = verified;
  const { trusted } = present;
  const context = { kind, trusted, clientId: client.id, audiences: dependencies.audiencesOf(kind), confirmation };
  const fault = findAssertionFault(payload, context, now);
  if (fault !== null) return rejected(fault);
  // One that names its client nobody else can spend, so it need not be looked for among everybody's.
  const audience = payload.client_id === undefined ? `assertion:${id}` : `assertion:${id}:${client.id}`;
  const spendable = { audience, jti: String(payload.jti), expiresAt: endOfAssertion(payload) };
  return { accepted: true, ...present, payload, spendable };
}

function keysOf({ id, jwks, jwksUri }: TrustedIssuer): string {
  return JSON.stringify([id, jwks, jwksUri]);
}

function rejected(fault: AssertionFault, detail?: string): AssertionVerdict {
  return { accepted: false, fault, ...(detail === undefined ? {} : { detail }) };
}
