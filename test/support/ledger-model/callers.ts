import { type Author, type Change, type Cut, OPERATOR } from "../../../src/ledger/change.ts";
import type { DecideRequest, OwnerLedger, RedeemRequest, RefreshRequest } from "../../../src/ledger/contract.ts";
import type { LedgerStorage } from "../../../src/ledger/storage.ts";
import type { PartyClaims } from "../../../src/protocol/claims.ts";
import type { ConnectedCaller } from "../../../src/protocol/connection.ts";
import { joinClaims } from "../../../src/protocol/party.ts";
import type { PermissionTicket } from "../../../src/protocol/ticket.ts";
import type { FaultyRecord } from "../faulty-record.ts";
import { OWNER, RS } from "../ledger-stage.ts";
import type { Beginning, BookRow, PendingRow, Seen, Unspanned } from "./seen.ts";
import { type Act, ASKS, CLIENTS, PARTIES } from "./steps.ts";

/** An operation that came to nothing is remembered this long; whoever sends it later makes it anew. */
const ANSWERS_KEPT_SECONDS = 86_400;

/** A revoked token of this life is remembered for longer than histories last. */
const TOKEN_SECONDS = 10_000_000;

/** How many live grants a party may have through one client. */
export const GRANTS_PER_PARTY = 20;
const NOWHERE = { country: null, address: null };

/** A change that was asked for. */
interface Operation {
  readonly id: string;
  readonly change: Change;
  readonly author: Author;
  readonly begun: number;
  readonly at: number;
}

export interface Clock {
  /** Epoch seconds. */
  now: number;
}

/** Everybody who calls a ledger, and what they saw of it. Who calls a ledger that dies hears nothing. */
export class Callers {
  readonly seen: Seen[] = [];
  /** The operations of all changes, in the order in which they were begun. */
  readonly operations: Operation[] = [];
  /** The decisions of administrators, in the order in which they were begun. */
  readonly decisions: { readonly id: string; readonly request: DecideRequest }[] = [];
  /** Clients that the operator has removed, in the record and then in the ledger. */
  readonly removed: { readonly clientId: string; readonly operationId: string }[] = [];
  /** Whatever could end a grant besides changes, answered or not; of which grant: null for any; by which upgrade, if it was one. */
  readonly strokes: { readonly begun: number; readonly grantId: string | null; readonly attemptId: string | null }[] =
    [];
  /** Since when a party has come so often through a client that any of its grants may have to go. */
  readonly crowds: { readonly begun: number; readonly clientId: string; readonly party: string }[] = [];
  /** When the ledger was full, from one moment to another. */
  readonly fillings: { readonly since: number; until: number }[] = [];
  /** What calls threw; they should have answered. */
  readonly thrown: string[] = [];
  readonly #storage: LedgerStorage;
  readonly #record: FaultyRecord;
  readonly #clock: Clock;
  readonly #requests: RedeemRequest[] = [];
  readonly #tickets: PermissionTicket[] = [];
  readonly #tokens: ConnectedCaller[] = [];
  /** Who the party is as far as its process knows. */
  readonly #gathered = new Map<string, PartyClaims | null>();
  /** The newest generation of a grant's refresh token that a caller heard of. */
  readonly #generations = new Map<string, number>();
  readonly #firstBegun = new Map<string, Beginning>();
  #ledger: OwnerLedger;
  #moment = 0;
  #drawn = 0;
  #answered = 0;

  constructor(storage: LedgerStorage, record: FaultyRecord, clock: Clock, ledger: OwnerLedger) {
    this.#storage = storage;
    this.#record = record;
    this.#clock = clock;
    this.#ledger = ledger;
  }

  /** From now on they call this one. */
  turnTo(ledger: OwnerLedger): void {
    this.#ledger = ledger;
  }

  book(): readonly BookRow[] {
    const rows: unknown = this.#storage.sql
      .exec("SELECT epoch, operation_id, state FROM book ORDER BY sequence")
      .toArray();
    return rows as readonly BookRow[];
  }

  /** Somebody known, by reference, who has a grant and whose card cannot be read by the owner's key. */
  strangersWithGrants(): readonly string[] {
    const { sql, kv } = this.#storage;
    const granted = "SELECT DISTINCT party_reference FROM grants WHERE party_known = 1";
    const known = sql.exec<{ party_reference: string }>(granted).toArray();
    if (known.length === 0) return [];
    const cards = sql.exec<{ reference: string; sealed: string }>("SELECT reference, sealed FROM parties").toArray();
    const isReadable = (reference: string) =>
      cards.some((card) => card.reference === reference && JSON.parse(card.sealed)[0] === kv.get("seal_key"));
    return known.map(({ party_reference }) => party_reference).filter((reference) => !isReadable(reference));
  }

  /** Which clients stand connected in the ledger. */
  connected(): readonly string[] {
    const query = "SELECT client_id FROM connections WHERE active = 1";
    return this.#storage.sql
      .exec<{ client_id: string }>(query)
      .toArray()
      .map(({ client_id }) => client_id);
  }

  /** The most grants that one party has through one client. */
  mostGrants(): number {
    const query = `SELECT count(*) AS n FROM grants WHERE party_known = 1 GROUP BY party_reference, client_id`;
    return Math.max(
      0,
      ...this.#storage.sql
        .exec<{ n: number }>(query)
        .toArray()
        .map(({ n }) => n),
    );
  }

  /** Begins what an act calls for; it ends when its arrivals do. */
  begin(act: Act): void {
    switch (act.do) {
      case "redeem":
        this.#redeem({ ...this.#ticket(ASKS[act.ask % ASKS.length] ?? []) }, act.client, act.party);
        break;
      case "upgrade":
        this.#with(this.#rpts(), act.rpt, (rpt) => this.#upgrade(act, rpt));
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
      case "crowd":
        this.crowds.push({ ...this.#mark(), clientId: act.client, party: act.party });
        for (let count = 0; count <= GRANTS_PER_PARTY; count += 1) {
          this.#redeem({ ...this.#ticket(ASKS[0] ?? []) }, act.client, act.party);
        }
        break;
      case "full":
        this.#fill(act.full);
        break;
      case "rotate":
        this.#with(this.#tickets, act.ticket, ({ processId }) => this.#rotate(processId, act.back));
        break;
      case "introspect":
        this.#with(this.#tickets, act.ticket, ({ processId }) => this.#introspect(processId, this.#newToken()));
        break;
      case "inspect":
        this.#with(this.#tickets, act.ticket, ({ processId }) => {
          this.#with(this.#tokens, act.token, (caller) => this.#introspect(processId, caller));
        });
        break;
      case "revokeToken":
        this.#with(this.#tokens, act.token, (caller) => this.#revokeToken(caller));
        break;
      case "meddle":
        this.#change(this.#draw("meddling"), act.change, { by: "caller", caller: this.#newToken() });
        break;
      case "removeClient":
        this.#removeClient(act.client);
        break;
      case "refresh":
        this.#with(this.#tickets, act.ticket, ({ processId }) => this.#refresh(processId));
        break;
      case "revoke":
        this.#with(this.#tickets, act.ticket, ({ processId }) => this.#revoke(processId));
        break;
      case "endGrant":
        this.#with(this.#tickets, act.ticket, ({ processId }) => this.#endGrant(processId));
        break;
      case "list":
        this.#list();
        break;
      case "change":
        this.#change(this.#draw("operation"), act.change, OPERATOR);
        break;
      case "changeAgain":
        this.#with(this.operations, act.operation, ({ id, change, author, at }) => {
          if (this.#clock.now - at < ANSWERS_KEPT_SECONDS) this.#change(id, change, author);
        });
        break;
      case "cut":
        this.#cut(act.cut);
        break;
      case "decide":
        this.#with(this.pending(), act.request, (pending) => this.#decideFirst(pending, act.yes));
        break;
      case "decideAgain":
        this.#with(this.decisions, act.decision, ({ id, request }) => this.#decide(id, request));
        break;
    }
  }

  /** The RPTs that callers were told of. */
  #rpts(): readonly Extract<Seen, { what: "redeemed" }>[] {
    return this.seen.flatMap((one) => (one.what === "redeemed" && one.reply.outcome === "granted" ? [one] : []));
  }

  #upgrade({ ask, scopes, by }: Extract<Act, { do: "upgrade" }>, old: Extract<Seen, { what: "redeemed" }>): void {
    if (old.reply.outcome !== "granted") return;
    const { grantId, expiresAt } = old.reply.rpt;
    const attemptId = this.#draw("attempt");
    this.#strike(grantId, attemptId);
    const { client, party } = by === "the same" ? { client: old.request.client.id, party: nameOf(old.party) } : by;
    const ticket = this.#ticket(ASKS[ask % ASKS.length] ?? []);
    this.#redeem(ticket, client, party, { attemptId, rpt: { grantId, expiresAt, scopes } });
  }

  #redeem(
    ticket: PermissionTicket,
    clientId: string,
    party: string | null,
    more: Pick<RedeemRequest, "attemptId" | "rpt"> = { attemptId: this.#draw("attempt") },
  ): void {
    const request: RedeemRequest = {
      ticket,
      client: { id: clientId, authenticated: true, registeredScopes: [], mayRefresh: true, mayPushClaims: true },
      requestedScopes: [],
      pushed: party === null ? null : PARTIES[party as keyof typeof PARTIES],
      claimTokenFault: null,
      anonymousReference: `anonymous-${ticket.processId}`,
      whereabouts: NOWHERE,
      source: "",
      refusal: null,
      ...more,
    };
    this.#requests.push(request);
    this.#present(request);
  }

  /** A repeat of an attempt is the same redemption, so it counts from when the attempt was first begun. */
  #present(request: RedeemRequest): void {
    const first = this.#firstBegun.get(request.attemptId) ?? this.#mark();
    this.#firstBegun.set(request.attemptId, first);
    const { processId } = request.ticket;
    const party = joinClaims(this.#gathered.get(processId) ?? null, request.pushed?.claims ?? null);
    this.#watch(
      this.#ledger.redeem(request),
      (reply) => {
        if (reply.outcome === "need_info" || reply.outcome === "submitted") {
          this.#gathered.set(processId, party);
          this.#tickets.push(this.#next(request));
        }
        return { what: "redeemed", request, party, reply };
      },
      first,
    );
  }

  /** An access token as the resource server gets it: under the connection as the record has it. */
  #newToken(): ConnectedCaller {
    const generation = this.#record.content.connections[RS] ?? 0;
    const caller = { ownerId: OWNER, clientId: RS, generation, tokenId: this.#draw("token"), scopes: [] };
    this.#tokens.push(caller);
    return caller;
  }

  #revokeToken(caller: ConnectedCaller): void {
    const { clientId, tokenId } = caller;
    const expiresAt = this.#clock.now + TOKEN_SECONDS;
    this.#change(
      this.#draw("revocation"),
      { kind: "revoke_token", clientId, tokenId, expiresAt },
      { by: "caller", caller },
    );
  }

  /** The record is written first, so that no connection is made to the client behind the back of its removal. */
  #removeClient(clientId: string): void {
    const { content } = this.#record;
    this.#record.content = { ...content, removedClients: [...content.removedClients, clientId] };
    const operationId = this.#draw("removal");
    this.removed.push({ clientId, operationId });
    this.#change(operationId, { kind: "end_connection", clientId, resources: "remove" }, OPERATOR);
  }

  #introspect(grantId: string, caller: ConnectedCaller): void {
    const tokenExpiresAt = this.#clock.now + 300;
    this.#watch(this.#ledger.introspect({ caller, grantId, tokenExpiresAt }), (reply) => {
      const permissions = reply.outcome === "active" ? reply.permissions : reply.outcome === "inactive" ? [] : null;
      return { what: "shown", grantId, permissions, by: { how: "introspected", caller } };
    });
  }

  #fill(full: boolean): void {
    const last = this.fillings.at(-1);
    const { begun } = this.#mark();
    if (full && last?.until !== Number.POSITIVE_INFINITY) {
      this.fillings.push({ since: begun, until: Number.POSITIVE_INFINITY });
    }
    if (!full && last) last.until = Math.min(last.until, begun);
  }

  get isFull(): boolean {
    return this.fillings.at(-1)?.until === Number.POSITIVE_INFINITY;
  }

  /** A generation that is too old ends the grant, and an answer that was lost leaves its caller with one. */
  #rotate(grantId: string, back: number): void {
    this.#strike(grantId);
    const presented = Math.max(0, this.#generationOf(grantId) - back);
    this.#watch(this.#ledger.refresh(this.#refreshing(grantId, presented, true)), (reply) => {
      const given = reply.outcome === "refreshed" ? (reply.rpt.refreshGeneration ?? 0) : 0;
      this.#generations.set(grantId, Math.max(given, this.#generationOf(grantId)));
      return { what: "rotated", grantId, presented, reply };
    });
  }

  #generationOf(grantId: string): number {
    return this.#generations.get(grantId) ?? 0;
  }

  #refreshing(grantId: string, generation: number, rotate: boolean): RefreshRequest {
    const clientId = this.#clientOf(grantId);
    const attemptId = this.#draw("attempt");
    return { attemptId, clientId, grantId, generation, rotate, scopes: null, whereabouts: NOWHERE };
  }

  #refresh(grantId: string): void {
    if (this.strokes.some((stroke) => stroke.grantId === grantId)) this.#strike(grantId);
    const request = this.#refreshing(grantId, this.#generationOf(grantId), false);
    this.#watch(this.#ledger.refresh(request), (reply) => {
      const permissions = reply.outcome === "refreshed" ? reply.rpt.permissions : null;
      const invalid = reply.outcome === "invalid";
      return { what: "shown", grantId, permissions, by: { how: "refreshed", invalid } };
    });
  }

  #cut(cut: Cut): void {
    this.#strike(null);
    this.#watch(this.#ledger.cut(this.#draw("cut"), cut, OPERATOR), () => ({ what: "cut", cut }));
  }

  #revoke(grantId: string): void {
    this.#strike(grantId);
    this.#watch(this.#ledger.revoke(this.#clientOf(grantId), grantId), () => ({
      what: "ended",
      grantId,
      by: "client",
    }));
  }

  #endGrant(grantId: string): void {
    this.#strike(grantId);
    this.#watch(this.#ledger.endGrant(this.#newToken(), grantId), ({ outcome }) => {
      return { what: "ended", grantId: outcome === "not_connected" ? null : grantId, by: "owner" };
    });
  }

  #list(): void {
    const caller = this.#newToken();
    const anything = { clientId: null, partyReference: null, resourceId: null, after: null, limit: 200 };
    this.#watch(this.#ledger.grants({ caller, ...anything }), (reply) => {
      if (reply.outcome !== "listed") return { what: "listed", caller, grants: null, isWhole: false };
      const grants = new Map(reply.items.map(({ id, permissions }) => [id, permissions]));
      return { what: "listed", caller, grants, isWhole: reply.next === null };
    });
  }

  #change(id: string, change: Change, author: Author): void {
    const { begun, from } = this.#mark();
    this.operations.push({ id, change, author, begun, at: from });
    this.#watch(this.#ledger.change(id, change, author), (reply) => {
      const epoch = this.book().find(({ operation_id }) => operation_id === id)?.epoch ?? 0;
      this.#answered = Math.max(this.#answered, epoch);
      return { what: "changed", operationId: id, change, author, reply };
    });
  }

  /** What waits for the owner, or was decided of late. */
  pending(): readonly PendingRow[] {
    const query = "SELECT 1 FROM sqlite_master WHERE name = 'pending_requests'";
    if (this.#storage.sql.exec(query).toArray().length === 0) return [];
    const rows: unknown = this.#storage.sql
      .exec("SELECT id, status, version FROM pending_requests ORDER BY sequence")
      .toArray();
    return rows as readonly PendingRow[];
  }

  #decideFirst({ id: requestId, version }: PendingRow, yes: boolean): void {
    const decision = yes ? ({ kind: "approve", allowed: null, until: null } as const) : ({ kind: "refuse" } as const);
    const policyIds = ASKS.map(() => this.#draw("approval"));
    const request = { requestId, version, decision, word: null, policyIds };
    const id = this.#draw("decision");
    this.decisions.push({ id, request });
    this.#decide(id, request);
  }

  #decide(operationId: string, request: DecideRequest): void {
    this.#watch(this.#ledger.decide(operationId, request, OPERATOR), (reply) => {
      return { what: "decided", operationId, request, reply };
    });
  }

  #strike(grantId: string | null, attemptId: string | null = null): void {
    this.strokes.push({ ...this.#mark(), grantId, attemptId });
  }

  /** Notes what came of a call, if its caller still lives to hear it. */
  #watch<T>(call: Promise<T>, see: (reply: T) => Unspanned<Seen>, first = this.#mark()): void {
    const ledger = this.#ledger;
    const fail = (error: unknown) => this.thrown.push(String(error));
    void call.then((reply) => {
      if (ledger !== this.#ledger) return;
      this.#moment += 1;
      this.seen.push({ ...first, ended: this.#moment, until: this.#lastEpoch(), to: this.#clock.now, ...see(reply) });
    }, fail);
  }

  #mark(): Beginning {
    this.#moment += 1;
    const pending = this.book().flatMap(({ epoch, state }) => (state === "pending" ? [epoch ?? 0] : []));
    const settled = pending.length > 0 ? Math.min(...pending) - 1 : this.#lastEpoch();
    return { begun: this.#moment, since: this.#answered, settled, from: this.#clock.now };
  }

  #lastEpoch(): number {
    return Math.max(0, ...this.book().map(({ epoch }) => epoch ?? 0));
  }

  #ticket(permissions: PermissionTicket["permissions"]): PermissionTicket {
    const ticket: PermissionTicket = {
      id: this.#draw("ticket"),
      processId: this.#draw("process"),
      step: 0,
      ledger: OWNER,
      resourceServerId: RS,
      connectionGeneration: this.#record.content.connections[RS] ?? 0,
      tokenId: null,
      rptFormat: "jwt",
      clientId: null,
      permissions,
      expiresAt: this.#clock.now + 300,
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
      tokenId: null,
      expiresAt: this.#clock.now + 300,
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

/** Under which name a party is pushed. */
function nameOf(party: PartyClaims | null): string | null {
  return Object.keys(PARTIES).find((name) => name === party?.subject) ?? null;
}
