import { KEY_CACHE_SECONDS, KEY_PUBLISH_AHEAD_SECONDS } from "../protocol/lifetimes.ts";
import type { IdTokenAlgorithm } from "../protocol/wire/identity.ts";
import { findActiveKey, ID_TOKEN_KEY_USES, isExpired, SIGNING_USES } from "./key.ts";
import type { KeyRing } from "./ring.ts";
import { importKey, type SecretKey, type SigningKey, type WorkingKey } from "./working-key.ts";

interface Snapshot {
  readonly keys: readonly WorkingKey[];
  /** Epoch seconds. */
  readonly takenAt: number;
}

type KeyFor<U extends WorkingKey["use"]> = Extract<WorkingKey, { readonly use: U }>;

/**
 * The keys of one isolate, imported once. Only plain results are kept between requests, never a pending call: in
 * Workers one request must not wait for the I/O of another.
 */
export class KeyCache {
  readonly #ring: Pick<KeyRing, "keys">;
  #snapshot: Snapshot | null = null;
  /** The second in which the ring was last asked, whether or not it answered. */
  #askedAt = 0;

  constructor(ring: Pick<KeyRing, "keys">) {
    this.#ring = ring;
  }

  async activeSigningKey(now: number): Promise<SigningKey> {
    return loadActive(await this.#current(now), "sign", now);
  }

  async activeIdTokenKey(algorithm: IdTokenAlgorithm, now: number): Promise<SigningKey> {
    return loadActive(await this.#current(now), ID_TOKEN_KEY_USES[algorithm], now);
  }

  async activeSealingKey(now: number): Promise<SecretKey<"seal">> {
    return loadActive(await this.#current(now), "seal", now);
  }

  /** The key of the HMAC that makes pairwise subjects; it never rotates. */
  async pairwiseSecret(now: number): Promise<SecretKey<"pairwise">> {
    return loadActive(await this.#current(now), "pairwise", now);
  }

  /** The key that wraps the keys of accounts; it never rotates. */
  async vaultKey(now: number): Promise<SecretKey<"vault">> {
    return loadActive(await this.#current(now), "vault", now);
  }

  /** @returns null for a key that the ring does not know, or knows no more. */
  async verificationKey(kid: string, now: number): Promise<SigningKey | null> {
    return this.#find(kid, "sign", now);
  }

  /** @returns null for a key that the ring does not know, or knows no more. */
  async idTokenVerificationKey(algorithm: IdTokenAlgorithm, kid: string, now: number): Promise<SigningKey | null> {
    return this.#find(kid, ID_TOKEN_KEY_USES[algorithm], now);
  }

  /** @returns null for a key that the ring does not know, or knows no more. */
  async sealingKey(kid: string, now: number): Promise<SecretKey<"seal"> | null> {
    return this.#find(kid, "seal", now);
  }

  /** Every unexpired signing key, also those that are not in use yet (OIDC Core §10.1.1); public members only. */
  async publicJwks(now: number): Promise<{ readonly keys: readonly object[] }> {
    const current = await this.#current(now);
    const keys = SIGNING_USES.flatMap((use): readonly SigningKey[] => ofUse(current, use));
    return { keys: keys.filter((key) => !isExpired(key, now)).map((key) => key.publicJwk) };
  }

  /** An unknown kid may be a key made since the last look, so it is worth one question a second, and no more. */
  async #find<U extends WorkingKey["use"]>(kid: string, use: U, now: number): Promise<KeyFor<U> | null> {
    const known = findByKid(await this.#current(now), kid, use, now);
    if (known || now === this.#askedAt) return known;
    return findByKid(await this.#refresh(now), kid, use, now);
  }

  async #current(now: number): Promise<readonly WorkingKey[]> {
    if (this.#snapshot && ageOf(this.#snapshot, now) < KEY_CACHE_SECONDS) return this.#snapshot.keys;
    return this.#refresh(now);
  }

  /**
   * When the ring cannot be asked, the keys at hand serve on for as long as no key can have come into use since they
   * were taken, which is why a new key is published that long before its first use.
   */
  async #refresh(now: number): Promise<readonly WorkingKey[]> {
    this.#askedAt = now;
    try {
      const keys = await Promise.all((await this.#ring.keys()).map(importKey));
      this.#snapshot = { keys, takenAt: now };
      return keys;
    } catch (error) {
      const before = this.#snapshot;
      if (before && ageOf(before, now) < KEY_PUBLISH_AHEAD_SECONDS) return before.keys;
      throw error;
    }
  }
}

/** A clock that was set back makes a snapshot old, not new. */
function ageOf(snapshot: Snapshot, now: number): number {
  return Math.abs(now - snapshot.takenAt);
}

function ofUse<U extends WorkingKey["use"]>(keys: readonly WorkingKey[], use: U): readonly KeyFor<U>[] {
  return keys.filter((key): key is KeyFor<U> => key.use === use);
}

function findByKid<U extends WorkingKey["use"]>(keys: readonly WorkingKey[], kid: string, use: U, now: number) {
  return ofUse(keys, use).find((key) => key.kid === kid && !isExpired(key, now)) ?? null;
}

function loadActive<U extends WorkingKey["use"]>(keys: readonly WorkingKey[], use: U, now: number): KeyFor<U> {
  const key = findActiveKey(ofUse(keys, use), use, now);
  if (!key) throw new Error(`the key ring has no key in use for: ${use}`);
  return key;
}
