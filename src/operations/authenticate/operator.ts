import { ProtocolError } from "../../shared/error.ts";
import { checkPenalty, recordFailure } from "../failures.ts";
import type { FailureLimiter } from "../ports/failure.ts";
import type { Secrets } from "../ports/secret.ts";

const WRONG_SECRETS = "wrong secrets";

interface OperatorServices {
  readonly config: { readonly adminSecret: string | null };
  readonly secrets: Pick<Secrets, "hash" | "matches">;
  readonly failures: FailureLimiter;
}

/**
 * Whoever holds the operator's secret may administer this server.
 * @param presented the secret that was sent; null when none was.
 * @param source where it was sent from, as the edge saw it.
 * @throws ProtocolError not_found where no secret is set, so that there is nothing to guess; invalid_token; and
 *   too_many_requests where too many wrong ones came from, whatever comes from there; from elsewhere the right one passes.
 */
export async function authenticateOperator(
  services: OperatorServices,
  presented: string | null,
  source: string,
): Promise<void> {
  const { adminSecret } = services.config;
  if (adminSecret === null) throw new ProtocolError("not_found", "there is nothing here");
  if (presented === null) throw invalidSecret();
  const counted = { subject: "operator", source };
  checkPenalty(services.failures, counted, WRONG_SECRETS);
  // Both sides are hashed, so neither length nor content of the secret shows in the time this takes.
  const hash = await services.secrets.hash(adminSecret);
  if (!(await services.secrets.matches(presented, hash))) {
    await recordFailure(services.failures, counted, WRONG_SECRETS);
    throw invalidSecret();
  }
  // Of many guesses at once those count that came before the limit was met, whichever is the right one.
  checkPenalty(services.failures, counted, WRONG_SECRETS);
}

function invalidSecret(): ProtocolError {
  return new ProtocolError("invalid_token", "send the operator's secret as Authorization: Bearer");
}
