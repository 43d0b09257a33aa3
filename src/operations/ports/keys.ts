import type { ListedKey } from "../../keys/key.ts";

export interface Keys {
  /** The public JWK Set of every unexpired signing key (RFC 7517 §5). */
  jwks(now: number): Promise<{ readonly keys: readonly object[] }>;
  list(): Promise<readonly ListedKey[]>;
  /** Makes the next keys, or names those that already wait for their turn. */
  rotate(): Promise<readonly ListedKey[]>;
}
