import type { FailureLimiter } from "../../operations/ports/failure.ts";
import type { Secrets } from "../../operations/ports/secret.ts";
import { FAILURE_WINDOW_SECONDS } from "../../protocol/lifetimes.ts";
import { ProtocolError } from "../../shared/error.ts";
import { whereaboutsOf } from "../whereabouts.ts";

export interface OperatorAuthentication {
  readonly config: { readonly adminSecret: string | null };
  readonly secrets: Secrets;
  readonly failures: FailureLimiter;
}

/**
 * Whoever holds the operator's secret may administer this server.
 * @throws ProtocolError not_found where no secret is set, so that there is nothing to guess; invalid_token; and
 *   too_many_requests for an address that keeps guessing. The right secret always passes.
 */
export async function authenticateOperator(request: Request, services: OperatorAuthentication): Promise<void> {
  const { adminSecret } = services.config;
  if (adminSecret === null) throw new ProtocolError("not_found", "there is nothing here");
  const presented = /^bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (presented === undefined) throw invalidSecret();
  // Both sides are hashed, so neither length nor content of the secret shows in the time this takes.
  const hash = await services.secrets.hash(adminSecret);
  if (await services.secrets.matches(presented, hash)) return;
  const mayRetry = await services.failures.record(`operator|${whereaboutsOf(request).address ?? ""}`);
  throw mayRetry ? invalidSecret() : tooManyFailures();
}

function invalidSecret(): ProtocolError {
  return new ProtocolError("invalid_token", "send the operator's secret as Authorization: Bearer");
}

function tooManyFailures(): ProtocolError {
  const description = "too many wrong secrets; wait before the next attempt";
  return new ProtocolError("too_many_requests", description, { retryAfter: FAILURE_WINDOW_SECONDS });
}
