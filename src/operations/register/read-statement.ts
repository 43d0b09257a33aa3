import type { Provenance } from "../../protocol/client.ts";
import type { ClientRegistration } from "../../protocol/client-registration.ts";
import { type SoftwareStatement, vouchesFor } from "../../protocol/software-statement.ts";
import { ProtocolError } from "../../shared/error.ts";
import type { SoftwareStatements } from "../ports/software-statement.ts";

/** Whose word a client is registered by. */
export function provenanceOf(registration: ClientRegistration, statement: SoftwareStatement | null): Provenance {
  return vouchesFor(statement, registration) ? "software_statement" : "itself";
}

const REFUSALS = {
  unapproved: ["unapproved_software_statement", "its issuer may not vouch for software here"],
  invalid: ["invalid_software_statement", "it is no good statement for this server"],
} as const;

/**
 * Reads the software statement in what a client says about itself (RFC 7591 §2.3).
 * @returns null where there is none
 * @throws ProtocolError invalid_software_statement or unapproved_software_statement
 */
export async function readStatement(
  { softwareStatements }: { readonly softwareStatements: SoftwareStatements },
  metadata: unknown,
  now: number,
): Promise<SoftwareStatement | null> {
  const { software_statement: text } = Object(metadata) as Readonly<Record<string, unknown>>;
  if (text === undefined || text === null) return null;
  if (typeof text !== "string")
    throw new ProtocolError("invalid_software_statement", "software_statement: must be a JWT");
  const verdict = await softwareStatements.verify(text, now);
  if (verdict.accepted) return { text, members: verdict.members };
  const [code, description] = REFUSALS[verdict.fault];
  throw new ProtocolError(code, `software_statement: ${description}`, {
    reason: `software_statement: ${verdict.detail}`,
  });
}
