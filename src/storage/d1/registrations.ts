import { waitUntil } from "cloudflare:workers";
import type { Registration, RegistrationStore } from "../../operations/ports/registration.ts";
import type { Client } from "../../protocol/client.ts";
import { IDLE_CLIENT_SECONDS, NOTED_SECONDS, PUT_OFF_SECONDS } from "../../protocol/lifetimes.ts";
import type { RegistrationAllowance } from "../../protocol/registration-allowance.ts";
import { RecentlyUsed } from "../../shared/recently-used.ts";
import { insertClient } from "./clients.ts";
import { isRefusedForGood } from "./failure.ts";

interface RegistrationRow {
  readonly client_id: string;
  readonly token_hash: string;
  readonly allowance: string;
  readonly software_statement: string | null;
  readonly ends_at: number | null;
}

const MAX_NOTED = 1_000;
/** So that nobody waits behind a long statement. */
const SLICE = 1_000;

const INSERT = `
  INSERT INTO client_registrations (client_id, token_hash, allowance, software_statement, ends_at)
  VALUES (?1, ?2, ?3, ?4, ?5)`;
const KEEP_STATEMENT = "UPDATE client_registrations SET software_statement = ?2 WHERE client_id = ?1";
/** A token that is not good has no allowance, and without one there is no row: then nothing of the batch happens. */
const INSERT_BY_TOKEN = `
  INSERT INTO client_registrations (client_id, token_hash, software_statement, allowance)
  VALUES (?1, ?2, ?5, (SELECT allowance FROM initial_access_tokens WHERE id = ?3 AND uses_left > 0 AND expires_at > ?4))`;
const TAKE_USE = "UPDATE initial_access_tokens SET uses_left = uses_left - 1 WHERE id = ?1";
const FIND = "SELECT * FROM client_registrations WHERE client_id = ?1";
const LIMIT = "UPDATE client_registrations SET allowance = ?2 WHERE client_id = ?1";
const PUT_OFF = "UPDATE client_registrations SET ends_at = ?2 WHERE client_id = ?1 AND ends_at < ?3";
const END = "UPDATE client_registrations SET ends_at = ?2 WHERE client_id = ?1";
/** What an operator took over is the operator's to end; of what is gone already something may be left. */
const ENDED = `
  FROM client_registrations LEFT JOIN clients ON clients.id = client_registrations.client_id
  WHERE ends_at <= ?1 AND (clients.id IS NULL OR coalesce(clients.details ->> '$.provenance', 'operator') <> 'operator')`;
const LIST_ENDED = `SELECT client_registrations.client_id ${ENDED} ORDER BY ends_at LIMIT ?2`;
const TRACELESS = `
  SELECT client_registrations.client_id ${ENDED}
    AND NOT EXISTS (SELECT 1 FROM connections WHERE connections.client_id = client_registrations.client_id)
    AND NOT EXISTS (SELECT 1 FROM pcts WHERE pcts.client_id = client_registrations.client_id)
    AND NOT EXISTS (SELECT 1 FROM identity_consents AS known WHERE known.client_id = client_registrations.client_id)
  ORDER BY ends_at LIMIT ?2`;
const REMOVE_CLIENTS = "DELETE FROM clients WHERE id IN (SELECT value FROM json_each(?1))";
const REMOVE_ALL = "DELETE FROM client_registrations WHERE client_id IN (SELECT value FROM json_each(?1))";
const REMOVE = "DELETE FROM client_registrations WHERE client_id = ?1";

export class D1RegistrationStore implements RegistrationStore {
  readonly #db: D1Database;
  /** When the use of a client was last noted here; epoch seconds. */
  readonly #noted = new RecentlyUsed<number>(MAX_NOTED);

  constructor(db: D1Database) {
    this.#db = db;
  }

  async insert(client: Client, { clientId, tokenHash, allowance, statement, endsAt }: Registration): Promise<void> {
    await this.#db.batch([
      insertClient(this.#db, client),
      this.#db.prepare(INSERT).bind(clientId, tokenHash, JSON.stringify(allowance), statement, endsAt),
    ]);
  }

  /** INVARIANT: one batch, so that of any number at once no more register than a token is good for. */
  async insertByToken(
    client: Client,
    { clientId, tokenHash, statement }: Pick<Registration, "clientId" | "tokenHash" | "statement">,
    tokenId: string,
    now: number,
  ): Promise<boolean> {
    try {
      await this.#db.batch([
        this.#db.prepare(INSERT_BY_TOKEN).bind(clientId, tokenHash, tokenId, now, statement),
        this.#db.prepare(TAKE_USE).bind(tokenId),
        insertClient(this.#db, client),
      ]);
      return true;
    } catch (error) {
      if (isRefusedForGood(error)) return false;
      throw error;
    }
  }

  async find(clientId: string): Promise<Registration | null> {
    const row = await this.#db.prepare(FIND).bind(clientId).first<RegistrationRow>();
    if (row === null) return null;
    const { token_hash: tokenHash, software_statement: statement, ends_at: endsAt } = row;
    const allowance = JSON.parse(row.allowance) as RegistrationAllowance;
    return { clientId, tokenHash, allowance, statement, endsAt };
  }

  async keepStatement(clientId: string, statement: string | null): Promise<void> {
    await this.#db.prepare(KEEP_STATEMENT).bind(clientId, statement).run();
  }

  async limit(clientId: string, allowance: RegistrationAllowance): Promise<void> {
    await this.#db.prepare(LIMIT).bind(clientId, JSON.stringify(allowance)).run();
  }

  noteUse(clientId: string, now: number): void {
    if (now < (this.#noted.get(clientId) ?? 0) + NOTED_SECONDS) return;
    this.#noted.keep(clientId, now);
    const putOff = this.#db.prepare(PUT_OFF).bind(clientId, now + IDLE_CLIENT_SECONDS, now + PUT_OFF_SECONDS);
    // What could not be written down now is written at the next use.
    waitUntil(putOff.run().catch(() => this.#noted.forget(clientId)));
  }

  async end(clientId: string, now: number): Promise<void> {
    await this.#db.prepare(END).bind(clientId, now).run();
  }

  async removeTraceless(now: number): Promise<void> {
    for (let ids = await this.#list(TRACELESS, now, SLICE); ids.length > 0; ) {
      const named = JSON.stringify(ids);
      await this.#db.batch([REMOVE_CLIENTS, REMOVE_ALL].map((statement) => this.#db.prepare(statement).bind(named)));
      ids = await this.#list(TRACELESS, now, SLICE);
    }
  }

  listEnded(now: number, limit: number): Promise<readonly string[]> {
    return this.#list(LIST_ENDED, now, limit);
  }

  async remove(clientId: string): Promise<void> {
    await this.#db.prepare(REMOVE).bind(clientId).run();
  }

  async #list(statement: string, now: number, limit: number): Promise<readonly string[]> {
    type IdRow = Pick<RegistrationRow, "client_id">;
    const { results } = await this.#db.prepare(statement).bind(now, limit).all<IdRow>();
    return results.map(({ client_id }) => client_id);
  }
}
