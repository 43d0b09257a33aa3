import type { ConsoleVisitStore } from "../../operations/ports/console-visit.ts";
import type { ActingAdministrator } from "../../protocol/actor.ts";

/** Whoever was away for longer comes anew. */
const VISIT_SECONDS = 1_800;
/** A page that is open looks again whenever something happens: that somebody is there is written once in so long. */
const NOTED_AGAIN_SECONDS = 60;

/** INVARIANT: of whoever does not act for the owner (any more) no row is made, so that none outlives the two. */
const NOTE = `
  INSERT INTO console_visits (account_id, owner_id, seen_at, former_at)
  SELECT ?1, ?2, ?3, NULL WHERE EXISTS (SELECT 1 FROM administrators WHERE owner_id = ?2 AND account_id = ?1)
  ON CONFLICT (account_id, owner_id) DO UPDATE SET
    former_at = iif(seen_at <= ?3 - ${VISIT_SECONDS}, seen_at, former_at), seen_at = ?3
  WHERE seen_at <= ?3 - ${NOTED_AGAIN_SECONDS}`;
const FIND = "SELECT former_at FROM console_visits WHERE account_id = ?1 AND owner_id = ?2";

export class D1ConsoleVisitStore implements ConsoleVisitStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async note({ accountId, ownerId, now }: ActingAdministrator): Promise<number | null> {
    const [, found] = await this.#db.batch<{ readonly former_at: number | null }>([
      this.#db.prepare(NOTE).bind(accountId, ownerId, now),
      this.#db.prepare(FIND).bind(accountId, ownerId),
    ]);
    return found?.results[0]?.former_at ?? null;
  }
}
