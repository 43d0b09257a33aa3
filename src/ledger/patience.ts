import type { Book } from "./book.ts";
import type { Lane } from "./lane.ts";
import type { LedgerPorts } from "./ports.ts";
import { Unavailable } from "./unavailable.ts";

/** How long a call waits for changes that touch it to reach D1, seconds; after that it is told to come again. */
const PATIENCE_SECONDS = 2;

interface PatienceParts {
  readonly book: Book;
  readonly lane: Lane;
}

/** How often a call may look again because a change is on its way to D1: until its patience has come to an end. */
export class Patience {
  readonly #parts: PatienceParts;
  readonly #ports: Pick<LedgerPorts, "now" | "sleep">;
  readonly #end: number;

  constructor({ book, lane }: PatienceParts, ports: Pick<LedgerPorts, "now" | "sleep">) {
    this.#parts = { book, lane };
    this.#ports = ports;
    this.#end = ports.now() + PATIENCE_SECONDS;
  }

  /** Waits for the next changes to reach D1. @throws Unavailable when they do not in time */
  async awaitLane(ownerId: string): Promise<void> {
    const { book, lane } = this.#parts;
    if (this.#ports.now() >= this.#end) throw new Unavailable("change_on_its_way");
    if (book.countPending() === 0) return;
    const impatience = this.#ports.sleep(PATIENCE_SECONDS).then(() => false);
    if (await Promise.race([lane.nextBatch(ownerId), impatience])) return;
    throw new Unavailable("change_on_its_way");
  }
}
