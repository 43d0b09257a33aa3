import { ProtocolError } from "../../shared/error.ts";
import type { Account, AccountStore } from "../ports/account.ts";
import type { AccountSeals } from "../ports/account-seal.ts";
import type { EventSink } from "../ports/event.ts";
import { readName } from "./create-account.ts";
import { askForNewPasskey, type NewPasskeyServices, passkeyOf, readNewPasskey } from "./new-passkey.ts";
import type { PasskeyAnswer } from "./sign-in-with-passkey.ts";

interface PasskeyServices extends NewPasskeyServices {
  readonly accounts: Pick<AccountStore, "proofs" | "addProof" | "removeProof" | "renamePasskey">;
  readonly accountSeals: AccountSeals;
  readonly events: EventSink;
}

/** @returns what a browser asks an authenticator for that has none of the account's passkeys yet. */
export async function askForAnotherPasskey(
  services: Omit<PasskeyServices, "events">,
  account: Account,
  visit: string,
  now: number,
): Promise<object> {
  const [name, { passkeys }] = await Promise.all([readName(services, account), services.accounts.proofs(account.id)]);
  return askForNewPasskey(services, { kind: "add", accountId: account.id }, { name, known: passkeys }, visit, now);
}

/**
 * Adds the passkey that an authenticator has just made for whoever is signed in.
 * @param answer with what the passkey is called until its person says otherwise.
 * @throws ProtocolError invalid_request, also where it was asked for by another account, is somebody's, or one too many.
 */
export async function addPasskey(
  services: PasskeyServices,
  account: Account,
  { body, visit, passkeyName }: Omit<PasskeyAnswer, "source"> & { readonly passkeyName: string },
  now: number,
): Promise<void> {
  const { created, purpose } = await readNewPasskey(services, "add", body, visit, now);
  if (purpose.accountId !== account.id) throw notAdded();
  const passkey = await passkeyOf(services, account, created, passkeyName, now);
  if (!(await services.accounts.addProof(account.id, { kind: "passkey", passkey }))) throw notAdded();
  services.events.emit({ kind: "way_in_changed", accountId: account.id, change: "passkey_added" });
}

/** @param name not empty. @returns false when the account has no such passkey. */
export async function renamePasskey(
  { accounts, accountSeals }: Pick<PasskeyServices, "accounts" | "accountSeals">,
  account: Account,
  passkeyId: string,
  name: string,
): Promise<boolean> {
  const sealedName = await accountSeals.seal(account.wrappedKey, "passkey_name", name);
  return accounts.renamePasskey(account.id, passkeyId, sealedName);
}

/** @returns false when it is the last way in, or the account has no such passkey. */
export async function removePasskey(
  { accounts, events }: Pick<PasskeyServices, "accounts" | "events">,
  account: Account,
  passkeyId: string,
): Promise<boolean> {
  if (!(await accounts.removeProof(account.id, "passkey", passkeyId))) return false;
  events.emit({ kind: "way_in_changed", accountId: account.id, change: "passkey_removed" });
  return true;
}

function notAdded(): ProtocolError {
  return new ProtocolError("invalid_request", "the passkey was not added", { reason: "passkey_refused" });
}
