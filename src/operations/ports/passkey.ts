import type { CreatedPasskeyBody, UsedPasskeyBody } from "../../protocol/wire/passkey.ts";
import type { Passkey } from "./account.ts";

/** Public key credentials (WebAuthn), with this server as the Relying Party. */
export interface Passkeys {
  /** What a browser needs to make a passkey (WebAuthn §5.4). */
  creationOptions(request: PasskeyCreation): Promise<object>;
  /** What a browser needs to use a passkey, whichever its person chooses (WebAuthn §5.5). */
  requestOptions(challenge: string): Promise<object>;
  /** @returns null for what does not prove that an authenticator made it for this challenge and server. */
  verifyCreation(created: CreatedPasskeyBody, challenge: string): Promise<CreatedPasskey | null>;
  /**
   * @param passkey null where there is none of this id; that takes as long as another, so nobody learns of it.
   * @returns the counter of the authenticator; null for what does not prove that its holder used it for this challenge.
   */
  verifyUse(used: UsedPasskeyBody, challenge: string, passkey: Passkey | null): Promise<{ signCount: number } | null>;
}

export interface PasskeyCreation {
  readonly challenge: string;
  /** The user handle: the authenticator gives it back whenever the passkey is used. */
  readonly accountId: string;
  /** What the authenticator shows beside the passkey. */
  readonly name: string;
  /** Passkeys of the account: no authenticator makes a second one. */
  readonly known: readonly Pick<Passkey, "id" | "transports">[];
}

export type CreatedPasskey = Pick<Passkey, "id" | "publicKey" | "signCount" | "transports">;
