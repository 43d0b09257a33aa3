/** After so many waits in a row that nobody shared, the next calls do not wait: there is nobody to wait for. */
const UNSHARED_WAITS = 4;
/** So many calls, and then it is tried again. */
const CALLS_AT_ONCE = 64;

/**
 * Lets calls that come at the same time go on in one turn of the object, one after the other. What a turn writes is one
 * commit, and a commit costs as much as the rest of a redemption, so a busy ledger shares it.
 */
export class SharedTurn {
  readonly #wait: () => Promise<void>;
  #next: Promise<void> | null = null;
  /** Calls that wait for the next turn. */
  #waiting = 0;
  /** Waits in a row that nobody shared. */
  #unshared = 0;
  /** Calls that may still go on at once. */
  #atOnce = 0;

  /** @param wait for as short as can be, so that calls which have come already are heard first. */
  constructor(wait: () => Promise<void>) {
    this.#wait = wait;
  }

  /** Resolves for all who wait together, or at once where nobody else has come of late. */
  async join(): Promise<void> {
    if (this.#next === null && this.#atOnce > 0) {
      this.#atOnce -= 1;
      return;
    }
    this.#waiting += 1;
    this.#next ??= this.#wait().finally(() => this.#begin());
    await this.#next;
  }

  #begin(): void {
    this.#unshared = this.#waiting > 1 ? 0 : this.#unshared + 1;
    if (this.#unshared >= UNSHARED_WAITS) {
      this.#unshared = 0;
      this.#atOnce = CALLS_AT_ONCE;
    }
    this.#waiting = 0;
    this.#next = null;
  }
}
