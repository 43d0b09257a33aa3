import { type PartyClaims, parsePartyClaims } from "../protocol/claims.ts";
import type { ActivityLog } from "./activity.ts";
import type { Announcing } from "./announcing.ts";
import { type AskedPermission, type AskedScopes, allowedOf, permitsFor, policyOperation } from "./approval.ts";
import type { Book } from "./book.ts";
import { type Author, byAccount, nameOf } from "./change.ts";
import type { Changing } from "./changing.ts";
import type { ChangeReply, DecideReply, DecideRequest, PermissionName } from "./contract.ts";
import type { Housekeeping } from "./housekeeping.ts";
import type { Lane } from "./lane.ts";
import type { OwnSeal } from "./own-seal.ts";
import type { OwnersDecision, PendingRequest, PendingRequests } from "./pending-requests.ts";
import type { LedgerPorts } from "./ports.ts";
import type { LedgerStorage } from "./storage.ts";
import { answerUnavailable, Unavailable } from "./unavailable.ts";

interface DecidingParts {
  readonly activity: ActivityLog;
  readonly announcing: Announcing;
  readonly book: Book;
  readonly changing: Changing;
  readonly housekeeping: Housekeeping;
  readonly lane: Lane;
  readonly ownSeal: OwnSeal;
  readonly pendingRequests: PendingRequests;
}

interface DecidingPorts extends Pick<LedgerPorts, "sealer" | "now"> {
  readonly storage: LedgerStorage;
}

/** A decision with all that had to be waited for. */
interface Prepared {
  readonly operationId: string;
  readonly request: DecideRequest;
  readonly author: Author;
  /** Who asks; null: that cannot be read any more, so that nothing can be allowed. */
  readonly party: PartyClaims | null;
  readonly sealedWord: string | null;
}

/**
 * The owner's decision about a request that waits. A yes becomes policies of the ordinary kind, which go through the book
 * like any other: evaluation asks no second store of approvals, and what was allowed is seen and undone where all else is.
 */
export class Deciding {
  readonly #parts: DecidingParts;
  readonly #ports: DecidingPorts;

  constructor(parts: DecidingParts, ports: DecidingPorts) {
    this.#parts = parts;
    this.#ports = ports;
  }

  async decide(ownerId: string, operationId: string, request: DecideRequest, author: Author): Promise<DecideReply> {
    try {
      const { requestId, word } = request;
      const pending = this.#parts.pendingRequests.findById(requestId);
      const [party, sealedWord] = await Promise.all([
        pending && this.#openParty(pending),
        word === null ? null : this.#sealWord(word),
      ]);
      const prepared = { operationId, request, author, party, sealedWord };
      const refusal = this.#ports.storage.transactionSync(() => this.#decide(prepared, this.#ports.now()));
      return refusal ?? (await this.#record(ownerId, operationId, requestId));
    } catch (error) {
      return answerUnavailable(error, ownerId);
    }
  }

  async #openParty({ sealedClaims }: PendingRequest): Promise<PartyClaims | null> {
    const statement = await this.#ports.sealer.open("claims", sealedClaims).catch((cause: unknown) => {
      throw new Unavailable("claims_unopened", { cause });
    });
    return parsePartyClaims(statement);
  }

  async #sealWord(word: string): Promise<string> {
    return (await this.#parts.ownSeal.unlock()).seal("request", word);
  }

  /**
   * INVARIANT: one block, in which the request still waits in the version that was read; so a decision is taken once, and
   * the policies of a yes are booked with it or not at all.
   *
   * @returns null: it is taken, by this call or by an earlier one of the same operation
   */
  #decide(prepared: Prepared, now: number): DecideReply | null {
    const { operationId, request, author } = prepared;
    if (!this.#parts.changing.stands(author)) return { outcome: "not_connected" };
    const pending = this.#parts.pendingRequests.findById(request.requestId);
    if (pending === null) return { outcome: "not_found" };
    // A repeat finds its own answer, whatever has become of the request since (ledger/README.md, rule 7).
    if (pending.decision?.operationId === operationId || this.#listBooked(operationId).length > 0) return null;
    const isOpen = pending.status === "waiting" && pending.endsAt > now;
    if (!isOpen || pending.version !== request.version)
      return { outcome: "version_mismatch", version: pending.version };
    return request.decision.kind === "approve"
      ? this.#approve(pending, prepared, request.decision, now)
      : this.#refuse(pending, prepared, now);
  }

  #approve(
    pending: PendingRequest,
    { operationId, request, author, party, sealedWord }: Prepared,
    decision: Extract<DecideRequest["decision"], { kind: "approve" }>,
    now: number,
  ): DecideReply | null {
    if (party === null) return { outcome: "not_found" };
    const allowed = allowedOf(pending.asked, decision.allowed?.map(toAsked) ?? null);
    if (allowed === null) return { outcome: "not_asked" };
    const documents = permitsFor(allowed, party, pending.clientId, decision.until);
    const policyIds = request.policyIds.slice(0, documents.length);
    for (const [index, document] of documents.entries()) {
      const change = { kind: "put_policy", id: request.policyIds[index] ?? "", document, expected: "absent" } as const;
      const refusal = this.#parts.changing.book(policyOperation(operationId, index), change, author, now);
      if (refusal !== null) return refusalOf(refusal, index);
    }
    const { until } = decision;
    const taken = { status: "approved", allowed: allowed.map(withoutBounds), policyIds, until } as const;
    this.#take(pending, { ...taken, operationId, author: nameOf(author), sealedWord, at: now });
    return null;
  }

  #refuse(pending: PendingRequest, { operationId, author, sealedWord }: Prepared, now: number): null {
    const taken = { status: "refused", allowed: [], policyIds: [], until: null } as const;
    this.#take(pending, { ...taken, operationId, author: nameOf(author), sealedWord, at: now });
    return null;
  }

  #take(pending: PendingRequest, decision: OwnersDecision): void {
    const { pendingRequests, activity, announcing, housekeeping } = this.#parts;
    pendingRequests.decide(pending, decision);
    const { accountId, clientId } = decision.author;
    const event = {
      kind: "request_decided",
      requestId: pending.id,
      decision: decision.status,
      policyIds: decision.policyIds,
      ...byAccount(accountId),
    } as const;
    activity.append({ at: decision.at, event, clientId, partyReference: pending.partyReference });
    const { id: requestId, clientId: appId, partyReference } = pending;
    const isAllowed = decision.status === "approved";
    announcing.announce({ kind: "request_decided", requestId, isAllowed, clientId: appId, partyReference });
    housekeeping.wakeBy(decision.at);
  }

  /** Waits until D1 has the policies, if it can be reached, and tells what became of the decision. */
  async #record(ownerId: string, operationId: string, requestId: string): Promise<DecideReply> {
    const { pendingRequests, book, lane } = this.#parts;
    for (const operation of this.#listBooked(operationId)) await lane.settle(ownerId, operation);
    const results = this.#listBooked(operationId).map((operation) => book.find(operation)?.result ?? null);
    const refusal = results.find((result) => result !== null && result.outcome !== "done");
    if (refusal) return refusal;
    const { version, decision } = pendingRequests.findById(requestId) ?? { version: 0, decision: null };
    const policyIds = decision?.policyIds ?? [];
    return { outcome: "decided", version, policyIds, isRecorded: results.every((result) => result !== null) };
  }

  /** The operations under which the policies of a decision stand in the book. */
  #listBooked(operationId: string): readonly string[] {
    const booked: string[] = [];
    for (let index = 0; this.#parts.book.find(policyOperation(operationId, index)) !== null; index += 1) {
      booked.push(policyOperation(operationId, index));
    }
    return booked;
  }
}

/** INVARIANT: all or nothing; what refuses the first policy would refuse the others, and nothing else does. */
function refusalOf(reply: ChangeReply, index: number): DecideReply {
  if (index > 0 || reply.outcome === "done" || reply.outcome === "pending") throw new Error("half a decision");
  return reply;
}

/** No scopes: the resource as a whole. */
function toAsked({ resourceId, scopes }: PermissionName): AskedScopes {
  return { resourceId, scopes: scopes.length > 0 ? scopes : [null] };
}

function withoutBounds({ resourceId, scopes }: AskedPermission): AskedScopes {
  return { resourceId, scopes };
}
