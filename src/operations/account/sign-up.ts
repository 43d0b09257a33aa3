import { parsePersonName } from "../../protocol/person-name.ts";
import { ProtocolError } from "../../shared/error.ts";
import type { Account } from "../ports/account.ts";
import type { FailureLimiter } from "../ports/failure.ts";
import type { Randomness } from "../ports/secret.ts";
import { addAddress } from "./addresses.ts";
import { countNewAccount } from "./count-new-account.ts";
import { createAccount } from "./create-account.ts";
import { openProvenAddress } from "./email-sign-in.ts";
import { askForNewPasskey, type NewPasskeyServices, passkeyNotMade, passkeyOf, readNewPasskey } from "./new-passkey.ts";
import type { PasskeyAnswer } from "./sign-in-with-passkey.ts";

type SignUpServices = NewPasskeyServices &
  Parameters<typeof createAccount>[0] &
  Parameters<typeof addAddress>[0] & { readonly failures: Pick<FailureLimiter, "penalty" | "record"> };

/** Somebody who wants an account. */
export interface Newcomer {
  /** What they want to be called, as they typed it; it may be empty. */
  readonly name: string;
  /** The sealed statement of an address that they have proved (email-sign-in.ts); null: none. */
  readonly proven: string | null;
}

/**
 * @returns what a browser asks an authenticator for: a passkey for an account that is not there yet.
 * @throws ProtocolError invalid_request for a name that is too long, or a proof of an address that no longer counts.
 */
export async function askForFirstPasskey(
  services: Pick<NewPasskeyServices, "passkeys" | "sealer"> & { readonly randomness: Randomness },
  newcomer: Newcomer,
  visit: string,
  now: number,
): Promise<object> {
  const name = parsePersonName(newcomer.name);
  if (name === null) throw new ProtocolError("invalid_request", "the name is too long", { reason: "name_too_long" });
  const address = newcomer.proven === null ? null : await addressOf(services, newcomer.proven, visit, now);
  const purpose = { kind: "sign_up", accountId: services.randomness.id(), name, address } as const;
  return askForNewPasskey(services, purpose, { name, known: [] }, visit, now);
}

async function addressOf(
  services: Pick<NewPasskeyServices, "sealer">,
  sealed: string,
  visit: string,
  now: number,
): Promise<string> {
  const proven = await openProvenAddress(services, sealed, visit, now);
  if (proven !== null) return proven.address;
  const description = "the address was proved in another browser, or too long ago: begin again";
  throw new ProtocolError("invalid_request", description, { reason: "passkey_late" });
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
  const { created, purpose } = await readNewPasskey(services, "sign_up", body, visit, now);
  await countNewAccount(services, source);
  const account = await createAccount(
    services,
    { id: purpose.accountId, name: purpose.name, location: null },
    async (made) => ({ kind: "passkey", passkey: await passkeyOf(services, made, created, passkeyName, now) }),
    now,
  );
  if (account === null) throw passkeyNotMade();
  // Should it have become somebody's meanwhile, the account has its passkey alone.
  if (purpose.address !== null) await addAddress(services, account, purpose.address, now);
  return account;
}
