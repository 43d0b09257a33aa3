/** How many presentations that end in a refusal one client may make per minute and owner. Each of them keeps a row. */
const REFUSALS_PER_MINUTE = 600;
const MINUTE_SECONDS = 60;
/** Clients remembered at a time; beyond that the whole count starts afresh, which only forgives. */
const CLIENTS_REMEMBERED = 1_000;

/**
 * Keeps one client from filling the ledger with refusals (ledger/README.md, rule 9). Counted in memory: an object that
 * was put to sleep forgives, and that is as slow as any limit could make it.
 */
export class ClientBudget {
  #minute = 0;
  readonly #refusals = new Map<string, number>();

  /** @returns seconds to wait, or null when the client may go on. */
  waitOf(clientId: string, now: number): number | null {
    this.#turn(now);
    if ((this.#refusals.get(clientId) ?? 0) < REFUSALS_PER_MINUTE) return null;
    return (this.#minute + 1) * MINUTE_SECONDS - now;
  }

  countRefusal(clientId: string, now: number): void {
    this.#turn(now);
    this.#refusals.set(clientId, (this.#refusals.get(clientId) ?? 0) + 1);
  }

  #turn(now: number): void {
    const minute = Math.floor(now / MINUTE_SECONDS);
    if (minute === this.#minute && this.#refusals.size <= CLIENTS_REMEMBERED) return;
    this.#minute = minute;
    this.#refusals.clear();
  }
}
