import * as v from "valibot";
import { SHOWN_CODES_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import type { Account } from "../ports/account.ts";
import type { AccountSeals } from "../ports/account-seal.ts";
import type { ReplayGuard } from "../ports/replay.ts";
import type { Secrets } from "../ports/secret.ts";

interface ShownCodesServices {
  readonly accountSeals: AccountSeals;
  readonly replayGuard: ReplayGuard;
  readonly secrets: Pick<Secrets, "hash">;
}

interface ShownCodes {
  readonly codes: readonly string[];
  /** Hash of the visit in which they are shown. */
  readonly visit: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

const Statement: v.GenericSchema<unknown, ShownCodes> = v.object({
  codes: v.array(v.string()),
  visit: v.string(),
  expiresAt: v.number(),
});

/** Recovery codes on their way to the page that shows them: they are kept as hashes alone, so they travel sealed. */
export function sealShownCodes(
  { accountSeals }: Pick<ShownCodesServices, "accountSeals">,
  { wrappedKey }: Account,
  codes: readonly string[],
  visit: string,
  now: number,
): Promise<string> {
  const statement: ShownCodes = { codes, visit, expiresAt: now + SHOWN_CODES_LIFETIME_SECONDS };
  return accountSeals.seal(wrappedKey, "recovery_codes", statement);
}

/**
 * INVARIANT: they are shown once, to their person, in the browser that made them; an address in a history shows nothing.
 * @returns null otherwise.
 */
export async function openShownCodes(
  { accountSeals, replayGuard, secrets }: ShownCodesServices,
  { wrappedKey }: Account,
  sealed: string,
  visit: string,
  now: number,
): Promise<readonly string[] | null> {
  const parsed = v.safeParse(Statement, await accountSeals.open(wrappedKey, "recovery_codes", sealed));
  if (!parsed.success || parsed.output.visit !== visit || parsed.output.expiresAt <= now) return null;
  const letter = (await secrets.hash(sealed)).charAt(0);
  const isFirst = await replayGuard.claim(`recovery-codes:${letter}`, sealed, parsed.output.expiresAt);
  return isFirst ? parsed.output.codes : null;
}
