import type { Notice, ToldNotice } from "../events/notice.ts";
import { isEqual } from "../shared/equal.ts";
import { DAY, HOUR } from "../shared/time.ts";
import { policyOperation } from "./approval.ts";
import type { Book } from "./book.ts";
import type { Grant } from "./grant.ts";
import { permissionBodies } from "./held-permission.ts";
import type { Outbox, WaitingNotice } from "./outbox.ts";
import type { Parties } from "./parties.ts";
import type { PendingRequests } from "./pending-requests.ts";
import type { LedgerPorts } from "./ports.ts";

/** Notices told in one turn of the alarm. */
const TOLD_AT_ONCE = 50;
/** What could not be told is tried again after so long, twice as long each time, an hour at most. */
const FIRST_PAUSE_SECONDS = 5;
/** Then nobody is told, and the operator reads of it. */
const GIVEN_UP_SECONDS = 3 * DAY;

interface AnnouncingParts {
  readonly outbox: Outbox;
  readonly parties: Parties;
  readonly pendingRequests: PendingRequests;
  readonly book: Book;
  /** Sees to it that the alarm rings by this time, epoch seconds. */
  readonly wakeBy: (at: number) => void;
}

/** Has others told what happens: kept in the block in which it happens, told by the alarm. */
export class Announcing {
  readonly #parts: AnnouncingParts;
  readonly #ports: Pick<LedgerPorts, "notices" | "drawId" | "now">;

  constructor(parts: AnnouncingParts, ports: Pick<LedgerPorts, "notices" | "drawId" | "now">) {
    this.#parts = parts;
    this.#ports = ports;
  }

  /** INVARIANT: called in the block in which it happens. */
  announce(notice: Notice): void {
    const at = this.#ports.now();
    this.#parts.outbox.add({ id: this.#ports.drawId(), at, notice });
    this.#parts.wakeBy(at + 1);
  }

  /** A grant is gone before its time. */
  ended(grant: Grant): void {
    this.shrank(grant, { ...grant, permissions: [] });
  }

  /** The book took something of a grant. Only what introspection would say otherwise now is worth a word. */
  shrank(before: Grant, after: Grant): void {
    const now = this.#ports.now();
    if (before.expiresAt <= now) return;
    const [had, has] = [before, after].map(({ permissions }) => permissionBodies(permissions, now, before.expiresAt));
    if (has === undefined || isEqual(had, has)) return;
    const { resourceServerId, clientId, partyReference } = before;
    this.announce({ kind: "grant_withdrawn", resourceServerId, clientId, partyReference, permissions: has });
  }

  /** What the alarm does; safe to repeat, because a notice bears an id. */
  async tell(ownerId: string): Promise<void> {
    const { outbox } = this.#parts;
    const waiting = outbox.listDue(this.#ports.now(), TOLD_AT_ONCE);
    const idle = waiting.filter(({ notice }) => !this.#isNews(notice));
    for (const { id } of idle) outbox.remove(id);
    const due = waiting.filter((notice) => !idle.includes(notice));
    const told = await this.#tell(
      ownerId,
      due.filter(({ notice }) => this.#isSettled(notice)),
    );
    for (const notice of due) {
      if (told.includes(notice.id)) outbox.remove(notice.id);
      else this.#tryLater(ownerId, notice);
    }
  }

  async #tell(ownerId: string, notices: readonly WaitingNotice[]): Promise<readonly string[]> {
    if (notices.length === 0) return [];
    const cards = await this.#parts.parties.find(notices.flatMap(({ notice }) => namedIn(notice)));
    const named = notices.map(({ id, at, notice }): ToldNotice => {
      const [reference] = namedIn(notice);
      return { id, at, notice, party: (reference !== undefined && cards.get(reference)) || null };
    });
    return this.#ports.notices.tell(ownerId, named).catch((error: unknown) => {
      console.error({
        event: "notices_delayed",
        ledger: ownerId,
        message: error instanceof Error ? error.message : null,
      });
      return [];
    });
  }

  /** What waited is answered meanwhile, or what was answered waits again because D1 would not have it. */
  #isNews(notice: Notice): boolean {
    if (notice.kind !== "request_waiting" && notice.kind !== "request_decided") return true;
    const status = this.#parts.pendingRequests.findById(notice.requestId)?.status ?? null;
    if (notice.kind === "request_waiting") return status === "waiting";
    return status !== "waiting";
  }

  /** Whether D1 has what a yes came to. */
  #isSettled(notice: Notice): boolean {
    if (notice.kind !== "request_decided") return true;
    const { book, pendingRequests } = this.#parts;
    const { decision } = pendingRequests.findById(notice.requestId) ?? { decision: null };
    if (decision === null) return true;
    return decision.policyIds.every((_, index) => {
      return book.find(policyOperation(decision.operationId, index))?.state !== "pending";
    });
  }

  #tryLater(ownerId: string, { id, at, attempts, notice }: WaitingNotice): void {
    const now = this.#ports.now();
    if (now - at < GIVEN_UP_SECONDS) {
      this.#parts.outbox.postpone(id, now + Math.min(FIRST_PAUSE_SECONDS * 2 ** attempts, HOUR));
      return;
    }
    console.error({ event: "notice_given_up", ledger: ownerId, notice: notice.kind });
    this.#parts.outbox.remove(id);
  }
}

/** The parties that people are told of by name. */
function namedIn(notice: Notice): readonly string[] {
  switch (notice.kind) {
    case "request_waiting":
    case "request_decided":
    case "first_access":
      return [notice.partyReference];
    default:
      return [];
  }
}
