import type { NoticeStore, Reader, Readers } from "../../operations/ports/notice.ts";
import type { NoticeKind, NoticeSettings } from "../../protocol/notice-kind.ts";
import type { NoticeStop } from "../../protocol/notice-stop.ts";
import { inTime } from "./administrators.ts";

interface ReaderRow {
  readonly account_id: string | null;
  readonly address: string | null;
  readonly language: string | null;
  readonly wanted: number | null;
}

const FIND_OWNER = "SELECT kind, name FROM owners WHERE id = ?1";
/** Each has one row for each of two roles at most. The address that they verified first is where they are written to. */
const LIST_ADMINISTRATORS = `
  SELECT DISTINCT administrators.account_id, accounts.language,
    (SELECT address FROM account_addresses WHERE account_addresses.account_id = administrators.account_id
      ORDER BY verified_at, address LIMIT 1) AS address,
    (SELECT wanted FROM notice_settings WHERE notice_settings.account_id = administrators.account_id AND kind = ?2) AS wanted
  FROM administrators JOIN accounts ON accounts.id = administrators.account_id
  WHERE administrators.owner_id = ?1 AND ${inTime("?3")} LIMIT 400`;
const FIND_BY_ADDRESS = `
  SELECT account_addresses.account_id, address, language,
    (SELECT wanted FROM notice_settings WHERE notice_settings.account_id = account_addresses.account_id AND kind = ?2) AS wanted
  FROM account_addresses JOIN accounts ON accounts.id = account_addresses.account_id WHERE address = ?1`;
const IS_STOPPED = "SELECT 1 AS stopped FROM notice_stops WHERE address_hash = ?1 AND kind = ?2";
const WISHES = "SELECT kind, wanted FROM notice_settings WHERE account_id = ?1";
const WISH = `
  INSERT INTO notice_settings (account_id, kind, wanted) SELECT id, ?2, ?3 FROM accounts WHERE id = ?1
  ON CONFLICT (account_id, kind) DO UPDATE SET wanted = ?3`;
const STOP = "INSERT OR IGNORE INTO notice_stops (address_hash, kind, created_at) VALUES (?1, ?2, ?3)";

export class D1NoticeStore implements NoticeStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async listAdministrators(ownerId: string, kind: NoticeKind, now: number): Promise<Readers> {
    const [owners, readers] = await this.#db.batch([
      this.#db.prepare(FIND_OWNER).bind(ownerId),
      this.#db.prepare(LIST_ADMINISTRATORS).bind(ownerId, kind, now),
    ]);
    const [owner] = (owners?.results ?? []) as { readonly kind: string; readonly name: string }[];
    return {
      ownerName: owner === undefined || owner.kind === "person" ? null : owner.name,
      readers: ((readers?.results ?? []) as ReaderRow[]).flatMap(fromRow),
    };
  }

  async findReader(address: string, addressHash: string, kind: NoticeKind): Promise<Reader> {
    const [found, stopped] = await this.#db.batch([
      this.#db.prepare(FIND_BY_ADDRESS).bind(address, kind),
      this.#db.prepare(IS_STOPPED).bind(addressHash, kind),
    ]);
    const [reader] = ((found?.results ?? []) as ReaderRow[]).flatMap(fromRow);
    const isStopped = (stopped?.results ?? []).length > 0;
    return reader ?? { accountId: null, address, language: null, wish: isStopped ? false : null };
  }

  async wishes(accountId: string): Promise<ReadonlyMap<NoticeKind, boolean>> {
    const query = this.#db.prepare(WISHES).bind(accountId);
    const { results } = await query.all<{ readonly kind: NoticeKind; readonly wanted: number }>();
    return new Map(results.map(({ kind, wanted }) => [kind, wanted === 1]));
  }

  async keep(accountId: string, settings: NoticeSettings): Promise<void> {
    const wishes = Object.entries(settings);
    await this.#db.batch(
      wishes.map(([kind, isWanted]) => this.#db.prepare(WISH).bind(accountId, kind, isWanted ? 1 : 0)),
    );
  }

  async stop({ accountId, addressHash, kind }: NoticeStop, now: number): Promise<void> {
    const statement =
      accountId === null
        ? this.#db.prepare(STOP).bind(addressHash, kind, now)
        : this.#db.prepare(WISH).bind(accountId, kind, 0);
    await statement.run();
  }
}

/** Whoever has no address cannot be written to. */
function fromRow({ account_id, address, language, wanted }: ReaderRow): readonly Reader[] {
  return address === null
    ? []
    : [{ accountId: account_id, address, language, wish: wanted === null ? null : wanted === 1 }];
}
