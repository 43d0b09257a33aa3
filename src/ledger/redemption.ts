import type { Book } from "./book.ts";
import type { RedeemReply, RedeemRequest } from "./contract.ts";
import type { DecisionBlock } from "./decision-block.ts";
import { type Directories, readDirectories } from "./directories.ts";
import type { Housekeeping } from "./housekeeping.ts";
import { claimsToKeep } from "./kept-claims.ts";
import { type KnownParty, knowParty, type PartyOnRecord } from "./known-party.ts";
import type { Lane } from "./lane.ts";
import { Patience } from "./patience.ts";
import type { LedgerPorts } from "./ports.ts";
import type { Processes } from "./processes.ts";
import type { AssessmentInput, RecordReader } from "./record-reader.ts";
import type { SpentTickets } from "./spent-tickets.ts";
import { answerUnavailable, Unavailable } from "./unavailable.ts";

/** Why nothing can be decided yet: what was read counts no more, or whom to ask for claims was not read. */
type Unread = "outdated" | "nobody_to_ask";

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
      return answerUnavailable(error, ownerId);
    }
  }

  /** Reads what the assessment looks at, and decides once nothing on its way can touch it. */
  async #redeem(ownerId: string, request: RedeemRequest): Promise<RedeemReply> {
    const { reader } = this.#parts;
    const patience = new Patience(this.#parts, this.#ports);
    const resourceIds = request.ticket.permissions.map(({ resourceId }) => resourceId);
    // Whatever is refused in any case must not cost a question to D1.
    const early = reader.areKept(resourceIds) ? null : this.#block(() => this.#present(request));
    if (early) return early;
    for (let directories: Directories | null = null; ; ) {
      const known = await this.#knowParty(request);
      const input = await reader.load(ownerId, resourceIds);
      const party = await this.#seal(known, input);
      await this.#ports.nextTurn();
      const reply = this.#block(() => this.#tryToDecide(request, input, party, directories));
      if (reply === "nobody_to_ask") directories = await this.#readDirectories();
      else if (reply === "outdated") await patience.awaitLane(ownerId);
      else return reply;
    }
  }

  #knowParty({ ticket, pushed, remembered = null, anonymousReference }: RedeemRequest): Promise<KnownParty> {
    const processId = ticket.step > 0 ? ticket.processId : null;
    const sources = { ...this.#ports, processes: this.#parts.processes };
    return knowParty({ processId, remembered, heard: pushed, anonymousReference }, sources, this.#ports.now());
  }

  /** The copy of the claims that is kept, if anything is. */
  async #seal(known: KnownParty, { policies }: AssessmentInput): Promise<PartyOnRecord> {
    if (known.claims === null) return { ...known, sealed: null };
    const kept = claimsToKeep(known.claims, policies);
    const sealed = await this.#ports.sealer.seal("claims", kept).catch((cause: unknown) => {
      throw new Unavailable("claims_unsealed", { cause });
    });
    return { ...known, sealed };
  }

  async #readDirectories(): Promise<Directories> {
    const { trustedIssuers, inPerson } = this.#ports;
    return readDirectories(trustedIssuers, inPerson).catch((cause: unknown) => {
      throw new Unavailable("record_unreachable", { cause });
    });
  }

  #present(request: RedeemRequest): RedeemReply | null {
    return this.#parts.decision.present(request, this.#ports.now());
  }

  /** @returns instead of a reply, what has to be read before there can be one */
  #tryToDecide(
    request: RedeemRequest,
    input: AssessmentInput,
    party: PartyOnRecord,
    directories: Directories | null,
  ): RedeemReply | Unread {
    const { reader, decision, housekeeping, spent } = this.#parts;
    const now = this.#ports.now();
    const refusal = this.#present(request);
    if (refusal) return refusal;
    if (!reader.holds(input) || now >= party.trustedUntil) return "outdated";
    reader.keep(input);
    const reply = decision.decide(request, { ...input, party, directories }, now);
    if (reply === null) return "nobody_to_ask";
    housekeeping.wakeBy(spent.endOf(request.ticket));
    return reply;
  }

  #block<T>(decide: () => T): T {
    return this.#ports.storage.transactionSync(decide);
  }
}
