import {
  parseRecoveryCode,
  RECOVERY_CODE_LENGTH,
  RECOVERY_CODE_LETTERS,
  RECOVERY_CODES,
  renderRecoveryCode,
} from "../../protocol/recovery-code.ts";
import { checkPenalty, recordFailure } from "../failures.ts";
import type { Account, AccountStore } from "../ports/account.ts";
import type { EventSink } from "../ports/event.ts";
import type { FailureLimiter } from "../ports/failure.ts";
import type { Randomness, Secrets } from "../ports/secret.ts";

interface RecoveryCodeServices {
  readonly accounts: Pick<AccountStore, "replaceRecoveryCodes" | "takeRecoveryCode">;
  readonly randomness: Pick<Randomness, "letters">;
  readonly secrets: Pick<Secrets, "hash">;
  readonly failures: Pick<FailureLimiter, "penalty" | "record">;
  readonly events: EventSink;
}

const WRONG_CODES = "wrong recovery codes";

/**
 * Makes new recovery codes; those before are worth nothing from here on.
 * @returns them as people read them: they are kept as hashes alone, so nobody can be shown them again.
 */
export async function makeRecoveryCodes(
  { accounts, randomness, secrets, events }: Omit<RecoveryCodeServices, "failures">,
  account: Account,
  now: number,
): Promise<readonly string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () =>
    randomness.letters(RECOVERY_CODE_LETTERS, RECOVERY_CODE_LENGTH),
  );
  await accounts.replaceRecoveryCodes(account.id, await Promise.all(codes.map(secrets.hash)), now);
  events.emit({ kind: "way_in_changed", accountId: account.id, change: "recovery_codes_made" });
  return codes.map(renderRecoveryCode);
}

/**
 * Whoever has a recovery code is its person; it is spent.
 * @param typed in whatever case and spacing.
 * @param source where it came from, as the edge saw it.
 * @returns null for any other text.
 * @throws ProtocolError too_many_requests where too many wrong ones came from; from elsewhere the right one passes.
 */
export async function signInWithRecoveryCode(
  { accounts, secrets, failures }: Pick<RecoveryCodeServices, "accounts" | "secrets" | "failures">,
  typed: string,
  source: string,
): Promise<Account | null> {
  const attempt = { subject: "recovery_code", source };
  checkPenalty(failures, attempt, WRONG_CODES);
  const letters = parseRecoveryCode(typed);
  const account = letters === null ? null : await accounts.takeRecoveryCode(await secrets.hash(letters));
  if (account === null) await recordFailure(failures, attempt, WRONG_CODES);
  return account;
}
