import type { LedgerPorts, OwnerSeal } from "./ports.ts";
import { Unavailable } from "./unavailable.ts";

const SEAL_KEY = "seal_key";

/** The owner's own key, made when something is first sealed under it, and its use. */
export class OwnSeal {
  readonly #ports: Pick<LedgerPorts, "storage" | "ownerSeals">;
  #unlocked: { readonly wrappedKey: string; readonly seal: OwnerSeal } | null = null;

  constructor(ports: Pick<LedgerPorts, "storage" | "ownerSeals">) {
    this.#ports = ports;
  }

  /** For sealing; asks, so it comes before the block. @throws Unavailable when the key cannot be had */
  async unlock(): Promise<OwnerSeal> {
    try {
      return await this.#unlock(this.#find() ?? (await this.#make()));
    } catch (cause) {
      throw new Unavailable("claims_unsealed", { cause });
    }
  }

  /** For reading. @returns null when nothing was ever sealed, the key has been deleted, or it cannot be had now. */
  async findUnlocked(): Promise<OwnerSeal | null> {
    const wrappedKey = this.#find();
    if (wrappedKey === null) return null;
    return this.#unlock(wrappedKey).catch((error: unknown) => {
      console.error({ event: "owner_key_unavailable", message: error instanceof Error ? error.message : null });
      return null;
    });
  }

  /** What an owner said to somebody. @returns null when it cannot be read, now or any more */
  async findWord(sealed: string): Promise<string | null> {
    const word = await (await this.findUnlocked())?.open("request", sealed);
    return typeof word === "string" ? word : null;
  }

  #find(): string | null {
    return this.#ports.storage.kv.get<string>(SEAL_KEY) ?? null;
  }

  /** INVARIANT: of two calls that make one at once, the first has made it. */
  async #make(): Promise<string> {
    const wrappedKey = await this.#ports.ownerSeals.newKey();
    const made = this.#find();
    if (made === null) this.#ports.storage.kv.put(SEAL_KEY, wrappedKey);
    return made ?? wrappedKey;
  }

  /** INVARIANT: what is in memory counts only while the key stands in storage. */
  async #unlock(wrappedKey: string): Promise<OwnerSeal> {
    if (this.#unlocked?.wrappedKey !== wrappedKey) {
      this.#unlocked = { wrappedKey, seal: await this.#ports.ownerSeals.unlock(wrappedKey) };
    }
    return this.#unlocked.seal;
  }
}
