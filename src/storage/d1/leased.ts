import { LEASE_SECONDS } from "../../protocol/lifetimes.ts";
import { RecentlyUsed } from "../../shared/recently-used.ts";

const MAX_ENTRIES = 1_000;
/** Clocks of isolates stand still between I/O, and the ledger's tells whole seconds: a lease may run a little over. */
const MARGIN_SECONDS = 2;

interface Entry<T> {
  readonly value: T;
  /** Epoch milliseconds. */
  readonly leasedUntil: number;
}

/** How copies are kept, where it differs from the usual. */
interface Terms<T> {
  /** How long a copy may be used; shorter only in tests. */
  readonly seconds?: number;
  /** How long it is remembered that there is nothing. */
  readonly absentSeconds?: number;
  /** For so many copies, or for so much of them as `sizeOf` says. */
  readonly room?: number;
  readonly sizeOf?: (value: T) => number;
}

/**
 * An isolate's copies of records that are read on every request and rarely change. Other isolates hold copies too and
 * nobody can call them, so a change is answered only when every lease has run out (docs/design.md, order of steps).
 * Absence is kept only where asked for: then a record that somebody looked for before it was there counts that much later.
 */
export class Leased<T> {
  readonly #entries: RecentlyUsed<Entry<T>>;
  /** Apart from the copies, so that whoever asks for many ids that nobody has displaces none. */
  readonly #absent = new RecentlyUsed<Entry<null>>(MAX_ENTRIES);
  readonly #seconds: number;
  readonly #absentSeconds: number;

  constructor({ seconds = LEASE_SECONDS, absentSeconds = 0, room = MAX_ENTRIES, sizeOf = () => 1 }: Terms<T> = {}) {
    this.#entries = new RecentlyUsed(room, ({ value }) => sizeOf(value));
    this.#seconds = seconds;
    this.#absentSeconds = absentSeconds;
  }

  /** The copy under this key, or what `read` finds. */
  async find(key: string, read: () => Promise<T | null>, serves?: (value: T) => boolean): Promise<T | null> {
    return (await this.findEntry(key, read, serves))?.value ?? null;
  }

  /**
   * As `find`, with the end of its lease.
   * @param serves whether a copy is good enough; another is neither used nor kept.
   */
  async findEntry(
    key: string,
    read: () => Promise<T | null>,
    serves: (value: T) => boolean = () => true,
  ): Promise<Entry<T> | null> {
    // INVARIANT: a lease counts from before its read was sent, so that it ends within its time of any later change.
    const now = Date.now();
    const entry = this.#entries.get(key);
    if (entry !== undefined && now < entry.leasedUntil && serves(entry.value)) return entry;
    if (now < (this.#absent.get(key)?.leasedUntil ?? 0)) return null;
    const value = await read();
    this.forget(key);
    if (value === null) return this.#rememberAbsent(key, now);
    const found = { value, leasedUntil: now + this.#seconds * 1_000 };
    return serves(value) ? this.#entries.keep(key, found) : found;
  }

  #rememberAbsent(key: string, now: number): null {
    // What strangers look for may be long, and what is kept of it must serve for something.
    if (this.#absentSeconds > 0) {
      this.#absent.keep(key, { value: null, leasedUntil: now + this.#absentSeconds * 1_000 });
    }
    return null;
  }

  /** For a record that was just made here. */
  forget(key: string): void {
    this.#entries.forget(key);
    this.#absent.forget(key);
  }

  /** To be awaited after a change and before it is answered: no isolate uses an older copy afterwards. */
  async runOut(): Promise<void> {
    this.#entries.clear();
    if (this.#seconds > 0) await scheduler.wait((this.#seconds + MARGIN_SECONDS) * 1_000);
    this.#entries.clear();
  }
}
