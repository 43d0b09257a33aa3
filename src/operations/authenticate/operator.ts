import type { Config } from "../../config.ts";
import { ProtocolError } from "../../shared/error.ts";
import { checkPenalty, recordFailure } from "../failures.ts";
import type { EventSink } from "../ports/event.ts";
import type { FailureLimiter } from "../ports/failure.ts";
import type { Secrets } from "../ports/secret.ts";

const WRONG_SECRETS = "wrong secrets";

interface OperatorServices {
  readonly config: Pick<Config, "adminSecret" | "adminSecretPrevious">;
  readonly secrets: Pick<Secrets, "hash" | "matches">;
  readonly failures: FailureLimiter;
  readonly events: EventSink;
}

/**
 * Whoever holds the operator's secret may administer this server; and whoever holds the one before it, for as long as
 * both are set, which the log tells, so that the operator sees who has yet to change.
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
  const { adminSecret, adminSecretPrevious } = services.config;
  if (adminSecret === null) throw new ProtocolError("not_found", "there is nothing here");
  if (presented === null) throw invalidSecret();
  const counted = { subject: "operator", source };
  checkPenalty(services.failures, counted, WRONG_SECRETS);
  const [isCurrent, isPrevious] = await Promise.all([
    isSecret(services.secrets, presented, adminSecret),
    isSecret(services.secrets, presented, adminSecretPrevious),
  ]);
  if (!isCurrent && !isPrevious) {
    await recordFailure(services.failures, counted, WRONG_SECRETS);
    throw invalidSecret();
  }
  // Of many guesses at once those count that came before the limit was met, whichever is the right one.
  checkPenalty(services.failures, counted, WRONG_SECRETS);
  services.events.emit({ kind: "authenticated", clientId: null, proven: true });
  if (!isCurrent) services.events.emit({ kind: "previous_admin_secret_used" });
}

/** Both sides are hashed, so neither length nor content of the secret shows in the time this takes. */
async function isSecret(secrets: OperatorServices["secrets"], presented: string, secret: string | null) {
  return secret !== null && secrets.matches(presented, await secrets.hash(secret));
}

function invalidSecret(): ProtocolError {
  return new ProtocolError("invalid_token", "send the operator's secret as Authorization: Bearer");
}
