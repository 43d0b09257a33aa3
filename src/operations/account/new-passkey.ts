import { parseCreatedPasskey } from "../../protocol/passkey.ts";
import type { PasskeyPurpose } from "../../protocol/passkey-challenge.ts";
import { ProtocolError } from "../../shared/error.ts";
import type { Account, Passkey } from "../ports/account.ts";
import type { AccountSeals } from "../ports/account-seal.ts";
import type { CreatedPasskey, PasskeyCreation, Passkeys } from "../ports/passkey.ts";
import type { ReplayGuard } from "../ports/replay.ts";
import type { Sealer } from "../ports/seal.ts";
import type { Secrets } from "../ports/secret.ts";
import { openPasskeyChallenge, sealPasskeyChallenge, spendPasskeyChallenge } from "./passkey-challenge.ts";

/** What it takes to have a passkey made, for an account that is there or is about to be. */
export interface NewPasskeyServices {
  readonly passkeys: Pick<Passkeys, "creationOptions" | "verifyCreation">;
  readonly sealer: Sealer;
  readonly replayGuard: ReplayGuard;
  readonly secrets: Pick<Secrets, "hash">;
}

type CreationPurpose = Extract<PasskeyPurpose, { readonly accountId: string }>;

/** @returns what a browser asks an authenticator for. */
export async function askForNewPasskey(
  services: Pick<NewPasskeyServices, "passkeys" | "sealer">,
  purpose: CreationPurpose,
  { name, known }: Pick<PasskeyCreation, "name" | "known">,
  visit: string,
  now: number,
): Promise<object> {
  const challenge = await sealPasskeyChallenge(services, purpose, visit, now);
  return services.passkeys.creationOptions({ challenge, accountId: purpose.accountId, name, known });
}

/**
 * The passkey that an authenticator made, and for whom it was asked for (WebAuthn §7.1).
 * @throws ProtocolError invalid_request.
 */
export async function readNewPasskey<Kind extends CreationPurpose["kind"]>(
  services: NewPasskeyServices,
  kind: Kind,
  body: unknown,
  visit: string,
  now: number,
): Promise<{ readonly created: CreatedPasskey; readonly purpose: Extract<CreationPurpose, { kind: Kind }> }> {
  const answer = parseCreatedPasskey(body);
  const challenge = await openPasskeyChallenge(services, answer, kind, visit, now);
  const created = await services.passkeys.verifyCreation(answer, challenge.text);
  if (created === null) throw passkeyNotMade();
  await spendPasskeyChallenge(services, challenge);
  return { created, purpose: challenge.purpose };
}

/** A passkey as it is kept. */
export async function passkeyOf(
  { accountSeals }: { readonly accountSeals: Pick<AccountSeals, "seal"> },
  { wrappedKey }: Pick<Account, "wrappedKey">,
  created: CreatedPasskey,
  name: string,
  now: number,
): Promise<Passkey> {
  const sealedName = await accountSeals.seal(wrappedKey, "passkey_name", name);
  return { ...created, sealedName, createdAt: now, lastUsedAt: null };
}

/** Also for one that is somebody's already, as nobody need know. */
export function passkeyNotMade(): ProtocolError {
  return new ProtocolError("invalid_request", "no passkey was made that can be used here", {
    reason: "passkey_refused",
  });
}
