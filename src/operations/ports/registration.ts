import type { Client } from "../../protocol/client.ts";
import type { RegistrationAllowance } from "../../protocol/registration-allowance.ts";
import type { Page } from "./page.ts";

/** What a client that registered itself manages its registration by (RFC 7592). */
export interface Registration {
  readonly clientId: string;
  /** SHA-256 of the registration access token. */
  readonly tokenHash: string;
  readonly allowance: RegistrationAllowance;
  /** The software statement that came along; null: none. */
  readonly statement: string | null;
  /** Epoch seconds: when the client is removed unless it is used before; null: it stays. */
  readonly endsAt: number | null;
}

/** Clients that registered themselves; none of this is leased. */
export interface RegistrationStore {
  /** Anybody's. */
  insert(client: Client, registration: Registration): Promise<void>;
  /**
   * Of whoever holds an initial access token, one use of which it takes in the same step.
   * @param registration its allowance becomes what the token allows.
   * @returns false when the token is not good (any more).
   */
  insertByToken(
    client: Client,
    registration: Pick<Registration, "clientId" | "tokenHash" | "statement">,
    tokenId: string,
    now: number,
  ): Promise<boolean>;
  find(clientId: string): Promise<Registration | null>;
  /** Keeps another software statement, or none. */
  keepStatement(clientId: string, statement: string | null): Promise<void>;
  /** Has it register for no more than this from now on; nothing happens where there is none. */
  limit(clientId: string, allowance: RegistrationAllowance): Promise<void>;
  /** A client was used: whatever end its registration has is put off, in the background. */
  noteUse(clientId: string, now: number): void;
  /** Has it end now, unless it is gone. */
  end(clientId: string, now: number): Promise<void>;
  /** Removes the clients whose registrations have ended and that left nothing anywhere, however many there are. */
  removeTraceless(now: number): Promise<void>;
  /** The clients whose registrations have ended, and those of whom something may be left; not those that an operator took over. */
  listEnded(now: number, limit: number): Promise<readonly string[]>;
  remove(clientId: string): Promise<void>;
}

/** What an operator lets programs register clients by (RFC 7591 §3). */
export interface InitialAccessToken {
  readonly id: string;
  /** For the operator. */
  readonly name: string;
  readonly allowance: RegistrationAllowance;
  readonly usesLeft: number;
  /** Epoch seconds. */
  readonly expiresAt: number;
  readonly createdAt: number;
}

export interface InitialAccessTokenStore {
  insert(token: InitialAccessToken, hash: string): Promise<void>;
  /** @returns null for one that is not good (any more). */
  find(hash: string, now: number): Promise<InitialAccessToken | null>;
  list(cursor: string | null, limit: number): Promise<Page<InitialAccessToken>>;
  /** @returns false when there is none of this id. */
  remove(id: string): Promise<boolean>;
  removeExpired(now: number): Promise<void>;
}
