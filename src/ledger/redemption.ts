import type { RedeemReply, RedeemRequest } from "./contract.ts";
import type { DecisionBlock } from "./decision-block.ts";
import type { Grants } from "./grants.ts";
import type { Housekeeping } from "./housekeeping.ts";
import type { Judge } from "./judge.ts";
import type { OnRecord } from "./on-record.ts";
import type { OwnSeal } from "./own-seal.ts";
import type { LedgerPorts } from "./ports.ts";
import type { RecordReader } from "./record-reader.ts";
import type { SpentTickets } from "./spent-tickets.ts";
import type { Surrendered } from "./surrendered.ts";
import { answerUnavailable } from "./unavailable.ts";
import { Upgrade } from "./upgrade.ts";

/** What a redemption goes through on its way to the block. */
interface RedemptionParts {
  readonly spent: SpentTickets;
  readonly grants: Grants;
  readonly surrendered: Surrendered;
  readonly judge: Judge;
  readonly reader: RecordReader;
  readonly decision: DecisionBlock;
  readonly housekeeping: Housekeeping;
  readonly onRecord: OnRecord;
  readonly ownSeal: OwnSeal;
}

/** The way of a redemption: a ticket that is presented at the token endpoint (Grant §3.3.1). */
export class Redemption {
  readonly #parts: RedemptionParts;
  readonly #ports: Pick<LedgerPorts, "storage" | "sealer" | "now">;

  constructor(parts: RedemptionParts, ports: Pick<LedgerPorts, "storage" | "sealer" | "now">) {
    this.#parts = parts;
    this.#ports = ports;
  }

  async redeem(ownerId: string, request: RedeemRequest): Promise<RedeemReply> {
    try {
      return await this.#openWord(await this.#redeem(ownerId, request));
    } catch (error) {
      return answerUnavailable(error, ownerId);
    }
  }

  /** What cannot be opened is left out: the refusal itself is what counts, and it has been told. */
  async #openWord(reply: RedeemReply): Promise<RedeemReply> {
    if (reply.outcome !== "denied" || reply.sealedWord === undefined) return reply;
    const { sealedWord, ...denied } = reply;
    const word = await this.#parts.ownSeal.findWord(sealedWord);
    return word === null ? denied : { ...denied, word };
  }

  async #redeem(ownerId: string, request: RedeemRequest): Promise<RedeemReply> {
    const { reader, decision, onRecord } = this.#parts;
    const { ticket, pushed, remembered = null, rpt = null, anonymousReference } = request;
    const resourceIds = ticket.permissions.map(({ resourceId }) => resourceId);
    const early = (now: number) => decision.present(request, now);
    // Whatever is refused in any case must not cost a question to D1.
    const { storage, sealer, now } = this.#ports;
    const refusal = reader.areKept(resourceIds) ? null : storage.transactionSync(() => early(now()));
    if (refusal) return refusal;
    const processId = ticket.step > 0 ? ticket.processId : null;
    const party = { processId, remembered, heard: pushed, anonymousReference };
    const upgrade = rpt && new Upgrade(this.#parts, sealer, request, rpt);
    return onRecord.decide<RedeemReply>(
      { ownerId, resourceIds, party },
      {
        besides: upgrade,
        early,
        decide: (input, at) => {
          const reply = decision.decide(request, { ...input, upgrade }, at);
          if (reply) this.#parts.housekeeping.wakeBy(this.#parts.spent.endOf(ticket));
          return reply;
        },
      },
    );
  }
}
