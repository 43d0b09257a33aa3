/** Keeps what was worked out for the keys used last; beyond its room, the least recently used goes. */
export class RecentlyUsed<Value> {
  readonly #kept = new Map<string, Value>();
  readonly #room: number;

  constructor(room: number) {
    this.#room = room;
  }

  /** What is kept under a key, or what `make` makes, which is kept. */
  find(key: string, make: () => Value): Value {
    const kept = this.#kept.get(key);
    const value = kept === undefined ? make() : kept;
    this.#kept.delete(key);
    this.#kept.set(key, value);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > this.#room && oldest.done !== true) this.#kept.delete(oldest.value);
    return value;
  }
}
