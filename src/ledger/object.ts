import { DurableObject } from "cloudflare:workers";
import type { AdministratorsChange } from "../events/event.ts";
import type { Actor } from "../protocol/actor.ts";
import { type Activity, partyOf, type TimeRange } from "./activity.ts";
import { type Author, authorOf, byAccount, type Change, type Cut, nameOf } from "./change.ts";
import type { Decided } from "./connection-tokens.ts";
import type {
  ArriveReply,
  ArriveRequest,
  CancelReply,
  CancelRequest,
  ChangeReply,
  CloseReply,
  CompleteReply,
  CompleteRequest,
  ConnectionRefreshReply,
  ConnectionRefreshRequest,
  DecideReply,
  DecideRequest,
  GrantsReply,
  GrantsRequest,
  IntrospectReply,
  IntrospectRequest,
  LedgerCounts,
  LookReply,
  OwnerLedger,
  PartiesReply,
  RedeemCodeReply,
  RedeemCodeRequest,
  RedeemReply,
  RedeemRequest,
  RefreshReply,
  RefreshRequest,
  RequestsQuery,
  RequestsReply,
  VisitRequest,
} from "./contract.ts";
import { introspectGrant } from "./introspection.ts";
import { buildParts, createTables, type LedgerParts } from "./parts.ts";
import type { LedgerPorts } from "./ports.ts";
import type { ErasedOwner } from "./record.ts";
import { OWNER_KEY } from "./storage.ts";
import { answerUnavailable } from "./unavailable.ts";

/**
 * The ledger of one resource owner: what must be right under concurrency (docs/design.md, decision 2). What it asks of
 * the world is handed in; index.ts joins it to the real ones. A call is short here: it asks whether the ledger is open,
 * and hands on to the part whose matter it is.
 */
export class OwnerLedgerObject extends DurableObject<Env> implements OwnerLedger {
  readonly #ports: LedgerPorts;
  #parts: LedgerParts;
  #ownerId: string | null = null;

  /** Makes nothing in storage: an old ticket's name must wake no fresh, forgetful ledger (ledger/README.md, rule 8). */
  constructor(state: DurableObjectState, env: Env, ports: LedgerPorts) {
    super(state, env);
    this.#ports = ports;
    this.#parts = buildParts(ports);
  }

  async open(ownerId: string): Promise<void> {
    if (this.#parts.closing.isClosed()) return;
    this.#block(() => {
      createTables(this.#parts);
      this.#ports.storage.kv.put(OWNER_KEY, ownerId);
    });
  }

  async close(owner: ErasedOwner): Promise<CloseReply> {
    const { closing } = this.#parts;
    closing.begin(owner);
    this.#ports.openPages.tell();
    await closing.detach();
    return { recorded: closing.isDetached() };
  }

  redeem(request: RedeemRequest): Promise<RedeemReply> {
    return this.#answer({ outcome: "invalid_ticket", fault: "closed" }, async (ownerId) => {
      await this.#parts.housekeeping.prepare();
      return this.#parts.redemption.redeem(ownerId, request);
    });
  }

  arrive(request: ArriveRequest): Promise<ArriveReply> {
    return this.#answer({ outcome: "invalid_ticket", fault: "closed" }, async (ownerId) => {
      await this.#parts.housekeeping.prepare();
      return this.#parts.visit.arrive(ownerId, request);
    });
  }

  look(request: VisitRequest): Promise<LookReply> {
    return this.#answer({ outcome: "closed" }, (ownerId) => this.#parts.visit.look(ownerId, request));
  }

  complete(request: CompleteRequest): Promise<CompleteReply> {
    return this.#answer({ outcome: "closed" }, async (ownerId) => {
      await this.#parts.housekeeping.prepare();
      return this.#parts.visit.complete(ownerId, request);
    });
  }

  cancel(request: CancelRequest): Promise<CancelReply> {
    return this.#answer({ outcome: "closed" }, async () => {
      await this.#parts.housekeeping.prepare();
      return this.#parts.visit.cancel(request);
    });
  }

  introspect(request: IntrospectRequest): Promise<IntrospectReply> {
    const { housekeeping, judge, connections } = this.#parts;
    return this.#answer({ outcome: "not_connected" }, async (ownerId) => {
      await housekeeping.prepare();
      const introspected = judge.use(request.grantId, (judged): IntrospectReply => {
        if (!connections.mayIntrospect(request.caller)) return { outcome: "not_connected" };
        return introspectGrant(request, judged, this.#ports.now());
      });
      return introspected.catch((error) => answerUnavailable(error, ownerId));
    });
  }

  refresh(request: RefreshRequest): Promise<RefreshReply> {
    const { housekeeping, refreshing } = this.#parts;
    return this.#answer({ outcome: "invalid" }, async (ownerId) => {
      await housekeeping.prepare();
      return refreshing.refresh(ownerId, request);
    });
  }

  redeemCode(request: RedeemCodeRequest): Promise<RedeemCodeReply> {
    const { housekeeping, connectionTokens } = this.#parts;
    return this.#answer({ outcome: "invalid", fault: "closed" }, async (ownerId) => {
      await housekeeping.prepare();
      return this.#decide(ownerId, (now) => connectionTokens.redeemCode(ownerId, request, now));
    });
  }

  refreshConnection(request: ConnectionRefreshRequest): Promise<ConnectionRefreshReply> {
    const { housekeeping, connectionTokens } = this.#parts;
    return this.#answer({ outcome: "invalid" }, async (ownerId) => {
      await housekeeping.prepare();
      return this.#decide(ownerId, (now) => connectionTokens.refresh(ownerId, request, now));
    });
  }

  async revoke(clientId: string, grantId: string): Promise<void> {
    await this.#answer(undefined, async () => {
      await this.#parts.housekeeping.prepare();
      this.#block(() => this.#revoke(clientId, grantId));
    });
  }

  #revoke(clientId: string, grantId: string): void {
    const { grants, activity, announcing } = this.#parts;
    const grant = grants.find(grantId);
    if (grant?.clientId !== clientId) return;
    grants.remove(grantId);
    announcing.ended(grant);
    const { partyReference } = grant;
    activity.merge({ at: this.#ports.now(), event: { kind: "revoked" }, clientId, partyReference });
  }

  grants(request: GrantsRequest): Promise<GrantsReply> {
    return this.#answer({ outcome: "not_connected" }, async (ownerId) => {
      await this.#parts.housekeeping.prepare();
      return this.#parts.grantList.list(ownerId, request);
    });
  }

  endGrant(caller: Actor, grantId: string): Promise<ChangeReply> {
    return this.#answer({ outcome: "closed" }, async () => {
      await this.#parts.housekeeping.prepare();
      return this.#block(() => this.#endGrant(caller, grantId));
    });
  }

  #endGrant(caller: Actor, grantId: string): ChangeReply {
    const { connections, grants, surrendered, activity, announcing } = this.#parts;
    if (!connections.mayAct(caller)) return { outcome: "not_connected" };
    const line = surrendered.takeLine(grantId);
    const { clientId, accountId } = nameOf(authorOf(caller));
    for (const grant of line) {
      grants.remove(grant.id);
      announcing.ended(grant);
      const { partyReference } = grant;
      const event = { kind: "cut", by: "grant", grantId: grant.id, ...byAccount(accountId) } as const;
      activity.append({ at: this.#ports.now(), event, clientId, partyReference });
    }
    return line.length === 0 ? { outcome: "not_found" } : { outcome: "done", version: 0 };
  }

  change(operationId: string, change: Change, author: Author): Promise<ChangeReply> {
    return this.#answer({ outcome: "closed" }, (ownerId) => this.#change(ownerId, operationId, change, author));
  }

  async #change(ownerId: string, operationId: string, change: Change, author: Author): Promise<ChangeReply> {
    const { housekeeping, changing, foresight, lane, book } = this.#parts;
    await housekeeping.prepare();
    if (changing.isToForesee(operationId, change, author)) {
      const refusal = await foresight.findRefusal(ownerId, change);
      if (refusal) return refusal;
    }
    const reply = this.#block(() => changing.book(operationId, change, author, this.#ports.now()));
    if (reply) return reply;
    await lane.settle(ownerId, operationId);
    return book.find(operationId)?.result ?? { outcome: "pending" };
  }

  cut(operationId: string, cut: Cut, author: Author): Promise<ChangeReply> {
    const { housekeeping, changing } = this.#parts;
    return this.#answer({ outcome: "closed" }, async () => {
      await housekeeping.prepare();
      return this.#block(() => changing.cut(operationId, cut, author, this.#ports.now()));
    });
  }

  requests(caller: Actor, query: RequestsQuery): Promise<RequestsReply> {
    return this.#answer({ outcome: "not_connected" }, (ownerId) =>
      this.#parts.requestList.list(ownerId, caller, query),
    );
  }

  request(caller: Actor, requestId: string): Promise<RequestsReply> {
    return this.#answer({ outcome: "not_connected" }, (ownerId) =>
      this.#parts.requestList.find(ownerId, caller, requestId),
    );
  }

  decide(operationId: string, request: DecideRequest, author: Author): Promise<DecideReply> {
    const { housekeeping, deciding } = this.#parts;
    return this.#answer({ outcome: "closed" }, async (ownerId) => {
      await housekeeping.prepare();
      return deciding.decide(ownerId, operationId, request, author);
    });
  }

  async tellAdministrators(change: AdministratorsChange): Promise<void> {
    if (this.#owner() === null) return;
    const event = { kind: "administrators_changed", ...change } as const;
    this.#block(() =>
      this.#parts.activity.append({ at: this.#ports.now(), event, clientId: null, partyReference: null }),
    );
  }

  activity(
    caller: Actor,
    before: number | null,
    limit: number,
    range?: TimeRange,
  ): Promise<readonly Activity[] | null> {
    const { connections, activity, parties } = this.#parts;
    return this.#answer(null, async () => {
      if (!connections.mayAct(caller)) return null;
      return parties.introduce(activity.list(before, limit, range), partyOf);
    });
  }

  parties(caller: Actor, personIds: readonly string[]): Promise<PartiesReply> {
    const { connections, parties } = this.#parts;
    return this.#answer({ outcome: "not_connected" }, async () => {
      if (!connections.mayAct(caller)) return { outcome: "not_connected" };
      return { outcome: "found", cards: Object.fromEntries(await parties.findPersons(personIds)) };
    });
  }

  async counts(): Promise<LedgerCounts> {
    const { grants, processes, book } = this.#parts;
    if (this.#owner() === null) return { grants: 0, processes: 0, pendingChanges: 0, bytes: 0 };
    const bytes = this.#ports.storage.sql.databaseSize;
    return { grants: grants.count(), processes: processes.count(), pendingChanges: book.countPending(), bytes };
  }

  /** A page that wants to listen; whether it may was looked at before (http/console/live.ts). */
  override async fetch(): Promise<Response> {
    return this.#owner() === null ? new Response(null, { status: 404 }) : this.#ports.openPages.listen();
  }

  /** Pages have nothing to say. */
  override async webSocketMessage(socket: WebSocket): Promise<void> {
    socket.close(1008, "nothing is expected");
  }

  /** What the alarm does: sends what D1 has yet to take, then cleans up; or goes on with the end. Safe to repeat. */
  override async alarm(): Promise<void> {
    const { lane, housekeeping, closing } = this.#parts;
    const ownerId = this.#owner();
    if (ownerId !== null) {
      await lane.drive(ownerId);
      await housekeeping.clean(ownerId, this.#ports.now());
    }
    // Asked last: it may have closed meanwhile, and cleaning up set another alarm.
    if (!closing.isClosed()) return;
    await closing.advance();
    // Nothing is left, so nothing of it may be remembered either.
    if (!closing.isClosed()) this.#parts = buildParts(this.#ports);
  }

  /** Null: never opened, or closed. */
  #owner(): string | null {
    if (this.#parts.closing.isClosed()) this.#ownerId = null;
    else this.#ownerId ??= this.#ports.storage.kv.get<string>(OWNER_KEY) ?? null;
    return this.#ownerId;
  }

  /**
   * INVARIANT: what was on its way when the ledger closed says no as well, whatever it came to or failed of: its tables
   * may be gone.
   * @param closed the answer of a ledger that is not open
   */
  async #answer<Reply>(closed: Reply, answer: (ownerId: string) => Promise<Reply>): Promise<Reply> {
    const ownerId = this.#owner();
    if (ownerId === null) return closed;
    const { closing } = this.#parts;
    try {
      const reply = await answer(ownerId);
      return closing.isClosed() ? closed : reply;
    } catch (error) {
      if (closing.isClosed()) return closed;
      throw error;
    }
  }

  /** Decides in one block, and waits until D1 has what was booked with it, if that can be reached. */
  async #decide<Reply>(ownerId: string, decide: (now: number) => Decided<Reply>): Promise<Reply> {
    const { reply, booked } = this.#block(() => decide(this.#ports.now()));
    if (booked !== null) await this.#parts.lane.settle(ownerId, booked);
    return reply;
  }

  #block<T>(decide: () => T): T {
    return this.#ports.storage.transactionSync(decide);
  }
}
