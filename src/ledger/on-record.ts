import { hashAgreementTexts } from "./agreement-texts.ts";
import type { DecisionInput } from "./assess-request.ts";
import type { Book } from "./book.ts";
import { type Directories, readDirectories } from "./directories.ts";
import { claimsToKeep } from "./kept-claims.ts";
import { type KnownParty, knowParty, type PartyOnRecord, type PartyQuestion } from "./known-party.ts";
import type { Lane } from "./lane.ts";
import type { Parties } from "./parties.ts";
import { Patience } from "./patience.ts";
import type { LedgerPorts } from "./ports.ts";
import type { Processes } from "./processes.ts";
import type { AssessmentInput, RecordReader } from "./record-reader.ts";
import { Unavailable } from "./unavailable.ts";

/** What decisions go through on their way to the block. */
interface OnRecordParts {
  readonly book: Book;
  readonly parties: Parties;
  readonly processes: Processes;
  readonly reader: RecordReader;
  readonly lane: Lane;
}

/** What has to be read before a decision. */
interface Matter {
  readonly ownerId: string;
  readonly resourceIds: readonly string[];
  readonly party: PartyQuestion;
}

/** What a decision needs besides. */
export interface Besides {
  /** Once it is known who asks, and what the policies are; opens and seals, so it comes before the block. @throws Unavailable */
  prepare(party: KnownParty, policies: AssessmentInput["policies"]): Promise<void>;
  /** In the block: whether what was prepared serves. */
  holds(): boolean;
}

/** How a decision is made, inside one block. */
export interface DecisionStep<Reply> {
  /** Null: nothing. */
  readonly besides: Besides | null;
  /** What answers in any case, whatever was read; null: it has to be decided. */
  readonly early: (now: number) => Reply | null;
  /** @returns null, with nothing done, when claims have to be asked for and nobody read of whom */
  readonly decide: (input: DecisionInput, now: number) => Reply | null;
}

/** Why nothing can be decided yet: what was read counts no more, or whom to ask for claims was not read. */
type Unread = "outdated" | "nobody_to_ask";

/** The way to a decision: everything that can fail or has to be waited for comes before the block that decides. */
export class OnRecord {
  readonly #parts: OnRecordParts;
  readonly #ports: LedgerPorts;

  constructor(parts: OnRecordParts, ports: LedgerPorts) {
    this.#parts = parts;
    this.#ports = ports;
  }

  /**
   * Reads what the assessment looks at, and decides once nothing on its way can touch it.
   *
   * @throws Unavailable
   */
  async decide<Reply extends object>(matter: Matter, step: DecisionStep<Reply>): Promise<Reply> {
    const { ownerId, resourceIds } = matter;
    const patience = new Patience(this.#parts, this.#ports);
    for (let directories: Directories | null = null; ; ) {
      const known = await this.#knowParty(matter.party);
      const read = await this.#parts.reader.load(ownerId, resourceIds);
      const [party, agreementTexts] = await Promise.all([
        this.#seal(known, read),
        hashAgreementTexts(read.policies),
        step.besides?.prepare(known, read.policies),
      ]);
      await this.#ports.nextTurn();
      const input = { ...read, party, directories, agreementTexts };
      const reply = this.#ports.storage.transactionSync(() => this.#try(input, step));
      if (reply === "nobody_to_ask") directories = await this.#readDirectories();
      else if (reply === "outdated") await patience.awaitLane(ownerId);
      else return reply;
    }
  }

  #knowParty(question: PartyQuestion): Promise<KnownParty> {
    return knowParty(question, { ...this.#ports, processes: this.#parts.processes }, this.#ports.now());
  }

  /** What is kept of the party, if anything is. */
  async #seal(known: KnownParty, { policies }: AssessmentInput): Promise<PartyOnRecord> {
    const { claims, reference, card } = known;
    if (claims === null) return { ...known, sealed: null, card: null };
    const [sealed, sealedCard] = await Promise.all([
      this.#ports.sealer.seal("claims", claimsToKeep(claims, policies)).catch((cause: unknown) => {
        throw new Unavailable("claims_unsealed", { cause });
      }),
      card && this.#parts.parties.prepare(reference, card),
    ]);
    return { ...known, sealed, card: sealedCard };
  }

  async #readDirectories(): Promise<Directories> {
    const { trustedIssuers, inPerson } = this.#ports;
    return readDirectories(trustedIssuers, inPerson).catch((cause: unknown) => {
      throw new Unavailable("record_unreachable", { cause });
    });
  }

  /** @returns instead of a reply, what has to be read before there can be one */
  #try<Reply extends object>(input: DecisionInput, { besides, early, decide }: DecisionStep<Reply>): Reply | Unread {
    const { reader } = this.#parts;
    const now = this.#ports.now();
    const reply = early(now);
    if (reply) return reply;
    if (!reader.holds(input) || now >= input.party.trustedUntil) return "outdated";
    reader.keep(input);
    if (besides?.holds() === false) return "outdated";
    return decide(input, now) ?? "nobody_to_ask";
  }
}
