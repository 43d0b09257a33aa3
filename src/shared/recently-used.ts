/** Keeps what was used last; beyond its room, the least recently used goes. */
export class RecentlyUsed<Value> {
  readonly #kept = new Map<string, Value>();
  readonly #room: number;
  readonly #sizeOf: (value: Value) => number;
  #size = 0;

  /** @param sizeOf how much of the room a value takes, always the same; one unless told. */
  constructor(room: number, sizeOf: (value: Value) => number = () => 1) {
    this.#room = room;
    this.#sizeOf = sizeOf;
  }

  /** What is kept under a key, or what `make` makes, which is kept. */
  find(key: string, make: () => Value): Value {
    const kept = this.get(key);
    return kept === undefined ? this.keep(key, make()) : kept;
  }

  get(key: string): Value | undefined {
    const value = this.#kept.get(key);
    if (value === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, value);
    return value;
  }

  /** What takes more than the whole room is not kept. */
  keep(key: string, value: Value): Value {
    this.forget(key);
    this.#kept.set(key, value);
    this.#size += this.#sizeOf(value);
    for (const oldest of this.#kept.keys()) {
      if (this.#size <= this.#room) break;
      this.forget(oldest);
    }
    return value;
  }

  forget(key: string): void {
    const value = this.#kept.get(key);
    if (value === undefined) return;
    this.#kept.delete(key);
    this.#size -= this.#sizeOf(value);
  }

  forgetWhere(isMeant: (value: Value) => boolean): void {
    for (const [key, value] of this.#kept) if (isMeant(value)) this.forget(key);
  }

  clear(): void {
    this.forgetWhere(() => true);
  }
}
