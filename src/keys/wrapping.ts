import { decryptText, encryptText } from "../shared/aes-gcm.ts";

const encoder = new TextEncoder();

/** The operator's secrets that seal the ring at rest. */
export interface WrappingSettings {
  /** Null: keys are kept unsealed. */
  readonly keyEncryptionKey: string | null;
  /** The one that it takes over from; null when none is on its way out. */
  readonly keyEncryptionKeyPrevious: string | null;
}

export type WrappingSetting = "KEY_ENCRYPTION_KEY" | "KEY_ENCRYPTION_KEY_PREVIOUS";

/** A key's material as it is kept. */
export interface KeptMaterial {
  readonly material: string;
  /** False: the material is bare. */
  readonly wrapped: boolean;
  /** The same once more under KEY_ENCRYPTION_KEY, while it takes over from another secret. */
  readonly rewrapped: string | null;
}

/** What became of kept material under the secrets that are set. */
export interface OpenedMaterial {
  /** Null when none of them opens it: it was wrapped under another, for another kid, or altered. */
  readonly material: string | null;
  /** Those that open it; null for bare material. */
  readonly sealedUnder: readonly WrappingSetting[] | null;
  /** Whether it is kept as these secrets would keep it. */
  readonly isAsSet: boolean;
}

interface Wrapping {
  readonly setting: WrappingSetting;
  readonly key: CryptoKey;
}

/**
 * Seals key material at rest, so that a copy of the storage alone gives nobody a key: AES-256-GCM under keys that are
 * derived with HKDF-SHA-256 from the operator's secrets (RFC 5869).
 *
 * While two secrets are set, material is kept under both, not under the new one alone: versions of this server overlap
 * for minutes after a change of secrets, and may be rolled back, and one that knows only the old secret must open the
 * ring all the while.
 */
export class KeyWrappings {
  readonly #wrappings: readonly Wrapping[];

  private constructor(wrappings: readonly Wrapping[]) {
    this.#wrappings = wrappings;
  }

  static async derive(settings: WrappingSettings): Promise<KeyWrappings> {
    return new KeyWrappings(await Promise.all(listSecrets(settings).map(deriveWrapping)));
  }

  /** Those whose secrets seal what is kept from now on. */
  get settings(): readonly WrappingSetting[] {
    return this.#wrappings.map(({ setting }) => setting);
  }

  async wrap(kid: string, material: string): Promise<KeptMaterial> {
    // Naming the kid keeps sealed material from being moved to another row.
    const copies = await Promise.all(this.#wrappings.map(({ key }) => encryptText(key, material, kid)));
    const [first, second = null] = copies;
    if (first === undefined) return { material, wrapped: false, rewrapped: null };
    return { material: first, wrapped: true, rewrapped: second };
  }

  async open(kid: string, kept: KeptMaterial): Promise<OpenedMaterial> {
    if (!kept.wrapped) return { material: kept.material, sealedUnder: null, isAsSet: this.#wrappings.length === 0 };
    const copies = kept.rewrapped === null ? [kept.material] : [kept.material, kept.rewrapped];
    const attempts = await Promise.all(
      this.#wrappings.map(async ({ setting, key }) => ({ setting, ...(await openAny(key, copies, kid)) })),
    );
    const opened = attempts.filter(({ material }) => material !== null);
    return {
      material: opened[0]?.material ?? null,
      sealedUnder: opened.map(({ setting }) => setting),
      // Who opens the first copy alone may be on the way out, and leaves the second to its successor, who removes the first.
      isAsSet: attempts.every(({ place }, index) => place === index),
    };
  }
}

/** The one on its way out comes first: its copy stays in the place where a version that knows it alone looks. */
function listSecrets({ keyEncryptionKey, keyEncryptionKeyPrevious }: WrappingSettings) {
  if (keyEncryptionKey === null) return [];
  const current = { setting: "KEY_ENCRYPTION_KEY", secret: keyEncryptionKey } as const;
  // They are the same for the time between setting the one and setting the other.
  if (keyEncryptionKeyPrevious === null || keyEncryptionKeyPrevious === keyEncryptionKey) return [current];
  return [{ setting: "KEY_ENCRYPTION_KEY_PREVIOUS", secret: keyEncryptionKeyPrevious } as const, current];
}

/** @returns the first copy that opens, and its place among them. */
async function openAny(key: CryptoKey, copies: readonly string[], kid: string) {
  const opened = await Promise.all(copies.map((copy) => decryptText(key, copy, kid)));
  const place = opened.findIndex((material) => material !== null);
  return { place, material: opened[place] ?? null };
}

async function deriveWrapping({ setting, secret }: { setting: WrappingSetting; secret: string }): Promise<Wrapping> {
  const source = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, ["deriveKey"]);
  const derivation = {
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(32),
    info: encoder.encode("usher key ring"),
  };
  const aes = { name: "AES-GCM", length: 256 };
  return { setting, key: await crypto.subtle.deriveKey(derivation, source, aes, false, ["encrypt", "decrypt"]) };
}
