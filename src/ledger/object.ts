import { DurableObject } from "cloudflare:workers";
import type { ConnectedCaller } from "../protocol/connection.ts";
import { ActivityLog } from "./activity.ts";
import { Book, type BookedEntry } from "./book.ts";
import { type Change, type Cut, subjectOf } from "./change.ts";
import { ClientBudget } from "./client-budget.ts";
import { Connections } from "./connections.ts";
import type {
  Activity,
  ChangeReply,
  IntrospectReply,
  IntrospectRequest,
  LedgerCounts,
  OwnerLedger,
  RedeemReply,
  RedeemRequest,
  RefreshReply,
  RefreshRequest,
} from "./contract.ts";
import { FactCache } from "./fact-cache.ts";
import { type AssessmentInput, Facts, RecordUnavailable } from "./facts.ts";
import { Grants } from "./grants.ts";
import { permissionBodies } from "./held-permission.ts";
import { Housekeeping, RETRY_SECONDS } from "./housekeeping.ts";
import { Judge } from "./judge.ts";
import { Lane } from "./lane.ts";
import type { ClaimsSealer, TrustedIssuers } from "./ports.ts";
import { Processes } from "./processes.ts";
import type { ChangeResult, NumberedChange, SystemOfRecord } from "./record.ts";
import { type LedgerSettings, Redemption } from "./redemption.ts";
import { Refreshing } from "./refresh.ts";
import { SpentTickets } from "./spent-tickets.ts";
import type { LedgerStorage } from "./storage.ts";
import { createTables } from "./tables.ts";
import { Uses } from "./uses.ts";

export interface LedgerPorts {
  readonly storage: LedgerStorage;
  readonly record: SystemOfRecord;
  readonly sealer: ClaimsSealer;
  readonly trustedIssuers: TrustedIssuers;
  readonly settings: LedgerSettings;
  /** The time in epoch seconds. */
  readonly now: () => number;
  /** Resolves after so many seconds. */
  readonly sleep: (seconds: number) => Promise<void>;
}

const OWNER = "owner";
/** How long a redemption waits for changes that touch it to reach D1; after that it is told to come again. */
const PATIENCE_SECONDS = 2;

/**
 * The ledger of one resource owner: what must be right under concurrency (docs/design.md, decision 2). What it asks of
 * the world is handed in, so that tests can crash it and give it a faulty D1; index.ts joins it to the real ones.
 */
export class OwnerLedgerObject extends DurableObject<Env> implements OwnerLedger {
  readonly #ports: LedgerPorts;
  readonly #spent: SpentTickets;
  readonly #grants: Grants;
  readonly #processes: Processes;
  readonly #connections: Connections;
  readonly #book: Book;
  readonly #uses: Uses;
  readonly #activity: ActivityLog;
  readonly #cache = new FactCache();
  readonly #facts: Facts;
  readonly #lane: Lane;
  readonly #judge: Judge;
  readonly #redemption: Redemption;
  readonly #refreshing: Refreshing;
  readonly #housekeeping: Housekeeping;
  #ownerId: string | null = null;

  /** Makes nothing in storage: an old ticket's name must wake no fresh, forgetful ledger (ledger/README.md, rule 8). */
  constructor(state: DurableObjectState, env: Env, ports: LedgerPorts) {
    super(state, env);
    const { storage, record, sealer, settings } = ports;
    this.#ports = ports;
    this.#spent = new SpentTickets(storage);
    this.#grants = new Grants(storage);
    this.#processes = new Processes(storage);
    this.#connections = new Connections(storage);
    this.#book = new Book(storage);
    this.#uses = new Uses(storage);
    this.#activity = new ActivityLog(storage);
    this.#facts = new Facts(this.#book, record, this.#cache);
    this.#lane = new Lane(this.#book, record, {
      block: (settle) => storage.transactionSync(settle),
      settled: (change, result) => this.#settled(change, result),
    });
    this.#judge = new Judge(this.#book, this.#grants, sealer);
    this.#refreshing = new Refreshing(this.#grants, this.#activity);
    this.#redemption = new Redemption(
      {
        spent: this.#spent,
        grants: this.#grants,
        processes: this.#processes,
        connections: this.#connections,
        book: this.#book,
        uses: this.#uses,
        activity: this.#activity,
        budget: new ClientBudget(),
        sealer,
        trustedIssuers: ports.trustedIssuers,
      },
      settings,
    );
    this.#housekeeping = new Housekeeping({
      storage,
      book: this.#book,
      spent: this.#spent,
      grants: this.#grants,
      processes: this.#processes,
      activity: this.#activity,
      judge: this.#judge,
    });
  }

  async open(ownerId: string): Promise<void> {
    const { storage } = this.#ports;
    storage.transactionSync(() => {
      createTables(storage.sql);
      storage.kv.put(OWNER, ownerId);
    });
  }

  async redeem(request: RedeemRequest): Promise<RedeemReply> {
    const ownerId = this.#owner();
    if (ownerId === null) return { outcome: "invalid_ticket", fault: "closed" };
    await this.#housekeeping.prepare();
    try {
      return await this.#redeemOnFacts(ownerId, request);
    } catch (error) {
      if (error instanceof RecordUnavailable) return { outcome: "unavailable" };
      throw error;
    }
  }

  async introspect(request: IntrospectRequest): Promise<IntrospectReply> {
    if (this.#owner() === null) return { outcome: "not_connected" };
    return this.#judge.use(request.grantId, (judged): IntrospectReply => {
      if (!this.#connections.stands(request.caller)) return { outcome: "not_connected" };
      const now = this.#ports.now();
      const grant = judged?.current;
      if (!grant || grant.expiresAt <= now || grant.resourceServerId !== request.caller.clientId) {
        return { outcome: "inactive" };
      }
      const permissions = permissionBodies(grant.permissions, now, request.tokenExpiresAt);
      if (permissions.length === 0) return { outcome: "inactive" };
      return { outcome: "active", clientId: grant.clientId, partyReference: grant.partyReference, permissions };
    });
  }

  async refresh(request: RefreshRequest): Promise<RefreshReply> {
    if (this.#owner() === null) return { outcome: "invalid", fault: "ended" };
    await this.#housekeeping.prepare();
    return this.#judge.use(request.grantId, (judged) =>
      this.#block(() => this.#refreshing.refresh(request, judged, this.#ports.now())),
    );
  }

  async revoke(clientId: string, grantId: string): Promise<void> {
    if (this.#owner() === null) return;
    this.#block(() => {
      const grant = this.#grants.find(grantId);
      if (grant?.clientId !== clientId) return;
      this.#grants.remove(grantId);
      const { partyReference } = grant;
      this.#activity.append({ at: this.#ports.now(), kind: "revoked", clientId, partyReference, detail: {} });
    });
  }

  async change(operationId: string, change: Change, caller: ConnectedCaller | null): Promise<ChangeReply> {
    const ownerId = this.#owner();
    if (ownerId === null) return { outcome: "closed" };
    await this.#housekeeping.prepare();
    const refusal = this.#block(() => this.#bookChange(operationId, change, caller));
    if (refusal) return refusal;
    await this.#lane.drive(ownerId);
    // A run that was on its way when the change was booked may have ended without it.
    if (this.#book.find(operationId)?.state === "pending") await this.#lane.drive(ownerId);
    return this.#book.find(operationId)?.result ?? { outcome: "pending" };
  }

  async cut(operationId: string, cut: Cut, caller: ConnectedCaller | null): Promise<ChangeReply> {
    if (this.#owner() === null) return { outcome: "closed" };
    await this.#housekeeping.prepare();
    return this.#block((): ChangeReply => {
      if (caller && !this.#connections.stands(caller)) return { outcome: "not_connected" };
      const entry = this.#book.find(operationId) ?? this.#bookCut(operationId, cut, caller);
      return entry.result ?? { outcome: "pending" };
    });
  }

  async activity(caller: ConnectedCaller, before: number | null, limit: number): Promise<readonly Activity[] | null> {
    if (this.#owner() === null || !this.#connections.stands(caller)) return null;
    return this.#activity.list(before, limit);
  }

  async counts(): Promise<LedgerCounts> {
    if (this.#owner() === null) return { grants: 0, processes: 0, pendingChanges: 0 };
    return {
      grants: this.#grants.count(),
      processes: this.#processes.count(),
      pendingChanges: this.#book.countPending(),
    };
  }

  /** What the alarm does: sends what D1 has yet to take, then cleans up. Safe to repeat. */
  override async alarm(): Promise<void> {
    const ownerId = this.#owner();
    if (ownerId === null) return;
    await this.#lane.drive(ownerId);
    await this.#housekeeping.clean(this.#ports.now());
  }

  /** Reads what the assessment looks at, and decides once nothing on its way can touch it. */
  async #redeemOnFacts(ownerId: string, request: RedeemRequest): Promise<RedeemReply> {
    const patience = this.#ports.now() + PATIENCE_SECONDS;
    const resourceIds = request.ticket.permissions.map(({ resourceId }) => resourceId);
    // Whatever is refused in any case must not cost a question to D1.
    const early = this.#facts.areKnown(resourceIds) ? null : this.#block(() => this.#present(request));
    if (early) return early;
    const party = await this.#redemption.knowParty(request, this.#ports.now()).catch((cause: unknown) => {
      throw new RecordUnavailable("kept claims cannot be opened", { cause });
    });
    for (;;) {
      const facts = await this.#facts.load(ownerId, resourceIds);
      const reply = this.#block(() => this.#tryToDecide(request, facts, party));
      if (reply) return reply;
      if (this.#ports.now() >= patience) return { outcome: "unavailable" };
      await this.#awaitLane(ownerId);
    }
  }

  #present(request: RedeemRequest): RedeemReply | null {
    return this.#redemption.present(request, this.#ports.now());
  }

  #tryToDecide(
    request: RedeemRequest,
    facts: AssessmentInput,
    party: Parameters<Redemption["decide"]>[2],
  ): RedeemReply | null {
    const now = this.#ports.now();
    const refusal = this.#present(request);
    if (refusal) return refusal;
    if (!this.#facts.hold(facts)) return null;
    this.#facts.keep(facts);
    const reply = this.#redemption.decide(request, facts, party, now);
    this.#housekeeping.wakeBy(this.#spent.endOf(request.ticket));
    return reply;
  }

  /** Waits for the next changes to reach D1. @throws RecordUnavailable when they do not */
  async #awaitLane(ownerId: string): Promise<void> {
    if (this.#book.countPending() === 0) return;
    const impatience = this.#ports.sleep(PATIENCE_SECONDS).then(() => false);
    if (await Promise.race([this.#lane.nextBatch(ownerId), impatience])) return;
    throw new RecordUnavailable("a change is still on its way to D1");
  }

  /** INVARIANT: from here on the change takes away; it gives nothing before D1 has it (ledger/README.md, rule 1). */
  #bookChange(operationId: string, change: Change, caller: ConnectedCaller | null): ChangeReply | null {
    if (caller && !this.#connections.stands(caller)) return { outcome: "not_connected" };
    const booked = this.#book.find(operationId);
    if (booked) return booked.result;
    const now = this.#ports.now();
    this.#book.appendChange(operationId, change, now);
    this.#cache.forgetTouched(change);
    if (change.kind === "put_connection" || change.kind === "end_connection")
      this.#connections.suspend(change.clientId);
    this.#housekeeping.wakeBy(now + RETRY_SECONDS);
    return null;
  }

  #bookCut(operationId: string, cut: Cut, caller: ConnectedCaller | null): BookedEntry {
    const at = this.#ports.now();
    this.#activity.append({
      at,
      kind: "cut",
      clientId: caller?.clientId ?? null,
      partyReference: null,
      detail: { ...cut },
    });
    return this.#book.appendCut(operationId, cut, at);
  }

  /** Runs with the settling of the change, in one block. */
  #settled({ change, epoch, at }: NumberedChange, result: ChangeResult): void {
    this.#cache.forgetTouched(change);
    if (result.outcome !== "done") return;
    if (change.kind === "put_connection" && !this.#book.hasConnectionChangeSince(epoch, change.clientId)) {
      this.#connections.activate(change.clientId, epoch);
    }
    if (change.kind === "delete_policy") this.#uses.forget(change.id);
    // What a resource server says of its resources is its daily work, and not the owner's doing.
    if (change.kind === "update_resource") return;
    const detail = { change: change.kind, subject: subjectOf(change), version: result.version };
    this.#activity.append({ at, kind: "changed", clientId: null, partyReference: null, detail });
  }

  /** Null: never opened. A ledger that is open stays so for as long as this instance lives. */
  #owner(): string | null {
    this.#ownerId ??= this.#ports.storage.kv.get<string>(OWNER) ?? null;
    return this.#ownerId;
  }

  #block<T>(decide: () => T): T {
    return this.#ports.storage.transactionSync(decide);
  }
}
