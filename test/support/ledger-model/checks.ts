import type { Notice, ToldNotice } from "../../../src/events/notice.ts";
import type { Change, Cut } from "../../../src/ledger/change.ts";
import { decide } from "../../../src/policy/evaluation/deliberation.ts";
import { ANYBODY } from "../../../src/policy/evaluation/witnesses.ts";
import type { PermissionBody } from "../../../src/protocol/wire/permission.ts";
import type { Quotas } from "../../../src/shared/quotas.ts";
import type { TakenEpoch } from "../faulty-record.ts";
import { applyChange, findResource, type RecordContent } from "../record-content.ts";
import { type Callers, GRANTS_PER_PARTY } from "./callers.ts";
import type { Seen } from "./seen.ts";
import type { ModelWorld } from "./world.ts";

type Redeemed = Extract<Seen, { what: "redeemed" }>;
type Changed = Extract<Seen, { what: "changed" }>;
type Shown = Extract<Seen, { what: "shown" }>;

type Listed = Extract<Seen, { what: "listed" }>;

/** A refresh token that nobody used for longer may have ended by itself. */
const IDLE_SECONDS = 10 * 86_400;

/** A grant that a client was told of. */
interface Told {
  readonly redeemed: Redeemed;
  /** What was decided when it was made. */
  readonly held: readonly string[];
  /** The epoch of the policies that it was judged by: the last that fits. */
  readonly epoch: number;
  /** What it holds besides: what was left of another one, whose RPT was upgraded. */
  readonly carried: Told | null;
}

/** What a grant holds, by what it was decided on. */
function partsOf(told: Told): readonly Told[] {
  return [told, ...(told.carried ? partsOf(told.carried) : [])];
}

function heldBy(told: Told): readonly string[] {
  return partsOf(told).flatMap(({ held }) => held);
}

/** The same grant with no more than these. */
function limit(told: Told, names: readonly string[]): Told {
  const held = told.held.filter((name) => names.includes(name));
  return { ...told, held, carried: told.carried && limit(told.carried, names) };
}

/** A list shows each of its grants, and one with everything shows of all others that they hold nothing. */
function showEach(list: Listed, told: ReadonlyMap<string, Told>): readonly Shown[] {
  const { grants, isWhole, caller, ...span } = list;
  if (grants === null) return [];
  const ids = isWhole ? new Set([...told.keys(), ...grants.keys()]) : grants.keys();
  const by = { how: "introspected", caller } as const;
  return Array.from(ids, (id) => ({ ...span, what: "shown", grantId: id, permissions: grants.get(id) ?? [], by }));
}

/** How much a history had to say; a model that never sees a grant proves nothing. */
export interface Weight {
  readonly grants: number;
  readonly shown: number;
  readonly calm: number;
  readonly upgrades: number;
}

/**
 * Holds what the world saw of a ledger against what a ledger promises, with hindsight: the record has taken everything
 * by now, so the policies of every moment are known.
 *
 * @throws Error naming the promise that was broken
 */
export class Checks {
  readonly #callers: Callers;
  readonly #start: RecordContent;
  readonly #quotas: Quotas;
  readonly #history: readonly TakenEpoch[];
  readonly #voids: ReadonlySet<number>;
  readonly #notices: readonly ToldNotice[];

  constructor(world: ModelWorld, start: RecordContent) {
    this.#callers = world.callers;
    this.#start = start;
    this.#quotas = world.record.quotas;
    this.#history = world.record.history;
    this.#notices = world.told;
    const idle = this.#history.filter(({ result }) => result?.outcome !== "done");
    this.#voids = new Set(idle.map(({ epoch }) => epoch));
  }

  run(): Weight {
    promise(`every call is answered, but one threw ${this.#callers.thrown}`, this.#callers.thrown.length === 0);
    this.#checkRecord();
    this.#checkOrder();
    this.#checkNotices();
    const told = this.#checkRedemptions();
    this.#checkRoom();
    const strangers = this.#callers.strangersWithGrants();
    promise(`the owner can read who has a grant, but not of ${strangers}`, strangers.length === 0);
    this.#checkRotations();
    this.#checkDecisions();
    const shown = [...this.#all("shown"), ...this.#all("listed").flatMap((list) => showEach(list, told))];
    let calm = 0;
    for (const one of shown) {
      const grant = told.get(one.grantId);
      if (!grant || one.permissions === null) continue;
      this.#checkShown(grant, one);
      if (one.by.how === "introspected" && this.#isCalm(grant, one)) {
        calm += 1;
        this.#checkKept(grant, one);
      }
    }
    for (const one of shown) this.#checkRefused(told.get(one.grantId), one);
    this.#checkTokens(shown);
    this.#checkAuthors();
    this.#checkShrinking(shown.filter(({ grantId, begun }) => begun > (told.get(grantId)?.redeemed.ended ?? Infinity)));
    const upgrades = [...told.values()].filter(({ carried }) => carried !== null && heldBy(carried).length > 0).length;
    return { grants: told.size, shown: shown.length, calm, upgrades };
  }

  /** The record has every booked change, in the book's order, and says of each what its owner was told. */
  #checkRecord(): void {
    const booked = this.#callers.book().filter(({ epoch }) => epoch !== null);
    promise("every booked change reaches the record", booked.at(-1)?.epoch === this.#history.length);
    for (const [index, taken] of this.#history.entries()) {
      const { epoch, operationId, result } = taken;
      promise("epochs follow each other", epoch === index + 1);
      const entry = booked.find((one) => one.epoch === epoch);
      if (!entry) continue;
      promise(
        "the record has what was booked",
        [entry.operation_id, `void:${entry.operation_id}`].includes(operationId),
      );
      promise(
        "the book knows what came of it",
        (entry.state === "done") === (result?.outcome === "done") || isMoot(taken),
      );
    }
    for (const changed of this.#all("changed")) {
      const { operationId, reply } = changed;
      const [taken, ...again] = this.#history.filter((one) => one.operationId === operationId);
      promise("one operation is taken at most once", again.length === 0);
      if (this.#isForeseen(changed) || isNotAllowed(changed)) continue;
      const told = reply.outcome === "pending" || same(reply, taken?.result) || (taken !== undefined && isMoot(taken));
      promise("one operation has one answer", taken !== undefined && told);
    }
  }

  /** What the record would have refused at some moment within the call need not be booked. */
  #isForeseen({ change, reply, since, until }: Changed): boolean {
    if (reply.outcome !== "not_found" && reply.outcome !== "version_mismatch") return false;
    return this.#epochs(since, until).some((epoch) => {
      const numbered = { epoch: epoch + 1, operationId: "", change, at: 0, administrator: null };
      return same(applyChange(this.#contentAt(epoch), numbered, this.#quotas).result, reply);
    });
  }

  /** Whatever the ledger died of, others hear of each end, and of none that was not. */
  #checkNotices(): void {
    const ids = (told: string) =>
      new Set(this.#notices.filter(({ notice }) => toldOf(notice) === told).map(({ id }) => id));
    const ended = this.#history.flatMap(({ change, result }) => {
      return change !== null && result?.outcome === "done" ? (endOf(change.change) ?? []) : [];
    });
    for (const end of new Set([...ended, ...this.#notices.flatMap(({ notice }) => toldOf(notice) ?? [])])) {
      const times = ended.filter((other) => other === end).length;
      promise(`others are told once of: ${end}`, ids(end).size === times);
    }
  }

  /** A change that was answered before another began comes before it. */
  #checkOrder(): void {
    const epochOf = new Map(this.#history.map(({ operationId, epoch }) => [operationId, epoch]));
    for (const changed of this.#all("changed")) {
      const { operationId, ended } = changed;
      // It was never booked, so whoever sends it again makes it anew.
      if (this.#isForeseen(changed)) continue;
      const booked = this.#callers.operations.filter(({ id }) => id === operationId).map(({ begun }) => begun);
      const later = this.#all("changed").filter(
        (one) => one.begun > ended && this.#firstBegun(one.operationId) > ended,
      );
      for (const one of later) {
        const inOrder = (epochOf.get(operationId) ?? 0) < (epochOf.get(one.operationId) ?? Infinity);
        promise("changes are recorded in the order of their answers", booked.length === 0 || inOrder);
      }
    }
  }

  #firstBegun(operationId: string): number {
    return Math.min(...this.#callers.operations.filter(({ id }) => id === operationId).map(({ begun }) => begun));
  }

  /** A ticket gives one grant, and only what the policies of a moment within the call allowed. */
  #checkRedemptions(): ReadonlyMap<string, Told> {
    const told = new Map<string, Told>();
    for (const redeemed of this.#all("redeemed")) {
      if (redeemed.reply.outcome !== "granted") continue;
      const { grantId, permissions } = redeemed.reply.rpt;
      const before = told.get(grantId)?.redeemed.request;
      promise(
        "a ticket is granted once",
        (before?.attemptId ?? redeemed.request.attemptId) === redeemed.request.attemptId,
      );
      if (told.has(grantId)) continue;
      const carried = this.#checkUpgrade(redeemed, told);
      const held = namesOf(redeemed.reply.added ?? permissions);
      const epoch = this.#epochs(redeemed.since, redeemed.until).findLast((one) => this.#allows(one, redeemed, held));
      promise("nothing is granted that no policy of the moment allowed", epoch !== undefined);
      told.set(grantId, { redeemed, held, epoch: epoch ?? 0, carried });
    }
    this.#checkSurrenders(told);
    return told;
  }

  /**
   * What an upgraded RPT brings along its own grant would have shown at that moment, to the same party by the same client.
   * @returns what was carried over; null: nothing was upgraded
   */
  #checkUpgrade(redeemed: Redeemed, told: ReadonlyMap<string, Told>): Told | null {
    const { request, party, reply } = redeemed;
    const old = told.get(request.rpt?.grantId ?? "");
    if (reply.outcome !== "granted" || !request.rpt || !old) {
      promise("nothing is upgraded but an RPT", reply.outcome !== "granted" || reply.added === undefined);
      return null;
    }
    const isSame = old.redeemed.request.client.id === request.client.id && isSameParty(old.redeemed, party);
    const { added } = reply;
    if (added === undefined) {
      const stated = limit(old, statedBy(request.rpt, heldBy(old)));
      const isCalm = isSame && this.#isCalm(stated, shownBy(redeemed));
      promise("an RPT that can be upgraded is", !isCalm || this.#left(stated, redeemed.to).length === 0);
      return null;
    }
    promise("an upgrade is for the same party and client", isSame);
    const names = namesOf(added);
    const permissions = withoutNames(reply.rpt.permissions, names);
    const brought = namesOf(permissions);
    promise("an upgrade brings what the RPT states", same(statedBy(request.rpt, brought), brought));
    this.#checkShown(old, { ...shownBy(redeemed), permissions });
    return limit(
      old,
      heldBy(old).filter((name) => !names.includes(name) && statedBy(request.rpt, [name]).length > 0),
    );
  }

  /** Whatever happens at the same time, what a grant held is in one place. */
  #checkSurrenders(told: ReadonlyMap<string, Told>): void {
    const places = new Map<string, string>();
    for (const { redeemed } of told.values()) {
      const { request, reply } = redeemed;
      if (reply.outcome !== "granted" || reply.added === undefined) continue;
      for (const name of namesOf(withoutNames(reply.rpt.permissions, namesOf(reply.added)))) {
        const key = `${request.rpt?.grantId} ${name}`;
        promise("what an RPT held goes into one other", !places.has(key));
        places.set(key, reply.rpt.grantId);
      }
    }
  }

  /** A full ledger grants nothing, whoever asks; and nobody has more grants than fit. */
  #checkRoom(): void {
    for (const { begun, ended, reply } of this.#all("redeemed")) {
      const whileFull = this.#callers.fillings.some(({ since, until }) => since < begun && ended < until);
      promise("a full ledger grants nothing", !whileFull || reply.outcome !== "granted");
    }
    promise("live grants are capped", this.#callers.mostGrants() <= GRANTS_PER_PARTY);
  }

  /** However often and by however many it is presented, a generation gives the next one and no other. */
  #checkRotations(): void {
    for (const { presented, reply } of this.#all("rotated")) {
      const given = reply.outcome === "refreshed" ? reply.rpt.refreshGeneration : presented + 1;
      promise("a refresh token gives the next one", given === presented + 1);
    }
  }

  /**
   * Of one request one decision stands, whoever else decides at the same time, and it is not lost: a yes has its policies in
   * the record, unless that refused one for good, in which case the request waits again. No policy comes of a no.
   */
  #checkDecisions(): void {
    const standing = new Map<string, string>();
    for (const { operationId, request, reply } of this.#all("decided")) {
      if (reply.outcome !== "decided") continue;
      const results = this.#policiesOf(operationId).map(({ result }) => result?.outcome);
      const { kind } = request.decision;
      promise("no policy comes of a no", kind === "approve" || results.length === 0);
      promise("a yes comes to policies", kind === "refuse" || results.length > 0);
      if (results.some((outcome) => outcome !== "done")) continue;
      const other = standing.get(request.requestId) ?? operationId;
      promise("a decision is taken once", other === operationId);
      standing.set(request.requestId, operationId);
      const row = this.#callers.pending().find(({ id }) => id === request.requestId);
      promise("no decision is lost", row === undefined || row.status !== "waiting");
    }
    const approved = this.#callers.decisions.filter(({ request }) => request.decision.kind === "approve");
    const yeses = new Set(approved.map(({ id }) => id));
    for (const { operationId } of this.#history) {
      const [decision = "", index] = operationId.replace(/^void:/, "").split("/");
      promise("no policy comes without a yes", index === undefined || yeses.has(decision));
    }
  }

  /** What became of the policies of a decision in the record. */
  #policiesOf(decision: string): readonly TakenEpoch[] {
    return this.#history.filter(({ operationId }) => operationId.replace(/^void:/, "").startsWith(`${decision}/`));
  }

  #allows(epoch: number, redeemed: Redeemed, held: readonly string[]): boolean {
    const allowed = [redeemed.from, redeemed.to].map((at) => this.#allowed(epoch, redeemed, held, at));
    return allowed.some((names) => names.length === held.length);
  }

  /** Which of these the policies of an epoch allow. */
  #allowed(epoch: number, { request, party }: Redeemed, held: readonly string[], now: number): readonly string[] {
    const content = this.#contentAt(epoch);
    const { policies, groups } = content;
    return held.filter((name) => {
      const [resourceId = "", scope = ""] = name.split(":");
      const resource = findResource(content, resourceId);
      if (!resource) return false;
      const facts = {
        party,
        clientId: request.client.id,
        witnesses: ANYBODY,
        groups: new Map(Object.entries(groups)),
        whereabouts: { country: null, address: null },
        usesLeft: () => 1,
        agreements: [],
        now,
      };
      return decide(Object.values(policies), resource, scope, facts).outcome === "permit";
    });
  }

  /** What is shown of a grant was granted, has not ended, and is allowed by every change answered since. */
  #checkShown(told: Told, shown: Shown): void {
    const names = namesOf(shown.permissions ?? []);
    const held = heldBy(told);
    promise(
      "a grant never grows",
      names.every((name) => held.includes(name)),
    );
    for (const part of partsOf(told)) {
      const shownOfIt = names.filter((name) => part.held.includes(name));
      this.#checkPart(part, shownOfIt, { shown, told });
    }
  }

  #checkPart(
    { redeemed, epoch }: Told,
    names: readonly string[],
    { shown, told }: { readonly shown: Shown; readonly told: Told },
  ): void {
    promise("nothing is shown past its end", same(this.#allowed(epoch, redeemed, names, shown.from), names));
    for (const later of this.#epochs(epoch + 1, shown.since)) {
      const { change } = this.#history[later - 1] ?? {};
      if (!change || this.#voids.has(later)) continue;
      promise("what was withdrawn stays withdrawn", same(this.#allowed(later, redeemed, names, change.at), names));
      const { client, ticket } = redeemed.request;
      const apps = [client.id, ticket.resourceServerId];
      const ended = change.change.kind === "end_connection" && apps.includes(change.change.clientId);
      promise("what an app held or served ends with its connection", !ended || names.length === 0);
    }
    const between = this.#callers.seen.filter((one) => one.begun > redeemed.ended && one.ended < shown.begun);
    for (const one of between) {
      const cut = one.what === "cut" ? one.cut : null;
      promise("what was cut off stays off", cut === null || names.every((name) => !cutsOff(cut, redeemed, name)));
      const isItself = one.what === "ended" && one.grantId === shown.grantId && one.begun > told.redeemed.ended;
      const isOrigin = one.what === "ended" && one.by === "owner" && one.grantId === grantOf(redeemed);
      promise("what was revoked stays revoked", !(isItself || isOrigin) || names.length === 0);
      const surrendered = one.what === "redeemed" && one.reply.outcome === "granted" && one.reply.added !== undefined;
      const isOfIt = surrendered && one.request.rpt?.grantId === shown.grantId;
      promise("what was surrendered stays surrendered", !isOfIt || statedBy(one.request.rpt, names).length === 0);
    }
  }

  /** Nothing that could take from the grant was on its way between its making and this look at it. */
  #isCalm(told: Told, shown: Shown): boolean {
    return partsOf(told).every((part) => this.#isPartCalm(part, shown, told));
  }

  #isPartCalm({ redeemed }: Told, shown: Shown, told: Told): boolean {
    const touched = this.#callers.operations.some(({ id, begun, change }) => {
      const elsewhere = change.kind === "update_resource" && change.id === "r3";
      const epoch = this.#epochOf(id);
      // What was never booked takes nothing, nor does what came to nothing, once that is known.
      const over = epoch === null || epoch <= (this.#voids.has(epoch) ? shown.settled : redeemed.settled);
      return begun < shown.ended && !over && !elsewhere;
    });
    return redeemed.ended < shown.begun && !touched && !this.#isStruck(told, shown);
  }

  #isStruck(told: Told, shown: Shown): boolean {
    return partsOf(told).some(({ redeemed }) => this.#isPartStruck(redeemed, told, shown));
  }

  #isPartStruck(redeemed: Redeemed, told: Told, shown: Shown): boolean {
    const { client } = redeemed.request;
    const crowded = this.#callers.crowds.some(({ begun, clientId, party }) => {
      return begun < shown.ended && clientId === client.id && party === redeemed.party?.subject;
    });
    if (crowded) return true;
    const own = new Set([...partsOf(told).map((part) => part.redeemed.request.attemptId), shown.attemptId]);
    return this.#callers.strokes.some(({ begun, grantId, attemptId }) => {
      const isOfIt = grantId === null || grantId === shown.grantId || grantId === grantOf(redeemed);
      return begun > redeemed.begun && begun < shown.ended && isOfIt && !(attemptId !== null && own.has(attemptId));
    });
  }

  #checkKept(told: Told, shown: Shown): void {
    const left = this.#left(told, shown.to);
    promise("a grant stands until it is withdrawn", same(namesOf(shown.permissions ?? []).toSorted(), left));
  }

  /** What time alone has left of a grant. */
  #left(told: Told, at: number): readonly string[] {
    return partsOf(told)
      .flatMap(({ epoch, redeemed, held }) => this.#allowed(epoch, redeemed, held, at))
      .toSorted();
  }

  /** Looks at the same grant, one after another, show less and less; but for what a void gives back. */
  #checkShrinking(shown: readonly Shown[]): void {
    for (const one of shown) {
      if (this.#mayReturn(one) || one.permissions === null || one.by.how === "refreshed") continue;
      const before = namesOf(one.permissions);
      for (const later of shown) {
        if (later.grantId !== one.grantId || later.begun < one.ended || later.by.how === "refreshed") continue;
        promise(
          "what is gone is gone",
          namesOf(later.permissions ?? []).every((name) => before.includes(name)),
        );
      }
    }
  }

  /** A change that comes to nothing ends no refresh token, while it is on its way neither. */
  #checkRefused(told: Told | undefined, shown: Shown): void {
    if (!told || shown.by.how !== "refreshed" || !shown.by.invalid) return;
    const { redeemed } = told;
    const settled = Math.min(...partsOf(told).map((part) => part.redeemed.settled));
    const taken = this.#callers.operations.some(({ id, begun }) => {
      const booked = this.#epochOf(id);
      const over = booked === null || this.#voids.has(booked) || booked <= settled;
      return begun < shown.ended && !over;
    });
    const idle = shown.to - redeemed.from > IDLE_SECONDS;
    const left = this.#left(told, shown.to);
    const early = shown.begun < redeemed.ended;
    const lively = !taken && !idle && !early && left.length > 0 && !this.#isStruck(told, shown);
    promise("a refused change ends no refresh token", !lively);
  }

  /** A token ends with its connection, or alone, and never stands again. */
  #checkTokens(shown: readonly Shown[]): void {
    for (const { by, begun, since, permissions } of shown) {
      if (by.how !== "introspected" || permissions === null) continue;
      const { tokenId, generation, clientId } = by.caller;
      const revoked = this.#all("changed").some(
        ({ change, ended }) => change.kind === "revoke_token" && change.tokenId === tokenId && ended < begun,
      );
      promise("a revoked token never stands again", !revoked);
      const renewed = this.#epochs(generation + 1, since).some((epoch) => {
        const change = this.#history[epoch - 1]?.change?.change;
        return change && !this.#voids.has(epoch) && isConnection(change) && change.clientId === clientId;
      });
      promise("a token ends with its connection", !renewed);
    }
  }

  /** A connection is made and ended by the operator and nobody else, and never to a client that was removed. */
  #checkAuthors(): void {
    const operators = this.#callers.operations.filter(({ author }) => author.by === "operator").map(({ id }) => id);
    for (const { change, operationId } of this.#history) {
      if (!change || !isConnection(change.change)) continue;
      promise("connections are the operator's", operators.includes(operationId));
    }
    const answered = new Set(this.#all("changed").map(({ operationId }) => operationId));
    const gone = this.#callers.removed.filter(({ operationId }) => answered.has(operationId));
    const connected = this.#callers.connected();
    promise("a removed client stands nowhere", !gone.some(({ clientId }) => connected.includes(clientId)));
  }

  /** Whether something was on its way then that came to nothing, so that what it took came back. */
  #mayReturn(shown: Shown): boolean {
    return this.#epochs(shown.settled + 1, shown.until).some((epoch) => this.#voids.has(epoch));
  }

  #epochOf(operationId: string): number | null {
    const taken = this.#history.find((one) => [operationId, `void:${operationId}`].includes(one.operationId));
    return taken?.epoch ?? null;
  }

  #contentAt(epoch: number): RecordContent {
    return this.#history[epoch - 1]?.content ?? this.#start;
  }

  #epochs(from: number, to: number): readonly number[] {
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
  }

  #all<What extends Seen["what"]>(what: What): readonly Extract<Seen, { what: What }>[] {
    return this.#callers.seen.filter((one): one is Extract<Seen, { what: What }> => one.what === what);
  }
}

/** What the ledger refuses without asking anybody: the asker's connection, token or right is missing. */
function isNotAllowed({ reply, author }: Changed): boolean {
  return reply.outcome === "not_connected" && author.by === "caller";
}

function isConnection(change: Change): change is Extract<Change, { kind: "put_connection" | "end_connection" }> {
  return change.kind === "put_connection" || change.kind === "end_connection";
}

/**
 * A deletion of what was not there, or a consent that added nothing to what stood because its client was removed: if the
 * answer was lost, nobody can tell that it did nothing.
 */
function isMoot({ change, result }: TakenEpoch): boolean {
  if (result?.outcome !== "not_found" || change === null) return false;
  return change.change.kind.startsWith("delete_") || change.change.kind === "allow_connection";
}

/** What an RPT states of these. */
function statedBy(rpt: Redeemed["request"]["rpt"], names: readonly string[]): readonly string[] {
  const { scopes = null } = rpt ?? {};
  return scopes === null ? names : names.filter((name) => scopes.includes(name.split(":")[1] ?? ""));
}

/** A redemption with an RPT, as a look at the grant of that one. */
function shownBy({ begun, ended, since, settled, from, to, until, request }: Redeemed): Shown {
  const by = { how: "upgraded" } as const;
  const span = { begun, ended, since, settled, from, to, until };
  const { rpt, attemptId } = request;
  return { ...span, what: "shown", grantId: rpt?.grantId ?? "", permissions: null, by, attemptId };
}

function isSameParty({ party }: Redeemed, other: Redeemed["party"]): boolean {
  return party !== null && party.subject === other?.subject;
}

function grantOf({ reply }: Redeemed): string | null {
  return reply.outcome === "granted" ? reply.rpt.grantId : null;
}

function withoutNames(permissions: readonly PermissionBody[], names: readonly string[]): readonly PermissionBody[] {
  return permissions.map((one) => {
    const left = one.resource_scopes.filter((scope) => !names.includes(`${one.resource_id}:${scope}`));
    return { ...one, resource_scopes: left };
  });
}

function cutsOff(cut: Cut, { request, reply }: Redeemed, name: string): boolean {
  switch (cut.by) {
    case "everyone":
      return true;
    case "client":
      return cut.clientId === request.client.id;
    case "party":
      return reply.outcome === "granted" && cut.partyReference === reply.rpt.partyReference;
    case "resource":
      return name.startsWith(`${cut.resourceId}:`);
  }
}

function namesOf(permissions: readonly PermissionBody[]): readonly string[] {
  return permissions.flatMap(({ resource_id, resource_scopes }) =>
    resource_scopes.map((scope) => `${resource_id}:${scope}`),
  );
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function promise(name: string, kept: boolean): void {
  if (!kept) throw new Error(`broken: ${name}`);
}

/** What ends by a change that others are told of. */
function endOf(change: Change): string | null {
  if (change.kind === "end_connection") return `connection ${change.clientId}`;
  return change.kind === "delete_resource" ? `resource ${change.id}` : null;
}

function toldOf(notice: Notice): string | null {
  if (notice.kind === "connection_ended") return `connection ${notice.clientId}`;
  return notice.kind === "resource_dropped" ? `resource ${notice.resourceId}` : null;
}
