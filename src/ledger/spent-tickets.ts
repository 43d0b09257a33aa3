import type { PermissionTicket } from "../protocol/ticket.ts";
import type { Arrived, RedeemReply } from "./contract.ts";
import { findRow, type LedgerStorage, listTableNumbers } from "./storage.ts";

/** What can be presented once: a ticket, or a code. Ids are drawn, so no two of whatever kind share one. */
type Spendable = Pick<PermissionTicket, "id" | "expiresAt">;

/** A ticket that was presented, and what its kind is answered with. */
export interface SpentTicket<Reply = RedeemReply | Arrived> {
  readonly attemptId: string;
  readonly clientId: string;
  /** Epoch seconds. */
  readonly at: number;
  /** What the presentation was answered with, so that a repeat of the same attempt gets the same answer. */
  readonly reply: Reply;
  /** How often it came again, as far as that was written. */
  readonly replays: number;
}

interface SpentTicketRow {
  readonly attempt_id: string;
  readonly client_id: string;
  readonly at: number;
  readonly reply: string;
  readonly replays: number;
}

/** Tickets are kept by the quarter of an hour in which they expire. */
const BUCKET_SECONDS = 900;
const HORIZON = "horizon";
const PREFIX = "spent_";
/** Tickets whose repeats are counted at a time; beyond that the counts go on from what was written. */
const REPLAYED_REMEMBERED = 1_000;

/** The end of the bucket that a ticket belongs to, epoch seconds: at or after its expiry. */
function bucketOf(ticket: Spendable): number {
  return Math.ceil(ticket.expiresAt / BUCKET_SECONDS) * BUCKET_SECONDS;
}

function tableOf(bucket: number): string {
  return `${PREFIX}${bucket}`;
}

function createStatement(bucket: number): string {
  return `
    CREATE TABLE IF NOT EXISTS ${tableOf(bucket)} (
      ticket_id TEXT PRIMARY KEY,
      attempt_id TEXT NOT NULL,
      client_id TEXT NOT NULL,
      at INTEGER NOT NULL,
      reply TEXT NOT NULL,
      replays INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`;
}

function fromRow<Reply>(row: SpentTicketRow): SpentTicket<Reply> {
  return {
    attemptId: row.attempt_id,
    clientId: row.client_id,
    at: row.at,
    reply: JSON.parse(row.reply),
    replays: row.replays,
  };
}

/**
 * Which tickets were presented (Grant §5.5). One table for each bucket of expiry times: one row a presentation, no
 * index, and nothing to delete, because a bucket that has ended is dropped whole.
 */
export class SpentTickets {
  readonly #storage: LedgerStorage;
  #buckets: Set<number> | null = null;
  #horizon: number | null = null;
  /** How often tickets were presented again, by id. */
  readonly #replays = new Map<string, number>();

  constructor(storage: LedgerStorage) {
    this.#storage = storage;
  }

  /** Tickets that expire at or before this time are expired, whatever the clock says (ledger/README.md, rule 5). */
  horizon(): number {
    this.#horizon ??= this.#storage.kv.get<number>(HORIZON) ?? 0;
    return this.#horizon;
  }

  find<Reply = RedeemReply | Arrived>(ticket: Spendable): SpentTicket<Reply> | null {
    const bucket = bucketOf(ticket);
    if (!this.#known().has(bucket)) return null;
    const query = `SELECT attempt_id, client_id, at, reply, replays FROM ${tableOf(bucket)} WHERE ticket_id = ?`;
    const row = findRow<SpentTicketRow>(this.#storage.sql, query, ticket.id);
    return row && fromRow<Reply>(row);
  }

  /** INVARIANT: one row a ticket; a second insert of the same ticket throws and undoes its whole block. */
  spend<Reply = RedeemReply | Arrived>(ticket: Spendable, presentation: Omit<SpentTicket<Reply>, "replays">): void {
    const bucket = bucketOf(ticket);
    this.#create(bucket);
    const { attemptId, clientId, at, reply } = presentation;
    const query = `INSERT INTO ${tableOf(bucket)} (ticket_id, attempt_id, client_id, at, reply, replays) VALUES (?, ?, ?, ?, ?, 0)`;
    this.#storage.sql.exec(query, ticket.id, attemptId, clientId, at, JSON.stringify(reply));
  }

  /**
   * Counts in memory, and writes whenever the count has doubled: strangers repeat a ticket as often as they like. A ledger
   * that was put to sleep goes on from what was written.
   *
   * @returns the how manieth repeat it is
   */
  countReplay(ticket: PermissionTicket, { replays }: SpentTicket): number {
    if (this.#replays.size >= REPLAYED_REMEMBERED) this.#replays.clear();
    const count = (this.#replays.get(ticket.id) ?? replays) + 1;
    this.#replays.set(ticket.id, count);
    if (Number.isInteger(Math.log2(count))) {
      const query = `UPDATE ${tableOf(bucketOf(ticket))} SET replays = ? WHERE ticket_id = ?`;
      this.#storage.sql.exec(query, count, ticket.id);
    }
    return count;
  }

  /** When what is kept of a ticket can be forgotten, epoch seconds. */
  endOf(ticket: Spendable): number {
    return bucketOf(ticket);
  }

  /** When the oldest bucket ends, epoch seconds; null when there is none. */
  firstEnd(): number | null {
    const ends = [...this.#known()];
    return ends.length > 0 ? Math.min(...ends) : null;
  }

  /** INVARIANT: the horizon rises before a bucket is forgotten, so a forgotten ticket is an expired one. */
  dropEnded(now: number): void {
    for (const bucket of [...this.#known()].filter((end) => end <= now)) {
      this.#storage.transactionSync(() => {
        this.#storage.kv.put(HORIZON, Math.max(this.horizon(), bucket));
        this.#storage.sql.exec(`DROP TABLE IF EXISTS ${tableOf(bucket)}`);
      });
      this.#horizon = null;
      this.#known().delete(bucket);
    }
  }

  #create(bucket: number): void {
    if (this.#known().has(bucket)) return;
    this.#storage.sql.exec(createStatement(bucket));
    // Forgotten again on purpose: if this block is rolled back, the next call looks for itself.
    this.#buckets = null;
  }

  #known(): Set<number> {
    this.#buckets ??= new Set(listTableNumbers(this.#storage.sql, PREFIX));
    return this.#buckets;
  }
}
