import { parsePersonName } from "../../protocol/person-name.ts";
import { ProtocolError } from "../../shared/error.ts";
import { checkPenalty } from "../failures.ts";
import type { Account } from "../ports/account.ts";
import type { FailureLimiter } from "../ports/failure.ts";
import type { Randomness } from "../ports/secret.ts";
import { createAccount } from "./create-account.ts";
import { askForNewPasskey, type NewPasskeyServices, passkeyNotMade, passkeyOf, readNewPasskey } from "./new-passkey.ts";
import type { PasskeyAnswer } from "./sign-in-with-passkey.ts";

type SignUpServices = NewPasskeyServices &
  Parameters<typeof createAccount>[0] & { readonly failures: Pick<FailureLimiter, "penalty" | "record"> };

const NEW_ACCOUNTS = "new accounts";

/**
 * @param name what the person wants to be called; it may be empty.
 * @returns what a browser asks an authenticator for: a passkey for an account that is not there yet.
 * @throws ProtocolError invalid_request for a name that is too long.
 */
export async function askForFirstPasskey(
  services: Pick<NewPasskeyServices, "passkeys" | "sealer"> & { readonly randomness: Randomness },
  name: string,
  visit: string,
  now: number,
): Promise<object> {
  const personName = parsePersonName(name);
  if (personName === null)
    throw new ProtocolError("invalid_request", "the name is too long", { reason: "name_too_long" });
  const purpose = { kind: "sign_up", accountId: services.randomness.id(), name: personName } as const;
  return askForNewPasskey(services, purpose, { name: personName, known: [] }, visit, now);
}

/**
 * Makes an account whose first way in is the passkey that an authenticator has just made.
 * @param answer with what the passkey is called until its person says otherwise.
 * @throws ProtocolError invalid_request; too_many_requests.
 */
export async function signUpWithPasskey(
  services: SignUpServices,
  { body, visit, source, passkeyName }: PasskeyAnswer & { readonly passkeyName: string },
  now: number,
): Promise<Account> {
  checkPenalty(services.failures, newAccountFrom(source), NEW_ACCOUNTS);
  const { created, purpose } = await readNewPasskey(services, "sign_up", body, visit, now);
  await countNewAccount(services, source);
  const account = await createAccount(
    services,
    { id: purpose.accountId, name: purpose.name, location: null },
    async (made) => ({ kind: "passkey", passkey: await passkeyOf(services, made, created, passkeyName, now) }),
    now,
  );
  if (account === null) throw passkeyNotMade();
  return account;
}

/**
 * Counts an account that is about to be made: each costs a ledger and rows, so nobody makes thousands.
 * @throws ProtocolError too_many_requests where too many were made of late.
 */
export async function countNewAccount(
  { failures }: { readonly failures: Pick<FailureLimiter, "penalty" | "record"> },
  source: string,
): Promise<void> {
  const attempt = newAccountFrom(source);
  checkPenalty(failures, attempt, NEW_ACCOUNTS);
  await failures.record(attempt);
}

function newAccountFrom(source: string) {
  return { subject: "new_account", source };
}
