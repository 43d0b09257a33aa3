import { type RequestedScopes, requestedSets } from "../protocol/assessment.ts";
import { type PartyClaims, parsePartyClaims } from "../protocol/claims.ts";
import { GATHERED_CLAIMS_LIFETIME_SECONDS, REPLAY_GRACE_SECONDS } from "../protocol/lifetimes.ts";
import { joinClaims } from "../protocol/party.ts";
import type { ActivityLog } from "./activity.ts";
import { type Assessment, assess } from "./assess.ts";
import type { Book } from "./book.ts";
import type { ClientBudget } from "./client-budget.ts";
import type { Connections } from "./connections.ts";
import type { GrantedRpt, RedeemReply, RedeemRequest, TicketFault } from "./contract.ts";
import type { AssessmentInput } from "./facts.ts";
import { type Grant, type Grants, grantEnd, toGrantedRpt } from "./grants.ts";
import { endOf } from "./held-permission.ts";
import type { ClaimsSealer, TrustedIssuers } from "./ports.ts";
import type { GatheredClaims, Processes } from "./processes.ts";
import { refusalDetail } from "./refusal-detail.ts";
import type { SpentTicket, SpentTickets } from "./spent-tickets.ts";
import type { Uses } from "./uses.ts";

/** What an operator decides for all ledgers. */
export interface LedgerSettings {
  /** Seconds. */
  readonly rptLifetime: number;
  readonly partialGrants: boolean;
  readonly replayWithdraws: boolean;
}

/** The rooms of the ledger that a redemption goes through. */
export interface RedemptionRooms {
  readonly spent: SpentTickets;
  readonly grants: Grants;
  readonly processes: Processes;
  readonly connections: Connections;
  readonly book: Book;
  readonly uses: Uses;
  readonly activity: ActivityLog;
  readonly budget: ClientBudget;
  readonly sealer: ClaimsSealer;
  readonly trustedIssuers: TrustedIssuers;
}

/** Who the requesting party is, as far as this process knows, with the sealed copy to keep. */
export interface KnownParty {
  readonly claims: PartyClaims | null;
  readonly sealed: string | null;
  readonly reference: string;
}

/** Redeems tickets (Grant §3.3.1 to §3.3.6): everything here but `knowParty` runs inside the one decision block. */
export class Redemption {
  readonly #rooms: RedemptionRooms;
  readonly #settings: LedgerSettings;

  constructor(rooms: RedemptionRooms, settings: LedgerSettings) {
    this.#rooms = rooms;
    this.#settings = settings;
  }

  /** Joins what the process gathered before with what was pushed now; opens and seals, so it comes before the block. */
  async knowParty({ ticket, pushed, anonymousReference }: RedeemRequest, now: number): Promise<KnownParty> {
    const gathered = ticket.step > 0 ? this.#rooms.processes.find(ticket.processId) : null;
    const kept = gathered && (await this.#openKept(gathered, now));
    if (!kept && pushed) return { claims: pushed.claims, sealed: pushed.sealed, reference: pushed.partyReference };
    const claims = joinClaims(kept, pushed?.claims ?? null);
    if (!gathered || !claims) return { claims: null, sealed: null, reference: anonymousReference };
    const sealed = await this.#rooms.sealer.seal("claims", claims);
    return { claims, sealed, reference: pushed?.partyReference ?? gathered.partyReference };
  }

  /** Kept claims count while their issuer is trusted and they are not too old for it (Grant §3.3.4). */
  async #openKept({ sealedClaims }: GatheredClaims, now: number): Promise<PartyClaims | null> {
    const kept = parsePartyClaims(await this.#rooms.sealer.open("claims", sealedClaims));
    const issuer = kept && (await this.#rooms.trustedIssuers.findByIssuer(kept.issuer));
    if (!kept || !issuer) return null;
    const lifetime = Math.min(issuer.maxTokenAge ?? Number.POSITIVE_INFINITY, GATHERED_CLAIMS_LIFETIME_SECONDS);
    return kept.issuedAt + lifetime > now ? kept : null;
  }

  /**
   * Whether the ticket can be presented. Says the same before the facts are read and in the block, where it counts.
   *
   * @returns an answer that ends the matter, or null
   */
  present(request: RedeemRequest, now: number): RedeemReply | null {
    const { ticket, client, attemptId } = request;
    const { spent, connections, budget } = this.#rooms;
    if (ticket.expiresAt <= now || ticket.expiresAt <= spent.horizon()) return invalid("expired");
    const before = spent.find(ticket);
    if (before) return before.attemptId === attemptId ? before.reply : this.#replayed(request, before, now);
    if (ticket.clientId !== null && ticket.clientId !== client.id) return invalid("foreign");
    if (!connections.isActive(ticket.resourceServerId)) return invalid("closed");
    const wait = budget.waitOf(client.id, now);
    return wait === null ? null : { outcome: "too_many", retryAfter: wait };
  }

  /** INVARIANT: one synchronous block after the last await: spend, assess, record (ledger/README.md, rule 4). */
  decide(request: RedeemRequest, facts: AssessmentInput, party: KnownParty, now: number): RedeemReply {
    const reply = this.#answer(request, facts, party, now);
    const { ticket, attemptId, client } = request;
    this.#rooms.spent.spend(ticket, { attemptId, clientId: client.id, at: now, reply });
    if (reply.outcome !== "granted") this.#rooms.budget.countRefusal(client.id, now);
    return reply;
  }

  #answer(request: RedeemRequest, facts: AssessmentInput, party: KnownParty, now: number): RedeemReply {
    if (request.refusal) return { outcome: "refused" };
    const { ticket, client } = request;
    const resources = facts.resources.filter(({ resourceServerId }) => resourceServerId === ticket.resourceServerId);
    const requested = requestedSets(ticket.permissions, resources, client.registeredScopes, request.requestedScopes);
    if (requested.outcome === "invalid_scope") return requested;
    return this.#record(request, this.#assess(request, requested.sets, facts, party, now), party, now);
  }

  /** A resource that is gone since the ticket was made leaves the grant partial at best. */
  #assess(
    { ticket, client, whereabouts }: RedeemRequest,
    sets: readonly RequestedScopes[],
    { policies, groups }: AssessmentInput,
    party: KnownParty,
    now: number,
  ): Assessment {
    const { partialGrants } = this.#settings;
    if (!partialGrants && sets.length < ticket.permissions.length) return { outcome: "denied", decisions: [] };
    const evaluation = {
      party: party.claims,
      clientId: client.id,
      groups,
      whereabouts,
      usesLeft: (policy: (typeof policies)[number]) => this.#rooms.uses.left(policy),
      agreements: [],
      now,
    };
    return assess(sets, policies, evaluation, partialGrants);
  }

  #record(request: RedeemRequest, assessment: Assessment, party: KnownParty, now: number): RedeemReply {
    switch (assessment.outcome) {
      case "granted":
        return { outcome: "granted", rpt: this.#grant(request, assessment, party, now) };
      case "need_info":
        this.#gather(request, party, now);
        return assessment;
      case "submitted":
        this.#gather(request, party, now);
        // A poll is no news.
        if (request.pushed) this.#log("submitted", request, party.reference, {}, now);
        return assessment;
      case "denied":
        this.#rooms.processes.remove(request.ticket.processId);
        if (party.claims) this.#log("denied", request, party.reference, refusalDetail(assessment.decisions), now);
        return { outcome: "denied" };
    }
  }

  /** INVARIANT: a round that gathered nothing keeps the spent id only (ledger/README.md, rule 9). */
  #gather({ ticket }: RedeemRequest, { sealed, reference }: KnownParty, now: number): void {
    if (sealed === null) return;
    this.#rooms.processes.keep(ticket.processId, { sealedClaims: sealed, partyReference: reference }, now);
  }

  #grant(
    request: RedeemRequest,
    assessment: Extract<Assessment, { outcome: "granted" }>,
    party: KnownParty,
    now: number,
  ): GrantedRpt {
    const grant = this.#newGrant(request, assessment, party, now);
    const { grants, processes, uses } = this.#rooms;
    for (const policyId of assessment.countedPolicies) uses.count(policyId);
    grants.insert(grant);
    if (request.ticket.step > 0) processes.remove(grant.id);
    const rpt = toGrantedRpt(grant, now);
    this.#log("granted", request, party.reference, { permissions: rpt.permissions }, now);
    return rpt;
  }

  #newGrant(
    { ticket, client }: RedeemRequest,
    { permissions, tokenLifetime }: Extract<Assessment, { outcome: "granted" }>,
    party: KnownParty,
    now: number,
  ): Grant {
    const lifetime = Math.min(this.#settings.rptLifetime, tokenLifetime ?? Number.POSITIVE_INFINITY);
    const renewable = permissions.some(({ scopes }) => scopes.some((held) => !held.counted && endOf(held) > now));
    const refreshable = client.mayRefresh && renewable;
    const held = { permissions, createdAt: now, tokenLifetime: lifetime };
    return {
      ...held,
      id: ticket.processId,
      clientId: client.id,
      resourceServerId: ticket.resourceServerId,
      rptFormat: ticket.rptFormat,
      partyReference: party.reference,
      judged: this.#rooms.book.lastSequence(),
      sealedClaims: party.sealed,
      refreshGeneration: refreshable ? 0 : null,
      refreshAttempt: null,
      expiresAt: grantEnd(held, refreshable, now),
    };
  }

  /**
   * A ticket that comes a second time (Grant §5.5) is refused and counted. Only its own client's late repeat withdraws
   * what the process issued, and only if it proved to be that client: others who saw the ticket must not be able to end
   * what it gave.
   */
  #replayed(request: RedeemRequest, before: SpentTicket, now: number): RedeemReply {
    const { ticket, client } = request;
    const { spent, grants, processes } = this.#rooms;
    const late = now - before.at > REPLAY_GRACE_SECONDS;
    const withdraws = late && client.authenticated && client.id === before.clientId && this.#settings.replayWithdraws;
    const ends = withdraws && grants.find(ticket.processId) !== null;
    if (before.replays === 0 || ends) this.#log("replayed", request, null, { withdrawn: ends }, now);
    spent.countReplay(ticket);
    if (withdraws) {
      grants.remove(ticket.processId);
      processes.remove(ticket.processId);
    }
    const rotated = before.reply.outcome === "need_info" || before.reply.outcome === "submitted";
    return invalid(rotated ? "superseded" : "spent");
  }

  #log(
    kind: "granted" | "denied" | "submitted" | "replayed",
    { client }: RedeemRequest,
    partyReference: string | null,
    detail: Readonly<Record<string, unknown>>,
    now: number,
  ): void {
    this.#rooms.activity.append({ at: now, kind, clientId: client.id, partyReference, detail });
  }
}

function invalid(fault: TicketFault): RedeemReply {
  return { outcome: "invalid_ticket", fault };
}
