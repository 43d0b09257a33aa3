import { DurableObject } from "cloudflare:workers";
import type { Page } from "../../operations/ports/page.ts";
import type { DeadLetter, QueueCounts, WebhookSender, WebhookStore } from "../../operations/ports/webhook.ts";
import {
  DEAD_LETTER_SECONDS,
  nextAttemptAt,
  OUTAGE_PAUSE_SECONDS,
  type WebhookEndpoint,
  type WebhookMessage,
  type WebhookOutcome,
  type WebhookType,
} from "../../protocol/webhook.ts";
import { MAX_DEAD_LETTERS, MAX_WAITING_MESSAGES } from "../../shared/limits.ts";
import { epochSeconds } from "../../shared/time.ts";
import { type AgeKey, ageCursor, toPage } from "../d1/page.ts";

/** What a queue asks of the world. */
export interface WebhookPorts {
  readonly endpoints: Pick<WebhookStore, "find">;
  readonly send: WebhookSender;
  /** A number from 0 to 1. */
  readonly draw: () => number;
}

interface MessageRow {
  readonly id: string;
  readonly type: WebhookType;
  readonly body: string;
  readonly queued_at: number;
  readonly attempts: number;
}

interface DeadLetterRow extends MessageRow {
  readonly dead_at: number;
  readonly failure: string;
}

/** A message waits (`next_at`) or was given up (`dead_at`); one that was taken is gone. */
const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS messages (
    id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    queued_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    next_at INTEGER,
    dead_at INTEGER,
    failure TEXT
  ) STRICT, WITHOUT ROWID`,
  "CREATE INDEX IF NOT EXISTS messages_by_turn ON messages (next_at) WHERE next_at IS NOT NULL",
  "CREATE INDEX IF NOT EXISTS messages_by_death ON messages (dead_at, id) WHERE dead_at IS NOT NULL",
];
/** Tries at once: as many connections as an object has. */
const TRIES_AT_ONCE = 6;

/** What waits to be sent to one endpoint, whose id is the object's name. */
export class WebhookObject extends DurableObject<Env> {
  readonly #sql: SqlStorage;
  readonly #ports: WebhookPorts;

  constructor(state: DurableObjectState, env: Env, ports: WebhookPorts) {
    super(state, env);
    this.#ports = ports;
    this.#sql = state.storage.sql;
    this.#create();
  }

  /** What is there already, by its id, is left as it is. */
  async add(messages: readonly WebhookMessage[]): Promise<void> {
    const now = epochSeconds();
    const room = MAX_WAITING_MESSAGES - (await this.counts()).waiting;
    if (messages.length > room) console.error({ event: "webhook_queue_full", endpoint: this.ctx.id.name ?? null });
    for (const { id, type, body } of messages.slice(0, Math.max(room, 0))) {
      const query = `INSERT INTO messages (id, type, body, queued_at, attempts, next_at) VALUES (?1, ?2, ?3, ?4, 0, ?4)
        ON CONFLICT (id) DO NOTHING`;
      this.#sql.exec(query, id, type, body, now);
    }
    await this.#wake();
  }

  async counts(): Promise<QueueCounts> {
    const waiting = "SELECT count(*) AS n FROM messages WHERE next_at IS NOT NULL";
    const dead = "SELECT count(*) AS n FROM messages WHERE dead_at IS NOT NULL";
    return { waiting: this.#number(waiting) ?? 0, dead: this.#number(dead) ?? 0 };
  }

  /** Oldest first. */
  async deadLetters({ createdAt, id }: AgeKey, limit: number): Promise<Page<DeadLetter>> {
    const query = `SELECT * FROM messages WHERE dead_at IS NOT NULL AND (dead_at, id) > (?, ?)
      ORDER BY dead_at, id LIMIT ?`;
    const rows = this.#rows<DeadLetterRow>(query, createdAt, id, limit + 1);
    return toPage(rows.map(fromRow), limit, (letter) => ageCursor({ createdAt: letter.deadAt, id: letter.id }));
  }

  /** @returns how many. */
  async resend(letterId: string | null): Promise<number> {
    const query = `UPDATE messages SET queued_at = ?1, next_at = ?1, attempts = 0, dead_at = NULL, failure = NULL
      WHERE dead_at IS NOT NULL AND (?2 IS NULL OR id = ?2) RETURNING id`;
    const resent = this.#rows(query, epochSeconds(), letterId).length;
    await this.#wake();
    return resent;
  }

  /** @returns false when there is no such letter. */
  async discard(letterId: string): Promise<boolean> {
    return this.#rows("DELETE FROM messages WHERE id = ? AND dead_at IS NOT NULL RETURNING id", letterId).length > 0;
  }

  /** Forgets everything, as of an endpoint that is gone. */
  async clear(): Promise<void> {
    await this.ctx.storage.deleteAll();
    this.#create();
  }

  /** Sends what is due. Safe to repeat: a receiver knows a message by its id. */
  override async alarm(): Promise<void> {
    const endpoint = await this.#findEndpoint();
    if (endpoint === "gone") return this.clear();
    if (endpoint === "unknown") return this.ctx.storage.setAlarm((epochSeconds() + OUTAGE_PAUSE_SECONDS) * 1_000);
    const due = this.#rows<MessageRow>(
      "SELECT * FROM messages WHERE next_at <= ? ORDER BY next_at LIMIT ?",
      epochSeconds(),
      TRIES_AT_ONCE,
    );
    await Promise.all(due.map((message) => this.#try(endpoint, message)));
    this.#forgetDead(epochSeconds());
    await this.#wake();
  }

  /** Whether it is gone or D1 cannot be asked makes a difference: nothing is forgotten for an outage. */
  async #findEndpoint(): Promise<WebhookEndpoint | "gone" | "unknown"> {
    try {
      return (await this.#ports.endpoints.find(this.ctx.id.name ?? ""))?.value ?? "gone";
    } catch {
      return "unknown";
    }
  }

  async #try(endpoint: WebhookEndpoint, message: MessageRow): Promise<void> {
    const outcome = await this.#ports.send(endpoint, message);
    if (outcome.taken) this.#sql.exec("DELETE FROM messages WHERE id = ?", message.id);
    else this.#failed(message, outcome, epochSeconds());
  }

  #failed(
    { id, type, queued_at, attempts }: MessageRow,
    { failure, isFinal }: Extract<WebhookOutcome, { readonly taken: false }>,
    now: number,
  ): void {
    const next = isFinal ? null : nextAttemptAt(queued_at, attempts + 1, now, this.#ports.draw());
    const query = `UPDATE messages SET attempts = attempts + 1, next_at = ?2, dead_at = ?3, failure = ?4 WHERE id = ?1`;
    this.#sql.exec(query, id, next, next === null ? now : null, failure);
    if (next !== null) return;
    console.error({ event: "webhook_given_up", endpoint: this.ctx.id.name ?? null, message: id, type, failure });
  }

  /** Those that have lain long, and the oldest where there are too many. */
  #forgetDead(now: number): void {
    this.#sql.exec("DELETE FROM messages WHERE dead_at <= ?", now - DEAD_LETTER_SECONDS);
    const query = `DELETE FROM messages WHERE id IN (
      SELECT id FROM messages WHERE dead_at IS NOT NULL ORDER BY dead_at DESC, id DESC LIMIT 1000 OFFSET ?)`;
    this.#sql.exec(query, MAX_DEAD_LETTERS);
  }

  /** Sees to it that the alarm rings when there is something to do next. */
  async #wake(): Promise<void> {
    const turn = this.#number("SELECT min(next_at) AS n FROM messages WHERE next_at IS NOT NULL");
    const death = this.#number("SELECT min(dead_at) AS n FROM messages WHERE dead_at IS NOT NULL");
    const times = [turn, death === null ? null : death + DEAD_LETTER_SECONDS].filter((at) => at !== null);
    if (times.length > 0) await this.ctx.storage.setAlarm(Math.min(...times) * 1_000);
  }

  #create(): void {
    for (const statement of SCHEMA) this.#sql.exec(statement);
  }

  #number(query: string): number | null {
    return this.#rows<{ readonly n: number | null }>(query)[0]?.n ?? null;
  }

  #rows<Row>(query: string, ...values: SqlStorageValue[]): readonly Row[] {
    const rows: unknown = this.#sql.exec(query, ...values).toArray();
    return rows as readonly Row[];
  }
}

function fromRow(row: DeadLetterRow): DeadLetter {
  return {
    id: row.id,
    type: row.type,
    body: row.body,
    queuedAt: row.queued_at,
    deadAt: row.dead_at,
    attempts: row.attempts,
    failure: row.failure,
  };
}
