import type { ActivityLog } from "./activity.ts";
import type { Agreements } from "./agreements.ts";
import { listWithinReach } from "./assess.ts";
import { assessAsked, type DecisionInput } from "./assess-request.ts";
import type { Connections } from "./connections.ts";
import type {
  AgreementOffer,
  ArriveReply,
  ArriveRequest,
  CancelReply,
  CancelRequest,
  CompleteReply,
  CompleteRequest,
  EndedVisit,
  LookReply,
  VisitRequest,
} from "./contract.ts";
import type { DecisionBlock } from "./decision-block.ts";
import type { Housekeeping } from "./housekeeping.ts";
import type { Interactions } from "./interactions.ts";
import type { DecisionStep, OnRecord } from "./on-record.ts";
import type { Parties } from "./parties.ts";
import type { PendingRequests } from "./pending-requests.ts";
import type { LedgerPorts } from "./ports.ts";
import type { Processes } from "./processes.ts";
import type { SpentTickets } from "./spent-tickets.ts";
import { answerUnavailable } from "./unavailable.ts";
import type { Uses } from "./uses.ts";

/** What a visit reads and writes. */
interface VisitParts {
  readonly activity: ActivityLog;
  readonly agreements: Agreements;
  readonly connections: Connections;
  readonly interactions: Interactions;
  readonly parties: Parties;
  readonly pendingRequests: PendingRequests;
  readonly processes: Processes;
  readonly spent: SpentTickets;
  readonly uses: Uses;
  readonly decision: DecisionBlock;
  readonly housekeeping: Housekeeping;
  readonly onRecord: OnRecord;
}

/**
 * A visit of the requesting party, who comes with a ticket in a browser to say who they are (Grant §3.3.2, §3.3.3). Its
 * ticket is spent as it arrives; that it goes on, the browser can prove; that it has ended stands in a row.
 */
export class Visit {
  readonly #parts: VisitParts;
  readonly #ports: LedgerPorts;

  constructor(parts: VisitParts, ports: LedgerPorts) {
    this.#parts = parts;
    this.#ports = ports;
  }

  arrive(ownerId: string, request: ArriveRequest): ArriveReply {
    const { decision, housekeeping, spent } = this.#parts;
    try {
      return this.#block(() => {
        const reply = decision.arrive(request, this.#ports.now());
        if (reply.outcome === "arrived") housekeeping.wakeBy(spent.endOf(request.ticket));
        return reply;
      });
    } catch (error) {
      return answerUnavailable(error, ownerId);
    }
  }

  async look(ownerId: string, request: VisitRequest): Promise<LookReply> {
    return this.#decide<LookReply>(ownerId, request, {
      besides: null,
      early: () => this.#findEnd(request),
      decide: (input, now) => {
        const assessment = this.#assess(request, input, now);
        const isUnread = assessment.outcome === "need_info" && input.directories === null;
        return isUnread ? null : answerOf(assessment, input);
      },
    });
  }

  async complete(ownerId: string, request: CompleteRequest): Promise<CompleteReply> {
    return this.#decide<CompleteReply>(ownerId, request, {
      besides: null,
      early: () => this.#findCompleted(request),
      decide: (input, now) => this.#complete(request, input, now),
    });
  }

  cancel({ ticket, forgottenAt }: CancelRequest): CancelReply {
    const { interactions, processes, housekeeping } = this.#parts;
    return this.#block(() => {
      const ended = interactions.find(ticket.id);
      if (ended) return ended.next === null ? { outcome: "cancelled" } : { outcome: "ended", how: "completed" };
      processes.remove(ticket.processId);
      interactions.end({ ticketId: ticket.id, partyReference: null, next: null, forgottenAt });
      housekeeping.wakeBy(forgottenAt);
      return { outcome: "cancelled" };
    });
  }

  async #decide<Reply extends object>(
    ownerId: string,
    { ticket, party: heard, anonymousReference }: VisitRequest,
    step: DecisionStep<Reply>,
  ): Promise<Reply | ReturnType<typeof answerUnavailable>> {
    const resourceIds = ticket.permissions.map(({ resourceId }) => resourceId);
    const processId = ticket.step > 0 ? ticket.processId : null;
    const party = { processId, remembered: null, heard, anonymousReference };
    try {
      return await this.#parts.onRecord.decide<Reply>({ ownerId, resourceIds, party }, step);
    } catch (error) {
      return answerUnavailable(error, ownerId);
    }
  }

  #findEnd({ ticket }: VisitRequest): EndedVisit | null {
    const ended = this.#parts.interactions.find(ticket.id);
    if (ended) return { outcome: "ended", how: ended.next === null ? "cancelled" : "completed" };
    return this.#parts.connections.upholds(ticket) ? null : { outcome: "closed" };
  }

  /** Whoever clicks twice gets the same ticket; whoever else sits at the same browser gets none of theirs. */
  #findCompleted(request: CompleteRequest): CompleteReply | null {
    const ended = this.#parts.interactions.find(request.ticket.id);
    const isRepeat = ended?.next != null && ended.partyReference === request.party.partyReference;
    return isRepeat && ended.next ? { outcome: "completed", next: ended.next, isRepeat } : this.#findEnd(request);
  }

  #assess(request: VisitRequest, input: DecisionInput, now: number): ReturnType<typeof assessAsked> {
    // The `scope` of a token request is not known here, and counts only for that request (Grant §3.3.4).
    const asked = { ...request, requestedScopes: [] };
    return assessAsked(asked, input, { ...this.#parts, settings: this.#ports.settings, now });
  }

  /** INVARIANT: claims, agreements and the end of the visit in one block, after the last await. */
  #complete(request: CompleteRequest, input: DecisionInput, now: number): CompleteReply {
    const { policies, party, agreementTexts } = input;
    const { ticket, client, next, forgottenAt, sealedPct } = request;
    const isCurrent = request.agreements.every(({ policyId, textHash }) => agreementTexts.get(policyId) === textHash);
    if (!isCurrent) return { outcome: "changed" };
    const { parties, processes, interactions, agreements, activity, housekeeping } = this.#parts;
    const partyReference = party.reference;
    if (party.card) parties.keep(party.card, now);
    const agreedTo = new Map(request.agreements.map(({ policyId, textHash }) => [policyId, textHash]));
    for (const { id: policyId, version } of policies) {
      const textHash = agreedTo.get(policyId);
      if (textHash === undefined) continue;
      agreements.keep({ policyId, partyReference, textHash, version, at: now });
      const event = { kind: "agreed", policyId, version, textHash } as const;
      activity.merge({ at: now, event, clientId: client.id, partyReference });
    }
    if (party.sealed !== null) {
      processes.keep(ticket.processId, { sealedClaims: party.sealed, partyReference, sealedPct }, now);
    }
    interactions.end({ ticketId: ticket.id, partyReference, next, forgottenAt });
    housekeeping.wakeBy(forgottenAt);
    // Asked after the agreements have been kept, which count in it.
    const isGranted = this.#assess(request, input, now).outcome === "granted";
    return { outcome: "completed", next, isGranted };
  }

  #block<T>(decide: () => T): T {
    return this.#ports.storage.transactionSync(decide);
  }
}

/** What an assessment comes to, for the person whom it is about. */
function answerOf(assessment: ReturnType<typeof assessAsked>, { policies, agreementTexts }: DecisionInput): LookReply {
  switch (assessment.outcome) {
    case "granted": {
      const withinReach = assessment.permissions.map(({ resourceId }) => resourceId);
      return { outcome: "open", answer: "granted", withinReach };
    }
    case "submitted":
      return { outcome: "open", answer: "submitted" };
    case "need_info": {
      const { needs, decisions } = assessment;
      const open = new Set(needs.flatMap((need) => (need.kind === "agreement" ? [need.policyId] : [])));
      const agreements = policies.flatMap(({ id: policyId, document: { terms } }): AgreementOffer[] => {
        const textHash = agreementTexts.get(policyId);
        if (!open.has(policyId) || terms?.agreement === undefined || textHash === undefined) return [];
        const { title, text } = terms.agreement;
        return [{ policyId, title, text, textHash }];
      });
      return { outcome: "open", answer: "need_info", needs, agreements, withinReach: listWithinReach(decisions) };
    }
    default:
      return { outcome: "open", answer: "denied" };
  }
}
