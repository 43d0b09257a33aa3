import type { Keys } from "./ports/keys.ts";

/** The public keys that access tokens are signed with, as a JWK Set (RFC 7517 §5). */
export function publishKeys(
  { keys }: { readonly keys: Pick<Keys, "jwks"> },
  now: number,
): Promise<{ readonly keys: readonly object[] }> {
  return keys.jwks(now);
}
