import type { ClientAssertions } from "../operations/ports/client.ts";
import type { ReplayGuard } from "../operations/ports/replay.ts";
import { ACCEPTED_ALGORITHMS } from "../protocol/algorithm.ts";
import type { Client } from "../protocol/client.ts";
import { CLIENT_ASSERTION_TYPES, checkClientAssertion } from "../protocol/client-assertion.ts";
import { findHeaderFault } from "../protocol/jwt.ts";
import { ProtocolError } from "../shared/error.ts";
import { readCompactJwt } from "./compact-jwt.ts";
import { type KeySets, VerificationFailed } from "./key-sets.ts";

interface ClientAssertionDependencies {
  readonly keySets: KeySets;
  readonly replayGuard: ReplayGuard;
}

export function createClientAssertions(dependencies: ClientAssertionDependencies): ClientAssertions {
  return {
    subject(assertion) {
      const subject = readCompactJwt(assertion)?.payload.sub;
      return typeof subject === "string" ? subject : null;
    },
    verify: (assertion, client, audiences, now) =>
      verifyClientAssertion(assertion, client, audiences, now, dependencies),
  };
}

/**
 * Authenticates a client by a JWT it signed (private_key_jwt, RFC 7523 §3, OIDC Core §9). The jti is spent last, when
 * nothing else can fail, so that nobody but the client can spend it.
 * @throws ProtocolError invalid_client that says what is wrong.
 */
async function verifyClientAssertion(
  assertion: string,
  client: Client,
  audiences: readonly string[],
  now: number,
  { keySets, replayGuard }: ClientAssertionDependencies,
): Promise<void> {
  const jwt = readCompactJwt(assertion);
  if (!jwt) throw refused("it is not a signed JWT in compact form");
  const fault = findHeaderFault(jwt.header, ACCEPTED_ALGORITHMS, CLIENT_ASSERTION_TYPES);
  if (fault) throw refused(`the header member ${fault} is not acceptable`);
  const payload = await keySets.verify(jwt.text, client, now).catch(unverified);
  const { jti, expiresAt } = checkClientAssertion(payload, client, audiences, now);
  if (await replayGuard.claim(`client:${client.id}`, jti, expiresAt)) return;
  throw refused("its jti was used before; make a new one for each request");
}

function unverified(error: unknown): never {
  if (!(error instanceof VerificationFailed)) throw error;
  throw refused("its signature does not verify with the registered keys of the client", error.message);
}

function refused(description: string, reason = "client_assertion"): ProtocolError {
  return new ProtocolError("invalid_client", `client assertion: ${description}`, { reason });
}
