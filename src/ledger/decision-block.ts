import type { Denial, OwnerEvent } from "../events/event.ts";
import { grantedEvent } from "../events/granted-event.ts";
import { REPLAY_GRACE_SECONDS } from "../protocol/lifetimes.ts";
import type { PermissionTicket } from "../protocol/ticket.ts";
import type { ActivityLog } from "./activity.ts";
import type { Agreements } from "./agreements.ts";
import type { Announcing } from "./announcing.ts";
import { askedOf, likenessOf } from "./approval.ts";
import type { Assessment, ScopeDecision } from "./assess.ts";
import { assessRequest, type DecisionInput } from "./assess-request.ts";
import type { Book } from "./book.ts";
import type { Connections } from "./connections.ts";
import type { ArriveReply, ArriveRequest, RedeemReply, RedeemRequest, RefusedTicket, TicketFault } from "./contract.ts";
import { denialOf } from "./denial.ts";
import { type Grant, grantEnd, rptEnd, toGrantedRpt } from "./grant.ts";
import type { Grants } from "./grants.ts";
import { endOf, permissionBodies } from "./held-permission.ts";
import type { PartyOnRecord } from "./known-party.ts";
import type { Parties } from "./parties.ts";
import type { PendingRequest, PendingRequests } from "./pending-requests.ts";
import type { LedgerSettings } from "./ports.ts";
import type { Processes } from "./processes.ts";
import type { RefusalBudget } from "./refusal-budget.ts";
import type { SpentTicket, SpentTickets } from "./spent-tickets.ts";
import { isFull, type LedgerStorage } from "./storage.ts";
import type { Surrendered } from "./surrendered.ts";
import { Unavailable } from "./unavailable.ts";
import type { Upgrade } from "./upgrade.ts";
import type { Uses } from "./uses.ts";

type DeniedReply = Extract<RedeemReply, { readonly outcome: "denied" }>;

/** A ticket that is presented, and by whom. */
export interface Presentation extends Pick<RedeemRequest, "ticket" | "attemptId" | "source" | "inCode"> {
  readonly client: Pick<RedeemRequest["client"], "id" | "authenticated">;
}

/** Everything that is decided on. */
interface RedemptionInput extends DecisionInput {
  /** Null: no RPT was submitted. */
  readonly upgrade: Upgrade | null;
}

/** What a decision reads and writes. */
interface DecisionParts {
  readonly storage: LedgerStorage;
  readonly spent: SpentTickets;
  readonly grants: Grants;
  readonly surrendered: Surrendered;
  readonly parties: Parties;
  readonly pendingRequests: PendingRequests;
  readonly processes: Processes;
  readonly connections: Connections;
  readonly book: Book;
  readonly uses: Uses;
  readonly agreements: Agreements;
  readonly activity: ActivityLog;
  readonly announcing: Announcing;
  readonly budget: RefusalBudget;
}

/** What is decided about a ticket (Grant §3.3.1 to §3.3.6). INVARIANT: all of it runs inside one block. */
export class DecisionBlock {
  readonly #parts: DecisionParts;
  readonly #settings: LedgerSettings;

  constructor(parts: DecisionParts, settings: LedgerSettings) {
    this.#parts = parts;
    this.#settings = settings;
  }

  /**
   * Whether the ticket can be presented. Says the same before the record is read and in the block, where it counts.
   *
   * @returns an answer that ends the matter, or null
   * @throws Unavailable when the ledger is full
   */
  present(request: RedeemRequest, now: number): RedeemReply | null {
    const refusal = this.#presented(request, request.pushed !== null || request.remembered != null, now);
    // No attempt at the token endpoint bears the id of a visit.
    return refusal?.outcome === "arrived" ? invalid("spent") : refusal;
  }

  /**
   * The same for a ticket that comes with a browser; it is spent at once (Grant §5.5). INVARIANT: runs inside one block.
   * A visit that began goes on though its ticket has expired since.
   */
  arrive({ ticket, attemptId, clientId, source }: ArriveRequest, now: number): ArriveReply {
    const { spent } = this.#parts;
    const presentation = { ticket, attemptId, client: { id: clientId, authenticated: false }, source };
    const before = spent.find(ticket);
    if (before && isRepeat(before, presentation) && before.reply.outcome === "arrived") return before.reply;
    const refusal = this.#presented(presentation, false, now);
    if (refusal?.outcome === "invalid_ticket" || refusal?.outcome === "too_many") return refusal;
    if (refusal !== null) return invalid("spent");
    const reply: ArriveReply = { outcome: "arrived" };
    spent.spend(ticket, { attemptId, clientId, at: now, reply });
    return reply;
  }

  #presented(presentation: Presentation, bringsProof: boolean, now: number): SpentTicket["reply"] | null {
    const { ticket, client } = presentation;
    const { spent, connections, budget, storage } = this.#parts;
    if (ticket.expiresAt <= now || ticket.expiresAt <= spent.horizon()) return invalid("expired");
    const before = spent.find(ticket);
    if (before) return isRepeat(before, presentation) ? before.reply : this.#replayed(presentation, before, now);
    if (ticket.clientId !== null && ticket.clientId !== client.id) return invalid("foreign");
    if (!connections.upholds(ticket)) return invalid("closed");
    if (isFull(storage)) throw new Unavailable("full");
    const wait = budget.waitOf(presentation, now);
    return wait === null || bringsProof || this.#hasGathered(ticket) ? null : { outcome: "too_many", retryAfter: wait };
  }

  /** INVARIANT: whoever brings accepted claims, now or in an earlier round, always gets a hearing (ledger/README.md, rule 9). */
  #hasGathered({ step, processId }: PermissionTicket): boolean {
    return step > 0 && this.#parts.processes.find(processId) !== null;
  }

  /**
   * INVARIANT: one synchronous block after the last await: spend, assess, record (ledger/README.md, rule 4).
   *
   * @returns null, with nothing done, when claims have to be asked for and nobody read of whom
   */
  decide(request: RedeemRequest, input: RedemptionInput, now: number): RedeemReply | null {
    const assessment = assessRequest(request, input, { ...this.#parts, settings: this.#settings, now });
    if (assessment.outcome === "need_info" && input.directories === null) return null;
    if (input.party.card) this.#parts.parties.keep(input.party.card, now);
    const reply = this.#record(request, assessment, input, now);
    const { ticket, attemptId, client } = request;
    this.#parts.spent.spend(ticket, { attemptId, clientId: client.id, at: now, reply: shortened(reply) });
    this.#parts.budget.count(request, reply, now);
    this.#tellOfClaimToken(request, now);
    return reply;
  }

  #record(
    request: RedeemRequest,
    assessment: ReturnType<typeof assessRequest>,
    input: RedemptionInput,
    now: number,
  ): RedeemReply {
    const { party } = input;
    switch (assessment.outcome) {
      case "refused":
      case "invalid_scope":
        return assessment;
      case "granted":
        return this.#grant(request, assessment, input, now);
      case "need_info":
        this.#gather(request, party, now);
        return { outcome: "need_info", needs: assessment.needs };
      case "submitted":
        return this.#submit(request, assessment, input, now);
      case "denied":
        return this.#refuse(request, assessment, party, now);
      case "too_much":
        // Nothing that is accepted comes to this, so somebody has to look at it.
        console.error({ event: "decision_too_much", ledger: request.ticket.ledger, steps: assessment.steps });
        return this.#deny(request, { cause: "too_much", refused: [] }, party, now);
    }
  }

  /** Puts it to the owner; a poll, and the same asked again, find the request that waits (Grant §3.3.6). */
  #submit(
    request: RedeemRequest,
    { decisions }: Extract<Assessment, { outcome: "submitted" }>,
    { party, policies }: DecisionInput,
    now: number,
  ): RedeemReply {
    const { ticket, client } = request;
    const asking = {
      // As good as drawn: a ticket is spent once.
      id: ticket.id,
      partyReference: party.reference,
      clientId: client.id,
      likeness: likenessOf(decisions),
      resourceServerId: ticket.resourceServerId,
      processId: ticket.processId,
      asked: askedOf(decisions, policies),
      sealedClaims: party.sealed ?? "",
    };
    const put = this.#parts.pendingRequests.ask(asking, now);
    if (put === "crowded") return this.#deny(request, { cause: "too_many_waiting", refused: [] }, party, now);
    this.#gather(request, party, now);
    if (put === "again") return { outcome: "submitted" };
    this.#tell({ kind: "submitted", requestId: asking.id }, request, party.reference, now);
    const { id: requestId, clientId, partyReference } = asking;
    this.#parts.announcing.announce({ kind: "request_waiting", requestId, clientId, partyReference });
    return { outcome: "submitted", requestId: asking.id };
  }

  #refuse(
    request: RedeemRequest,
    assessment: Extract<Assessment, { outcome: "denied" }>,
    party: PartyOnRecord,
    now: number,
  ): RedeemReply {
    const reply = this.#deny(request, denialOf(assessment), party, now);
    const isOwners = assessment.cause === "owner_refused" || assessment.cause === "owner_silent";
    const pending = isOwners ? this.#findPending(request, assessment.decisions, party, now) : null;
    if (pending === null) return reply;
    this.#parts.pendingRequests.tell(pending, now);
    const word = pending.decision?.sealedWord ?? null;
    return word === null ? reply : { ...reply, sealedWord: word };
  }

  #findPending(
    { client }: RedeemRequest,
    decisions: readonly ScopeDecision[],
    { claims, reference }: PartyOnRecord,
    now: number,
  ): PendingRequest | null {
    // Nobody known makes a request, and most that are granted never waited.
    if (claims === null || this.#parts.pendingRequests.isEmpty()) return null;
    const key = { partyReference: reference, clientId: client.id, likeness: likenessOf(decisions) };
    return this.#parts.pendingRequests.find(key, now);
  }

  #deny(request: RedeemRequest, denial: Denial, party: PartyOnRecord, now: number): DeniedReply {
    this.#parts.processes.remove(request.ticket.processId);
    this.#tell({ kind: "denied", ...denial }, request, referenceOf(party), now);
    return { outcome: "denied", denial };
  }

  /** INVARIANT: a round that gathered nothing keeps the spent id only (ledger/README.md, rule 9). */
  #gather({ ticket }: RedeemRequest, { sealed, reference }: PartyOnRecord, now: number): void {
    if (sealed === null) return;
    const gathered = { sealedClaims: sealed, partyReference: reference, sealedPct: null };
    this.#parts.processes.keep(ticket.processId, gathered, now);
  }

  #grant(
    request: RedeemRequest,
    assessment: Extract<Assessment, { outcome: "granted" }>,
    { party, upgrade }: RedemptionInput,
    now: number,
  ): RedeemReply {
    const upgraded = upgrade?.join(assessment.permissions, now) ?? null;
    const grant = this.#newGrant(request, upgraded ?? { ...assessment, sealedClaims: party.sealed }, party, now);
    const { grants, processes, uses } = this.#parts;
    for (const policyId of assessment.countedPolicies) uses.count(policyId);
    upgraded?.surrender(grant.id);
    grants.insert(grant);
    // What waited for the owner, or was answered, has come to its end.
    const pending = this.#findPending(request, assessment.decisions, party, now);
    if (pending) this.#parts.pendingRequests.tell(pending, now);
    this.#welcome(request, party, pending !== null, now);
    const gathered = request.ticket.step > 0 ? processes.find(grant.id) : null;
    if (gathered) processes.remove(grant.id);
    const rpt = toGrantedRpt(grant, this.#settings.rptLifetime, now);
    const added = upgraded ? permissionBodies(assessment.permissions, now, rpt.expiresAt) : undefined;
    this.#tell(grantedEvent(rpt.permissions, added), request, referenceOf(party), now);
    // Somebody else may have taken the place of whoever wanted to be known.
    const sealedPct = gathered?.partyReference === party.reference ? gathered.sealedPct : null;
    const more = { ...(sealedPct === null ? {} : { sealedPct }), ...(added === undefined ? {} : { added }) };
    return { outcome: "granted", rpt, ...more };
  }

  /** Whoever waited was let in by the owner's own word, which is no news to them. */
  #welcome({ client }: RedeemRequest, { claims, reference }: PartyOnRecord, hasWaited: boolean, now: number): void {
    if (claims === null || claims.isOwner === true || !this.#parts.parties.letIn(reference, now) || hasWaited) return;
    this.#parts.announcing.announce({ kind: "first_access", clientId: client.id, partyReference: reference });
  }

  #newGrant(
    { ticket, client }: RedeemRequest,
    { permissions, sealedClaims }: Pick<Grant, "permissions" | "sealedClaims">,
    party: PartyOnRecord,
    now: number,
  ): Grant {
    const renewable = permissions.some(({ scopes }) => scopes.some((held) => !held.counted && endOf(held) > now));
    const refreshable = client.mayRefresh && renewable;
    const held = { permissions, createdAt: now };
    return {
      ...held,
      id: ticket.processId,
      clientId: client.id,
      resourceServerId: ticket.resourceServerId,
      rptFormat: ticket.rptFormat,
      partyReference: party.reference,
      partyKnown: party.claims !== null,
      judged: this.#parts.book.lastSequence(),
      sealedClaims,
      usedAt: now,
      refreshGeneration: refreshable ? 0 : null,
      refreshRotatedAt: null,
      refreshAttempt: null,
      expiresAt: refreshable ? grantEnd(held, now) : rptEnd(permissions, this.#settings.rptLifetime, now),
    };
  }

  /**
   * A ticket that comes a second time (Grant §5.5) is refused and counted. Only its own client's late repeat withdraws
   * what the process issued, and only if it proved to be that client: others who saw the ticket must not be able to end
   * what it gave. Inside a code nobody else can present it, so there any repeat does (RFC 6749 §4.1.2).
   */
  #replayed(presentation: Presentation, before: SpentTicket, now: number): RefusedTicket {
    const { ticket, client, inCode = false } = presentation;
    const { spent, grants, surrendered, processes, announcing } = this.#parts;
    const late = now - before.at > REPLAY_GRACE_SECONDS;
    const isTheft = inCode || (late && client.authenticated && this.#settings.replayWithdraws);
    const withdraws = isTheft && client.id === before.clientId;
    const ended = withdraws ? surrendered.takeLine(ticket.processId) : [];
    const ends = ended.length > 0;
    const isTold = spent.countReplay(ticket, before) === 1 || ends;
    if (isTold) this.#tell({ kind: "replayed", withdrawn: ends }, presentation, null, now);
    for (const grant of ended) {
      announcing.ended(grant);
      grants.remove(grant.id);
    }
    if (withdraws) processes.remove(ticket.processId);
    const rotated = before.reply.outcome === "need_info" || before.reply.outcome === "submitted";
    return { ...invalid(rotated ? "superseded" : "spent"), ...(isTold ? { withdrawn: ends } : {}) };
  }

  /** Whoever brought it is nobody known, so the like of a client is one entry. */
  #tellOfClaimToken(request: RedeemRequest, now: number): void {
    const { claimTokenFault: fault } = request;
    if (fault) this.#tell({ kind: "claim_token_refused", fault }, request, null, now);
  }

  #tell(event: OwnerEvent, { client }: Pick<Presentation, "client">, partyReference: string | null, now: number): void {
    this.#parts.activity.merge({ at: now, event, clientId: client.id, partyReference });
  }
}

/** INVARIANT: a browser comes with its tickets for many clients, and what one client began is no other's to go on with (Grant §5.2). */
function isRepeat(before: SpentTicket, { attemptId, client }: Presentation): boolean {
  return before.attemptId === attemptId && before.clientId === client.id;
}

/** Strangers are told of without a reference: each process makes them another one (ledger/README.md, rule 9). */
function referenceOf({ claims, reference }: PartyOnRecord): string | null {
  return claims && reference;
}

/** What is kept for a repeat of the attempt: what was refused in detail is told once, and a stranger's row stays small. */
function shortened(reply: RedeemReply): RedeemReply {
  if (reply.outcome !== "denied" || reply.denial === undefined) return reply;
  return { ...reply, denial: { ...reply.denial, refused: [] } };
}

function invalid(fault: TicketFault): Extract<RefusedTicket, { readonly outcome: "invalid_ticket" }> {
  return { outcome: "invalid_ticket", fault };
}
