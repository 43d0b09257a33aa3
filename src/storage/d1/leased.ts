import { LEASE_SECONDS } from "../../protocol/lifetimes.ts";

const MAX_ENTRIES = 1_000;
/** Clocks of isolates stand still between I/O, and the ledger's tells whole seconds: a lease may run a little over. */
const MARGIN_SECONDS = 2;

interface Entry<T> {
  readonly value: T;
  /** Epoch milliseconds. */
  readonly leasedUntil: number;
}

/**
 * An isolate's copies of records that are read on every request and rarely change. Other isolates hold copies too and
 * nobody can call them, so a change is answered only when every lease has run out (docs/design.md, order of steps).
 * Absence is kept only where asked for: then a record that somebody looked for before it was there counts that much later.
 */
export class Leased<T> {
  readonly #entries = new Map<string, Entry<T>>();
  /** Apart from the copies, so that whoever asks for many ids that nobody has displaces none. */
  readonly #absent = new Map<string, Entry<null>>();
  readonly #seconds: number;
  readonly #absentSeconds: number;

  /**
   * @param seconds how long a copy may be used; shorter only in tests.
   * @param absentSeconds how long it is remembered that there is nothing.
   */
  constructor(seconds: number = LEASE_SECONDS, absentSeconds = 0) {
    this.#seconds = seconds;
    this.#absentSeconds = absentSeconds;
  }

  /** The copy under this key, or what `read` finds. */
  async find(key: string, read: () => Promise<T | null>): Promise<T | null> {
    return (await this.findEntry(key, read))?.value ?? null;
  }

  /** As `find`, with the end of its lease. */
  async findEntry(key: string, read: () => Promise<T | null>): Promise<Entry<T> | null> {
    // INVARIANT: a lease counts from before its read was sent, so that it ends within its time of any later change.
    const now = Date.now();
    const entry = this.#entries.get(key);
    if (entry !== undefined && now < entry.leasedUntil) return entry;
    if (now < (this.#absent.get(key)?.leasedUntil ?? 0)) return null;
    const value = await read();
    this.forget(key);
    if (value !== null) return keep(this.#entries, key, { value, leasedUntil: now + this.#seconds * 1_000 });
    keep(this.#absent, key, { value, leasedUntil: now + this.#absentSeconds * 1_000 });
    return null;
  }

  /** For a record that was just made here. */
  forget(key: string): void {
    this.#entries.delete(key);
    this.#absent.delete(key);
  }

  /** To be awaited after a change and before it is answered: no isolate uses an older copy afterwards. */
  async runOut(): Promise<void> {
    this.#entries.clear();
    if (this.#seconds > 0) await scheduler.wait((this.#seconds + MARGIN_SECONDS) * 1_000);
    this.#entries.clear();
  }
}

function keep<T>(entries: Map<string, Entry<T>>, key: string, entry: Entry<T>): Entry<T> {
  entries.set(key, entry);
  const oldest = entries.keys().next();
  if (entries.size > MAX_ENTRIES && oldest.done !== true) entries.delete(oldest.value);
  return entry;
}
