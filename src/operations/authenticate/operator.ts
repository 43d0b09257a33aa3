import { FAILURE_WINDOW_SECONDS } from "../../protocol/lifetimes.ts";
import { ProtocolError } from "../../shared/error.ts";
import type { FailureLimiter } from "../ports/failure.ts";
import type { Secrets } from "../ports/secret.ts";

interface OperatorServices {
  readonly config: { readonly adminSecret: string | null };
  readonly secrets: Pick<Secrets, "hash" | "matches">;
  readonly failures: FailureLimiter;
}

/**
 * Whoever holds the operator's secret may administer this server.
 * @param presented the secret that was sent; null when none was.
 * @param address where it was sent from, as the edge saw it; null when not known.
 * @throws ProtocolError not_found where no secret is set, so that there is nothing to guess; invalid_token; and
 *   too_many_requests for an address that keeps guessing. The right secret always passes.
 */
export async function authenticateOperator(
  services: OperatorServices,
  presented: string | null,
  address: string | null,
): Promise<void> {
  const { adminSecret } = services.config;
  if (adminSecret === null) throw new ProtocolError("not_found", "there is nothing here");
  if (presented === null) throw invalidSecret();
  // Both sides are hashed, so neither length nor content of the secret shows in the time this takes.
  const hash = await services.secrets.hash(adminSecret);
  if (await services.secrets.matches(presented, hash)) return;
  throw (await services.failures.record(`operator|${address ?? ""}`)) ? invalidSecret() : tooManyFailures();
}

function invalidSecret(): ProtocolError {
  return new ProtocolError("invalid_token", "send the operator's secret as Authorization: Bearer");
}

function tooManyFailures(): ProtocolError {
  const description = "too many wrong secrets; wait before the next attempt";
  return new ProtocolError("too_many_requests", description, { retryAfter: FAILURE_WINDOW_SECONDS });
}
