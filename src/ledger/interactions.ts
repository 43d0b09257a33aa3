import { LateTable } from "./late-table.ts";
import { findRow, type LedgerSql, type LedgerStorage } from "./storage.ts";

/** How a visit of a requesting party ended that began with a ticket (Grant §3.3.2). */
export interface EndedInteraction {
  /** The ticket that it began with. */
  readonly ticketId: string;
  /** Who ended it; null: somebody who had not said who they are. */
  readonly partyReference: string | null;
  /** The ticket that it gave; null: it was cancelled. */
  readonly next: NextTicket | null;
  /** When nobody can come back to it any more, epoch seconds. */
  readonly forgottenAt: number;
}

/** The ticket that the process goes on with. */
export interface NextTicket {
  readonly id: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

interface InteractionRow {
  readonly ticket_id: string;
  readonly party_reference: string | null;
  readonly next_id: string | null;
  readonly next_expires_at: number | null;
  readonly forgotten_at: number;
}

const CREATE = [
  `CREATE TABLE IF NOT EXISTS interactions (
    ticket_id TEXT PRIMARY KEY,
    party_reference TEXT,
    next_id TEXT,
    next_expires_at INTEGER,
    forgotten_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  "CREATE INDEX IF NOT EXISTS interactions_by_end ON interactions (forgotten_at)",
];
const INSERT = `
  INSERT INTO interactions (ticket_id, party_reference, next_id, next_expires_at, forgotten_at) VALUES (?, ?, ?, ?, ?)`;

function fromRow(row: InteractionRow): EndedInteraction {
  const { next_id: id, next_expires_at: expiresAt } = row;
  return {
    ticketId: row.ticket_id,
    partyReference: row.party_reference,
    next: id === null || expiresAt === null ? null : { id, expiresAt },
    forgottenAt: row.forgotten_at,
  };
}

/**
 * Visits that ended. One that goes on has no row: that it began stands with its ticket, and what it has to remember
 * travels sealed with the browser, so that strangers who merely come keep nothing here (ledger/README.md, rule 9).
 */
export class Interactions {
  readonly #sql: LedgerSql;
  readonly #table: LateTable;

  constructor({ sql }: LedgerStorage) {
    this.#sql = sql;
    this.#table = new LateTable(sql, "interactions", CREATE);
  }

  find(ticketId: string): EndedInteraction | null {
    if (!this.#table.exists()) return null;
    const row = findRow<InteractionRow>(this.#sql, "SELECT * FROM interactions WHERE ticket_id = ?", ticketId);
    return row && fromRow(row);
  }

  /** INVARIANT: a visit ends once; a second insert throws and undoes its whole block. */
  end({ ticketId, partyReference, next, forgottenAt }: EndedInteraction): void {
    this.#table.make();
    this.#sql.exec(INSERT, ticketId, partyReference, next?.id ?? null, next?.expiresAt ?? null, forgottenAt);
  }

  removeExpired(now: number): void {
    if (this.#table.exists()) this.#sql.exec("DELETE FROM interactions WHERE forgotten_at <= ?", now);
  }

  firstEnd(): number | null {
    if (!this.#table.exists()) return null;
    return findRow<{ end: number | null }>(this.#sql, "SELECT min(forgotten_at) AS end FROM interactions")?.end ?? null;
  }
}
