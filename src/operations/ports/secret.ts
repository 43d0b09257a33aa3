/** Random identifiers and secrets, at least 128 bits each. */
export interface Randomness {
  /** 16 random bytes in base64url. */
  id(): string;
  /** Letters of this alphabet of at most 256, each as likely as any other. */
  letters(alphabet: string, count: number): string;
}

/** Secrets of clients and operators; only their hashes are kept. */
export interface Secrets {
  /** 32 random bytes in base64url. */
  random(): string;
  hash(secret: string): Promise<string>;
  /** Takes the same time wherever the two differ. */
  matches(secret: string, hash: string): Promise<boolean>;
}
