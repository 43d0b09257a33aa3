import type { Book } from "./book.ts";
import type { RedeemReply, RedeemRequest } from "./contract.ts";
import type { DecisionBlock } from "./decision-block.ts";
import type { Housekeeping } from "./housekeeping.ts";
import { type KnownParty, knowParty } from "./known-party.ts";
import type { Lane } from "./lane.ts";
import type { LedgerPorts } from "./ports.ts";
import type { Processes } from "./processes.ts";
import { type AssessmentInput, type RecordReader, RecordUnavailable } from "./record-reader.ts";
import type { SpentTickets } from "./spent-tickets.ts";

/** How long a redemption waits for changes that touch it to reach D1, seconds; after that it is told to come again. */
const PATIENCE_SECONDS = 2;

/** What a redemption goes through on its way to the block. */
interface RedemptionParts {
  readonly book: Book;
  readonly processes: Processes;
  readonly spent: SpentTickets;
  readonly reader: RecordReader;
  readonly lane: Lane;
  readonly decision: DecisionBlock;
  readonly housekeeping: Housekeeping;
}

/** The way of a redemption: everything that can fail or has to be waited for comes before the block that decides. */
export class Redemption {
  readonly #parts: RedemptionParts;
  readonly #ports: LedgerPorts;

  constructor(parts: RedemptionParts, ports: LedgerPorts) {
    this.#parts = parts;
    this.#ports = ports;
  }

  async redeem(ownerId: string, request: RedeemRequest): Promise<RedeemReply> {
    try {
      return await this.#redeem(ownerId, request);
    } catch (error) {
      if (error instanceof RecordUnavailable) return { outcome: "unavailable" };
      throw error;
    }
  }

  /** Reads what the assessment looks at, and decides once nothing on its way can touch it. */
  async #redeem(ownerId: string, request: RedeemRequest): Promise<RedeemReply> {
    const { reader } = this.#parts;
    const patience = this.#ports.now() + PATIENCE_SECONDS;
    const resourceIds = request.ticket.permissions.map(({ resourceId }) => resourceId);
    // Whatever is refused in any case must not cost a question to D1.
    const early = reader.areKept(resourceIds) ? null : this.#block(() => this.#present(request));
    if (early) return early;
    const party = await this.#knowParty(request);
    for (;;) {
      const input = await reader.load(ownerId, resourceIds);
      const reply = this.#block(() => this.#tryToDecide(request, input, party));
      if (reply) return reply;
      if (this.#ports.now() >= patience) return { outcome: "unavailable" };
      await this.#awaitLane(ownerId);
    }
  }

  #knowParty(request: RedeemRequest): Promise<KnownParty> {
    const { sealer, trustedIssuers, now } = this.#ports;
    const sources = { processes: this.#parts.processes, sealer, trustedIssuers };
    return knowParty(request, sources, now()).catch((cause: unknown) => {
      throw new RecordUnavailable("kept claims cannot be opened", { cause });
    });
  }

  #present(request: RedeemRequest): RedeemReply | null {
    return this.#parts.decision.present(request, this.#ports.now());
  }

  /** @returns null when a change touches what was read: it has to be read again */
  #tryToDecide(request: RedeemRequest, input: AssessmentInput, party: KnownParty): RedeemReply | null {
    const { reader, decision, housekeeping, spent } = this.#parts;
    const now = this.#ports.now();
    const refusal = this.#present(request);
    if (refusal) return refusal;
    if (!reader.holds(input)) return null;
    reader.keep(input);
    const reply = decision.decide(request, input, party, now);
    housekeeping.wakeBy(spent.endOf(request.ticket));
    return reply;
  }

  /** Waits for the next changes to reach D1. @throws RecordUnavailable when they do not */
  async #awaitLane(ownerId: string): Promise<void> {
    const { book, lane } = this.#parts;
    if (book.countPending() === 0) return;
    const impatience = this.#ports.sleep(PATIENCE_SECONDS).then(() => false);
    if (await Promise.race([lane.nextBatch(ownerId), impatience])) return;
    throw new RecordUnavailable("a change is still on its way to D1");
  }

  #block<T>(decide: () => T): T {
    return this.#ports.storage.transactionSync(decide);
  }
}
