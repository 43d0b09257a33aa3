/** Random identifiers and secrets, at least 128 bits each. */
export interface Randomness {
  /** 16 random bytes in base64url. */
  id(): string;
}

/** Secrets of clients and operators; only their hashes are kept. */
export interface Secrets {
  /** 32 random bytes in base64url. */
  random(): string;
  hash(secret: string): Promise<string>;
  /** Takes the same time wherever the two differ. */
  matches(secret: string, hash: string): Promise<boolean>;
}
