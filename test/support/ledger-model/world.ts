import type { ChangeReply, OwnerLedger, RedeemReply, RedeemRequest } from "../../../src/operations/owner-ledger.ts";
import type { Change, Cut } from "../../../src/policy/change.ts";
import type { PartyClaims } from "../../../src/protocol/claims.ts";
import { joinClaims } from "../../../src/protocol/party.ts";
import type { PermissionBody } from "../../../src/protocol/permission.ts";
import type { PermissionTicket } from "../../../src/protocol/ticket.ts";
import { Ledger } from "../../../src/storage/durable/ledger/ledger.ts";
import type { LedgerStorage } from "../../../src/storage/durable/ledger/storage.ts";
import { FaultyRecord } from "../faulty-record.ts";
import { OWNER, plainSealer, RS, START, trustedIssuer } from "../ledger-stage.ts";
import { type Act, ASKS, CLIENTS, PARTIES, PROLOGUE, RESOURCES, type Step } from "./steps.ts";
import { quiet, Traffic } from "./traffic.ts";

/** When something began and ended, in the order in which all things happened. */
export interface Span {
  readonly begun: number;
  readonly ended: number;
  /** The highest epoch of a change that had been answered when it began. */
  readonly since: number;
  /** The last epoch booked when it ended. */
  readonly until: number;
  readonly from: number;
  readonly to: number;
}

export type Seen = Span &
  (
    | {
        readonly what: "redeemed";
        readonly request: RedeemRequest;
        readonly party: PartyClaims | null;
        readonly reply: RedeemReply;
      }
    | {
        readonly what: "shown";
        readonly grantId: string;
        readonly permissions: readonly PermissionBody[] | null;
        readonly refreshed: boolean;
      }
    | { readonly what: "changed"; readonly operationId: string; readonly change: Change; readonly reply: ChangeReply }
    | { readonly what: "cut"; readonly cut: Cut }
    | { readonly what: "ended"; readonly grantId: string }
  );

/** What a test may break on purpose, to see that the model notices. */
export interface Parts {
  readonly record: () => FaultyRecord;
  readonly storage: (storage: LedgerStorage) => LedgerStorage;
}

export const SOUND: Parts = { record: () => new FaultyRecord(), storage: (storage) => storage };

const MAX_CRASHES = 6;
/** An operation that came to nothing is remembered this long; whoever sends it later makes it anew. */
const ANSWERS_KEPT_SECONDS = 86_400;

/** A real ledger over real storage, in a world where everything else is slow, lost, late or dies. */
export class ModelWorld {
  readonly record: FaultyRecord;
  readonly seen: Seen[] = [];
  /** The operations of all changes, in the order in which they were begun. */
  readonly operations: { readonly id: string; readonly change: Change; readonly begun: number; readonly at: number }[] =
    [];
  /** Whatever could end a grant besides changes, answered or not; of which grant: null for any. */
  readonly strokes: { readonly begun: number; readonly grantId: string | null }[] = [];
  /** What calls threw; they should have answered. */
  readonly thrown: string[] = [];
  readonly #storage: LedgerStorage;
  readonly #traffic = new Traffic();
  readonly #requests: RedeemRequest[] = [];
  /** Who the party is as far as its process knows. */
  readonly #gathered = new Map<string, PartyClaims | null>();
  readonly #firstBegun = new Map<string, Pick<Span, "begun" | "since" | "from">>();
  readonly #tickets: PermissionTicket[] = [];
  #ledger: OwnerLedger & { alarm(): Promise<void> };
  #now = START;
  #life = 0;
  #crashes = 0;
  #moment = 0;
  #drawn = 0;
  #answered = 0;
  #alarmAt: number | null = null;
  #alarmRuns = false;

  constructor(storage: LedgerStorage, parts: Parts = SOUND) {
    this.#storage = parts.storage(storage);
    this.record = parts.record();
    this.record.channel = this.#traffic.channel;
    this.record.content = { ...this.record.content, resources: RESOURCES };
    this.#ledger = this.#wakeUp();
  }

  async play(steps: readonly Step[]): Promise<void> {
    await this.#ledger.open(OWNER);
    for (const change of PROLOGUE) this.#change(this.#draw("operation"), change);
    await this.#settle();
    for (const { act, arrivals } of steps) {
      this.#do(act);
      await quiet();
      await this.#aside(act);
      if (arrivals === null) await this.#settle();
      else for (const pick of arrivals) await this.#traffic.let(pick);
    }
    await this.#recover();
  }

  book(): readonly { epoch: number | null; operation_id: string; state: string; at: number }[] {
    const rows: unknown = this.#storage.sql
      .exec("SELECT epoch, operation_id, state, at FROM book ORDER BY sequence")
      .toArray();
    return rows as readonly { epoch: number | null; operation_id: string; state: string; at: number }[];
  }

  /** Begins what an act calls for; it ends when its arrivals do. */
  #do(act: Act): void {
    switch (act.do) {
      case "redeem":
        this.#redeem({ ...this.#ticket(ASKS[act.ask % ASKS.length] ?? []) }, act.client, act.party);
        break;
      case "present":
        this.#with(this.#tickets, act.ticket, (ticket) => {
          this.#strike(ticket.processId);
          this.#redeem(ticket, act.client, act.party);
        });
        break;
      case "repeat":
        this.#with(this.#requests, act.attempt, (request) => this.#present(request));
        break;
      case "introspect":
        this.#with(this.#tickets, act.ticket, ({ processId }) => this.#introspect(processId));
        break;
      case "refresh":
        this.#with(this.#tickets, act.ticket, ({ processId }) => this.#refresh(processId));
        break;
      case "revoke":
        this.#with(this.#tickets, act.ticket, ({ processId }) => this.#revoke(processId));
        break;
      case "change":
        this.#change(this.#draw("operation"), act.change);
        break;
      case "changeAgain":
        this.#with(this.operations, act.operation, ({ id, change, at }) => {
          if (this.#now - at < ANSWERS_KEPT_SECONDS) this.#change(id, change);
        });
        break;
      case "cut":
        this.#cut(act.cut);
        break;
      case "alarm":
        this.#ring();
        break;
    }
  }

  /** What happens around the ledger. */
  async #aside(act: Act): Promise<void> {
    if (act.do === "down") this.#traffic.down = act.down;
    if (act.do === "lose") await this.#traffic.lose(act.pick);
    if (act.do === "deliverLate") this.#traffic.deliverLate(act.pick);
    if (act.do === "pass") await this.#pass(act.seconds);
    if (act.do === "crash" && this.#crashes < MAX_CRASHES) this.#crash();
  }

  #wakeUp(): Ledger {
    this.#life += 1;
    const life = this.#life;
    const { sql, kv } = this.#storage;
    return new Ledger({
      storage: {
        sql,
        kv,
        transactionSync: (block) => {
          if (life !== this.#life) throw new Error("a dead ledger touched its storage");
          return this.#storage.transactionSync(block);
        },
        getAlarm: async () => this.#alarmAt && this.#alarmAt * 1_000,
        setAlarm: async (at) => {
          this.#alarmAt = Number(at) / 1_000;
        },
      },
      record: this.record,
      sealer: {
        seal: async (...sealed) => this.#traffic.pause(await plainSealer.seal(...sealed)),
        open: async (...sealed) => this.#traffic.pause(await plainSealer.open(...sealed)),
      },
      trustedIssuers: { findByIssuer: async (issuer) => this.#traffic.pause(trustedIssuer(issuer)) },
      settings: { rptLifetime: 300, partialGrants: true, replayWithdraws: true },
      now: () => this.#now,
      sleep: (seconds) => this.#traffic.sleepUntil(this.#now + seconds),
    });
  }

  #crash(): void {
    this.#crashes += 1;
    this.#traffic.abandon();
    this.#ledger = this.#wakeUp();
    // An alarm that did not end rings again.
    if (this.#alarmRuns) this.#alarmAt = this.#now;
    this.#alarmRuns = false;
  }

  async #pass(seconds: number): Promise<void> {
    this.#now += seconds;
    await this.#traffic.wake(this.#now);
    if (this.#alarmAt !== null && this.#alarmAt <= this.#now) this.#ring();
  }

  #ring(): void {
    if (this.#alarmRuns) return;
    const life = this.#life;
    this.#alarmAt = null;
    this.#alarmRuns = true;
    void this.#ledger.alarm().then(() => {
      if (life === this.#life) this.#alarmRuns = false;
    });
  }

  /** Everything arrives, and who sleeps sleeps it out. */
  async #settle(): Promise<void> {
    for (let arrivals = 0; arrivals < 1_000; arrivals += 1) {
      if (await this.#traffic.let(0)) continue;
      const waking = this.#traffic.firstWaking();
      if (waking === null) return;
      this.#now = Math.max(this.#now, waking);
      await this.#traffic.wake(this.#now);
    }
    throw new Error("it never becomes quiet");
  }

  /** The outage ends, all latecomers arrive, and the alarm does its work. */
  async #recover(): Promise<void> {
    this.#traffic.down = false;
    for (let late = 0; late < 100; late += 1) this.#traffic.deliverLate(0);
    await this.#settle();
    for (let rings = 0; rings < 3; rings += 1) {
      this.#ring();
      await this.#settle();
    }
  }

  #redeem(ticket: PermissionTicket, clientId: string, party: string | null): void {
    const request: RedeemRequest = {
      attemptId: this.#draw("attempt"),
      ticket,
      client: { id: clientId, authenticated: true, registeredScopes: [], mayRefresh: true },
      requestedScopes: [],
      pushed: party === null ? null : PARTIES[party as keyof typeof PARTIES],
      anonymousReference: `anonymous-${ticket.processId}`,
      caller: { country: null, address: null },
      refusal: null,
    };
    this.#requests.push(request);
    this.#present(request);
  }

  /** A repeat of an attempt is the same redemption, so it counts from when the attempt was first begun. */
  #present(request: RedeemRequest): void {
    const first = this.#firstBegun.get(request.attemptId) ?? this.#begin();
    this.#firstBegun.set(request.attemptId, first);
    const { processId } = request.ticket;
    const party = joinClaims(this.#gathered.get(processId) ?? null, request.pushed?.claims ?? null);
    this.#watch(
      this.#ledger.redeem(request),
      (reply) => {
        if (reply.outcome === "need_info") {
          this.#gathered.set(processId, party);
          this.#tickets.push(this.#next(request));
        }
        return { what: "redeemed", request, party, reply };
      },
      first,
    );
  }

  #introspect(grantId: string): void {
    const generation = this.record.content.connections[RS] ?? 0;
    const caller = { ownerId: OWNER, clientId: RS, generation, scopes: [] };
    const tokenExpiresAt = this.#now + 300;
    this.#watch(this.#ledger.introspect({ caller, grantId, tokenExpiresAt }), (reply) => {
      const permissions = reply.outcome === "active" ? reply.permissions : reply.outcome === "inactive" ? [] : null;
      return { what: "shown", grantId, permissions, refreshed: false };
    });
  }

  #refresh(grantId: string): void {
    const clientId = this.#clientOf(grantId);
    const attemptId = this.#draw("attempt");
    const request = { attemptId, clientId, grantId, generation: 0, rotate: false, scopes: null };
    this.#watch(this.#ledger.refresh(request), (reply) => {
      const permissions = reply.outcome === "refreshed" ? reply.rpt.permissions : null;
      return { what: "shown", grantId, permissions, refreshed: true };
    });
  }

  #cut(cut: Cut): void {
    this.#strike(null);
    this.#watch(this.#ledger.cut(this.#draw("cut"), cut, null), () => ({ what: "cut", cut }));
  }

  #revoke(grantId: string): void {
    this.#strike(grantId);
    this.#watch(this.#ledger.revoke(this.#clientOf(grantId), grantId), () => ({ what: "ended", grantId }));
  }

  #change(id: string, change: Change): void {
    const { begun, from } = this.#begin();
    this.operations.push({ id, change, begun, at: from });
    this.#watch(this.#ledger.change(id, change, null), (reply) => {
      const epoch = this.book().find(({ operation_id }) => operation_id === id)?.epoch ?? 0;
      this.#answered = Math.max(this.#answered, epoch);
      return { what: "changed", operationId: id, change, reply };
    });
  }

  #strike(grantId: string | null): void {
    this.strokes.push({ ...this.#begin(), grantId });
  }

  /** Notes what came of a call, if its caller still lives to hear it. */
  #watch<T>(call: Promise<T>, see: (reply: T) => DistributiveOmit<Seen, keyof Span>, first = this.#begin()): void {
    const life = this.#life;
    const fail = (error: unknown) => this.thrown.push(String(error));
    void call.then((reply) => {
      if (life !== this.#life) return;
      const until = Math.max(0, ...this.book().map(({ epoch }) => epoch ?? 0));
      this.#moment += 1;
      this.seen.push({ ...first, ended: this.#moment, until, to: this.#now, ...see(reply) });
    }, fail);
  }

  #begin(): Pick<Span, "begun" | "since" | "from"> {
    this.#moment += 1;
    return { begun: this.#moment, since: this.#answered, from: this.#now };
  }

  #ticket(permissions: PermissionTicket["permissions"]): PermissionTicket {
    const ticket: PermissionTicket = {
      id: this.#draw("ticket"),
      processId: this.#draw("process"),
      step: 0,
      ledger: OWNER,
      resourceServerId: RS,
      rptFormat: "jwt",
      clientId: null,
      permissions,
      expiresAt: this.#now + 300,
    };
    this.#tickets.push(ticket);
    return ticket;
  }

  #next({ ticket, client }: RedeemRequest): PermissionTicket {
    return {
      ...ticket,
      id: this.#draw("ticket"),
      step: ticket.step + 1,
      clientId: client.id,
      expiresAt: this.#now + 300,
    };
  }

  #clientOf(grantId: string): string {
    const row = [...this.#storage.sql.exec("SELECT client_id FROM grants WHERE id = ?", grantId)][0];
    return String(row?.client_id ?? CLIENTS[0]);
  }

  /** The later ones more often: what was made last is what is still alive. */
  #with<T>(list: readonly T[], pick: number, use: (one: T) => void): void {
    const one = list[list.length - 1 - (pick % Math.min(list.length, 4))];
    if (one !== undefined) use(one);
  }

  #draw(kind: string): string {
    this.#drawn += 1;
    return `${kind}-${this.#drawn}`;
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
