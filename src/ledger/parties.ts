import { PARTY_CARD_LIFETIME_SECONDS } from "../protocol/lifetimes.ts";
import { type PartyCard, parsePartyCard } from "../protocol/party-card.ts";
import { RecentlyUsed } from "../shared/recently-used.ts";
import { DAY } from "../shared/time.ts";
import { LateTable } from "./late-table.ts";
import type { OwnSeal } from "./own-seal.ts";
import { findRow, type LedgerSql, type LedgerStorage, listRows } from "./storage.ts";

/** A card as it is kept; made before the block that keeps it. */
export interface SealedCard {
  readonly reference: string;
  readonly personId: string;
  readonly sealed: string;
}

interface CardRow {
  readonly reference: string;
  readonly person_id: string;
  readonly sealed: string;
}

/**
 * Whoever is known needs a trusted issuer's word, so there is no flood of them; but no table grows without end. Of more,
 * those go that were not seen for longest.
 */
const ROOM = 100_000;
/** So many go at once, because to count the others is to walk over them. */
const SLICE = 500;
/** Cards that were sealed here lately, and how they came out: whoever comes again is not sealed again. */
const REMEMBERED = 1_000;

const CREATE = [
  `CREATE TABLE IF NOT EXISTS parties (
    reference TEXT PRIMARY KEY,
    person_id TEXT NOT NULL,
    sealed TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    let_in_at INTEGER
  ) STRICT, WITHOUT ROWID`,
  "CREATE INDEX IF NOT EXISTS parties_by_person ON parties (person_id, seen_at)",
  "CREATE INDEX IF NOT EXISTS parties_by_seen ON parties (seen_at)",
];
/** That somebody was seen again is written once a day. */
const KEEP = `
  INSERT INTO parties (reference, person_id, sealed, seen_at) VALUES (?1, ?2, ?3, ?4)
  ON CONFLICT (reference) DO UPDATE SET person_id = ?2, sealed = ?3, seen_at = ?4
  WHERE sealed <> ?3 OR seen_at <= ?4 - ${DAY}`;
const LET_IN = `
  UPDATE parties SET let_in_at = ?2 WHERE reference = ?1 AND let_in_at IS NULL RETURNING reference`;
const FIND = `
  SELECT reference, person_id, sealed FROM json_each(?) AS named CROSS JOIN parties ON reference = named.value`;
/** Of one person, as seen last. */
const FIND_PERSONS = `
  SELECT reference, person_id, sealed FROM json_each(?) AS named CROSS JOIN parties ON reference = (
    SELECT reference FROM parties WHERE person_id = named.value ORDER BY seen_at DESC LIMIT 1)`;
const REMOVE_LONGEST_UNSEEN = `
  DELETE FROM parties WHERE reference IN (SELECT reference FROM parties ORDER BY seen_at LIMIT ${SLICE})`;

/**
 * Who the requesting parties are, by the references that everything else here names them with: sealed for the owner to
 * read, as long as a grant, a request or the log may name them.
 */
export class Parties {
  readonly #sql: LedgerSql;
  readonly #table: LateTable;
  readonly #seal: OwnSeal;
  readonly #room: number;
  readonly #sealed = new RecentlyUsed<{ readonly text: string; readonly card: SealedCard }>(REMEMBERED);
  /** Counted once, and anew where that is too many: one that is undone with its block, or expires, stays counted. */
  #count: number | null = null;

  /** @param room cards that are kept at most. */
  constructor({ sql }: LedgerStorage, seal: OwnSeal, room = ROOM) {
    this.#sql = sql;
    this.#table = new LateTable(sql, "parties", CREATE);
    this.#seal = seal;
    this.#room = room;
  }

  /** Comes before the block that keeps it. @throws Unavailable when the owner's key cannot be had */
  async prepare(reference: string, card: PartyCard): Promise<SealedCard> {
    const text = JSON.stringify(card);
    const known = this.#sealed.get(reference);
    if (known?.text === text) return known.card;
    const sealed = await (await this.#seal.unlock()).seal("party_card", card);
    return this.#sealed.keep(reference, { text, card: { reference, personId: card.personId, sealed } }).card;
  }

  /** Part of the block that names the party elsewhere. */
  keep({ reference, personId, sealed }: SealedCard, now: number): void {
    this.#table.make();
    if (!this.#has(reference)) this.#makeRoom();
    this.#sql.exec(KEEP, reference, personId, sealed, now);
  }

  /** Part of the block that lets somebody in. @returns whether that is the first time, of whoever has a card */
  letIn(reference: string, now: number): boolean {
    return this.#table.exists() && findRow(this.#sql, LET_IN, reference, now) !== null;
  }

  /** @returns cards by reference; who is not among them is known by the reference alone. */
  async find(references: readonly string[]): Promise<ReadonlyMap<string, PartyCard>> {
    return new Map((await this.#open(FIND, references)).map(([{ reference }, card]) => [reference, card]));
  }

  /** Puts to everything that names a party the card of that party, where there is one. */
  async introduce<Named extends { readonly partyReference: string | null }>(
    items: readonly Named[],
    referenceOf: (item: Named) => string | null = ({ partyReference }) => partyReference,
  ): Promise<readonly (Named & { readonly card?: PartyCard })[]> {
    const cards = await this.find(items.flatMap((item) => referenceOf(item) ?? []));
    return items.map((item) => {
      const card = cards.get(referenceOf(item) ?? "");
      return card === undefined ? item : { ...item, card };
    });
  }

  /** @returns cards by person. */
  async findPersons(personIds: readonly string[]): Promise<ReadonlyMap<string, PartyCard>> {
    return new Map((await this.#open(FIND_PERSONS, personIds)).map(([{ person_id }, card]) => [person_id, card]));
  }

  removeExpired(now: number): void {
    if (!this.#table.exists()) return;
    this.#sql.exec("DELETE FROM parties WHERE seen_at <= ?", now - PARTY_CARD_LIFETIME_SECONDS);
  }

  firstEnd(): number | null {
    if (!this.#table.exists()) return null;
    const row = findRow<{ at: number | null }>(this.#sql, "SELECT min(seen_at) AS at FROM parties");
    return row?.at == null ? null : row.at + PARTY_CARD_LIFETIME_SECONDS;
  }

  /** What holds what is told without names as well, so that a list can be read while no key can be had. */
  async #open(query: string, keys: readonly string[]): Promise<readonly (readonly [CardRow, PartyCard])[]> {
    if (keys.length === 0 || !this.#table.exists()) return [];
    const rows = listRows<CardRow>(this.#sql, query, JSON.stringify([...new Set(keys)]));
    const seal = rows.length > 0 ? await this.#seal.findUnlocked() : null;
    if (seal === null) return [];
    const opened = await Promise.all(
      rows.map(async (row) => parsePartyCard(await seal.open("party_card", row.sealed))),
    );
    return rows.flatMap((row, index) => {
      const card = opened[index];
      return card ? [[row, card] as const] : [];
    });
  }

  #has(reference: string): boolean {
    return findRow(this.#sql, "SELECT 1 AS found FROM parties WHERE reference = ?", reference) !== null;
  }

  #makeRoom(): void {
    this.#count ??= this.#countAll();
    if (this.#count >= this.#room) this.#count = this.#trim();
    this.#count += 1;
  }

  /** @returns how many are left. */
  #trim(): number {
    if (this.#countAll() >= this.#room) this.#sql.exec(REMOVE_LONGEST_UNSEEN);
    return this.#countAll();
  }

  #countAll(): number {
    return findRow<{ n: number }>(this.#sql, "SELECT count(*) AS n FROM parties")?.n ?? 0;
  }
}
