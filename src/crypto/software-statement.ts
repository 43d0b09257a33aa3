import type { TrustedIssuerStore } from "../operations/ports/issuer.ts";
import type { SoftwareStatements, SoftwareStatementVerdict } from "../operations/ports/software-statement.ts";
import { ACCEPTED_ALGORITHMS } from "../protocol/algorithm.ts";
import { findHeaderFault } from "../protocol/jwt.ts";
import { findStatementFault, SOFTWARE_STATEMENT_TYPES } from "../protocol/software-statement.ts";
import { keySourceOf, type TrustedIssuer } from "../protocol/trusted-issuer.ts";
import { MAX_IDENTIFIER_CHARACTERS } from "../shared/limits.ts";
import { readCompactJwt, type UnverifiedJwt } from "./compact-jwt.ts";
import { type KeySets, VerificationFailed } from "./key-sets.ts";

interface StatementDependencies {
  readonly trustedIssuers: Pick<TrustedIssuerStore, "findByIssuer">;
  readonly keySets: KeySets;
  /** Our own issuer identifier. */
  readonly issuer: string;
}

/** Verifies software statements. Who issued one comes first: no key of anybody else is ever looked at. */
export function createSoftwareStatements(dependencies: StatementDependencies): SoftwareStatements {
  return {
    async verify(statement, now) {
      const jwt = readCompactJwt(statement);
      if (jwt === null) return refused("invalid", "form");
      const trusted = await findAttester(jwt, dependencies);
      if (trusted === null) return refused("unapproved", "issuer");
      const fault = findHeaderFault(jwt.header, ACCEPTED_ALGORITHMS, SOFTWARE_STATEMENT_TYPES);
      return fault === null ? verifySigned(jwt, trusted, dependencies, now) : refused("invalid", fault);
    },
  };
}

async function findAttester({ payload }: UnverifiedJwt, { trustedIssuers }: StatementDependencies) {
  const { iss } = payload;
  if (typeof iss !== "string" || iss.length > MAX_IDENTIFIER_CHARACTERS) return null;
  const trusted = await trustedIssuers.findByIssuer(iss);
  return trusted?.attestsSoftware ? trusted : null;
}

async function verifySigned(
  jwt: UnverifiedJwt,
  trusted: TrustedIssuer,
  { keySets, issuer }: StatementDependencies,
  now: number,
): Promise<SoftwareStatementVerdict> {
  try {
    const payload = await keySets.verify(jwt.text, keySourceOf(trusted, null), now);
    const fault = findStatementFault(payload, issuer, now);
    return fault === null ? { accepted: true, members: payload } : refused("invalid", fault);
  } catch (error) {
    if (error instanceof VerificationFailed) return refused("invalid", error.message);
    throw error;
  }
}

function refused(fault: "unapproved" | "invalid", detail: string): SoftwareStatementVerdict {
  return { accepted: false, fault, detail };
}
