import { epochSeconds, HOUR, MINUTE } from "../../shared/time.ts";
import { ExpiringRowsObject } from "./expiring-rows.ts";

const KEPT_SECONDS = HOUR;
/** When there is no room, what is older than this goes. */
const KEPT_WHEN_FULL_SECONDS = 15 * MINUTE;
/** Within so long, whoever told more than this finds no room in the last half. */
const STORIES_PER_TELLER = 1_500;
const TOLD_PERIOD_SECONDS = 15 * MINUTE;
/** Stories under one id: a caller chooses it, and may send it again and again. */
const STORIES_PER_ID = 20;

const TABLE = {
  name: "stories",
  end: "expires_at",
  schema: `CREATE TABLE IF NOT EXISTS stories (
    request_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    story TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (request_id, number)
  ) STRICT, WITHOUT ROWID`,
  /** 30,000 of 8,000 characters at most. */
  maxLive: 30_000,
  purgeEvery: 10 * MINUTE,
};

/** A story as it is kept: JSON, and whose it is. */
export interface WrittenStory {
  readonly requestId: string;
  readonly teller: string;
  readonly story: string;
}

/** Keeps the stories of requests for an hour. One object for those of authenticated callers, one for everybody else's. */
export class RequestLogObject extends ExpiringRowsObject {
  #period = 0;
  /** Stories that were kept in this period, by teller: no more names than there is room for stories. */
  readonly #told = new Map<string, number>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, TABLE);
  }

  async keep(stories: readonly WrittenStory[]): Promise<void> {
    const now = epochSeconds();
    if (!this.hasRoom(now) && !this.hasRoom(now + KEPT_SECONDS - KEPT_WHEN_FULL_SECONDS)) return;
    this.#turn(now);
    const written = stories.filter((story) => this.#mayTell(story) && this.#insert(story, now + KEPT_SECONDS));
    for (const { teller } of written) this.#told.set(teller, this.#toldBy(teller) + 1);
    await this.added(written.length, now);
  }

  /** Oldest first, as they were written. */
  async find(requestId: string): Promise<readonly string[]> {
    const query = "SELECT story FROM stories WHERE request_id = ? AND expires_at > ? ORDER BY number";
    const rows = this.sql.exec<{ story: string }>(query, requestId, epochSeconds());
    return [...rows].map(({ story }) => story);
  }

  /** INVARIANT: whoever tells much crowds out nobody else (ledger/README.md, rule 9). */
  #mayTell({ teller }: WrittenStory): boolean {
    return this.isHalfEmpty || this.#toldBy(teller) < STORIES_PER_TELLER;
  }

  #toldBy(teller: string): number {
    return this.#told.get(teller) ?? 0;
  }

  #turn(now: number): void {
    const period = Math.floor(now / TOLD_PERIOD_SECONDS);
    if (period !== this.#period) this.#told.clear();
    this.#period = period;
  }

  #insert({ requestId, story }: WrittenStory, expiresAt: number): boolean {
    const query = `
      INSERT INTO stories (request_id, number, story, expires_at)
      SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3 FROM stories WHERE request_id = ?1
      HAVING count(*) < ?4`;
    return this.sql.exec(query, requestId, story, expiresAt, STORIES_PER_ID).rowsWritten > 0;
  }
}
