import { checkPenalty } from "../failures.ts";
import type { FailureLimiter } from "../ports/failure.ts";

/**
 * Counts an account that is about to be made: each costs a ledger and rows, so nobody makes thousands.
 * @param source where it comes from, as the edge saw it.
 * @throws ProtocolError too_many_requests where too many were made of late.
 */
export async function countNewAccount(
  { failures }: { readonly failures: Pick<FailureLimiter, "penalty" | "record"> },
  source: string,
): Promise<void> {
  const attempt = { subject: "new_account", source };
  checkPenalty(failures, attempt, "new accounts");
  await failures.record(attempt);
}
