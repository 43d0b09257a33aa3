import { isCounterOfCopy, parseUsedPasskey } from "../../protocol/passkey.ts";
import type { UsedPasskeyBody } from "../../protocol/wire/passkey.ts";
import { ProtocolError } from "../../shared/error.ts";
import { noteGuess } from "../failures.ts";
import type { Account, AccountPasskey, AccountStore } from "../ports/account.ts";
import type { EventSink } from "../ports/event.ts";
import type { FailureLimiter } from "../ports/failure.ts";
import type { Passkeys } from "../ports/passkey.ts";
import type { ReplayGuard } from "../ports/replay.ts";
import type { Sealer } from "../ports/seal.ts";
import type { Secrets } from "../ports/secret.ts";
import { openPasskeyChallenge, sealPasskeyChallenge, spendPasskeyChallenge } from "./passkey-challenge.ts";

interface PasskeySignInServices {
  readonly accounts: Pick<AccountStore, "findByPasskey" | "usePasskey">;
  readonly passkeys: Pick<Passkeys, "requestOptions" | "verifyUse">;
  readonly sealer: Sealer;
  readonly replayGuard: ReplayGuard;
  readonly secrets: Pick<Secrets, "hash">;
  readonly failures: Pick<FailureLimiter, "note">;
  readonly events: EventSink;
}

/** An answer to what was asked of a passkey, before anything of it is believed. */
export interface PasskeyAnswer {
  readonly body: unknown;
  /** Hash of the visit of the browser that sent it. */
  readonly visit: string;
  /** Where it came from, as the edge saw it. */
  readonly source: string;
}

/** @returns what a browser asks an authenticator for, the same for everybody. */
export async function askForPasskey(
  services: Pick<PasskeySignInServices, "passkeys" | "sealer">,
  visit: string,
  now: number,
): Promise<object> {
  return services.passkeys.requestOptions(await sealPasskeyChallenge(services, { kind: "sign_in" }, visit, now));
}

/**
 * Whoever uses a passkey is the person of its account (WebAuthn §7.2). A signature cannot be guessed, so nobody is held up
 * by what others tried: failures are counted only to tell less to whoever goes on failing.
 * @throws ProtocolError invalid_request, the same whether or not there is such a passkey; too_many_requests.
 */
export async function signInWithPasskey(
  services: PasskeySignInServices,
  { body, visit, source }: PasskeyAnswer,
  now: number,
): Promise<Account> {
  const used = parseUsedPasskey(body);
  const challenge = await openPasskeyChallenge(services, used, "sign_in", visit, now);
  const found = await services.accounts.findByPasskey(used.id);
  const proof = await services.passkeys.verifyUse(used, challenge.text, found?.passkey ?? null);
  if (found === null || proof === null || !isOf(found, used)) {
    noteGuess(services.failures, { subject: "passkey", source }, "passkeys that do not fit");
    throw passkeyRefused();
  }
  checkCounter(services, found, proof.signCount);
  await spendPasskeyChallenge(services, challenge);
  // Nor may the counter have moved meanwhile, or the passkey be gone.
  if (!(await services.accounts.usePasskey(found.passkey, proof.signCount, now))) throw passkeyRefused();
  return found.account;
}

/** WebAuthn §7.2, step 6: the authenticator says for whom it made the passkey. */
function isOf({ account }: AccountPasskey, { response }: UsedPasskeyBody): boolean {
  return response.userHandle === account.id;
}

/** WebAuthn §7.2, step 22: two authenticators with one key cannot both be its person's, and nobody can say which is. */
function checkCounter(
  { events }: PasskeySignInServices,
  { account, passkey }: AccountPasskey,
  signCount: number,
): void {
  if (!isCounterOfCopy(passkey.signCount, signCount)) return;
  events.emit({ kind: "passkey_copied", accountId: account.id });
  const description = "somebody may have made a copy of this passkey: sign in another way, and remove it";
  throw new ProtocolError("invalid_request", description, { reason: "passkey_copied" });
}

function passkeyRefused(): ProtocolError {
  return new ProtocolError("invalid_request", "this passkey does not sign in here", { reason: "passkey_refused" });
}
