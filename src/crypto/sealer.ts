import type { KeyCache } from "../keys/cache.ts";
import type { Sealer, SealPurpose } from "../operations/ports/seal.ts";
import { decryptText, encryptText } from "../shared/aes-gcm.ts";
import { MAX_SEALED_CHARACTERS } from "../shared/limits.ts";
import { RecentlyUsed } from "../shared/recently-used.ts";

/** Tokens come back several times in their life, and opened statements are small: a few MB at most. */
const STATEMENTS_REMEMBERED = 1_000;
const REMEMBERED: ReadonlySet<SealPurpose> = new Set(["locator", "handle"]);

/** What has no end of its own would outlive a key that rotates, so the one that never does seals it. */
const LASTING: ReadonlySet<SealPurpose> = new Set(["bound_pct", "connection_refresh", "notice_stop"]);

const FORM = /^([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]+)$/;

/**
 * Seals statements with AES-256-GCM under the ring's sealing key, as `<kid>.<base64url of iv and ciphertext>`. What a
 * token carries is remembered once it was opened: that never changes, while the key is looked at each time, and the end
 * of the token by whoever asked.
 * @param clock tells the time in epoch seconds.
 */
export function createSealer(keys: KeyCache, issuer: string, clock: () => number): Sealer {
  /** @returns null for the name of another key */
  async function findVaultKey(kid: string) {
    const vault = await keys.vaultKey(clock());
    return vault.kid === kid ? vault : null;
  }

  const opened = new RecentlyUsed<{ readonly statement: unknown }>(STATEMENTS_REMEMBERED);
  return {
    async seal(purpose, statement) {
      const { kid, key } = LASTING.has(purpose) ? await keys.vaultKey(clock()) : await keys.activeSealingKey(clock());
      return `${kid}.${await encryptText(key, JSON.stringify(statement), contextOf(purpose, issuer))}`;
    },
    async open(purpose, sealed) {
      const [, kid, encrypted] = (sealed.length <= MAX_SEALED_CHARACTERS && FORM.exec(sealed)) || [];
      if (kid === undefined || encrypted === undefined) return null;
      const key = LASTING.has(purpose) ? await findVaultKey(kid) : await keys.sealingKey(kid, clock());
      if (!key) return null;
      const known = opened.get(`${purpose} ${sealed}`);
      if (known) return known.statement;
      const text = await decryptText(key.key, encrypted, contextOf(purpose, issuer));
      const statement: unknown = text === null ? null : JSON.parse(text);
      if (text !== null && REMEMBERED.has(purpose)) opened.keep(`${purpose} ${sealed}`, { statement });
      return statement;
    },
  };
}

/** INVARIANT: purpose and issuer are authenticated, so nothing sealed for one thing or server passes for another. */
function contextOf(purpose: SealPurpose, issuer: string): string {
  return `${purpose}|${issuer}`;
}
