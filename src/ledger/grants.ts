import type { WhereBody } from "../policy/language/policy.ts";
import type { GrantsRequest } from "./contract.ts";
import type { Grant } from "./grant.ts";
import type { HeldPermission } from "./held-permission.ts";
import { findRow, type LedgerSql, type LedgerStorage, type LedgerValue, listRows } from "./storage.ts";

/** Live grants of one party by one client: more are no use to anybody, so the one that lay idle longest goes. */
const GRANTS_PER_PARTY = 20;
/**
 * Live grants that one client has for nobody known. Each of these is a party of its own, so what is shared with anyone may
 * well have thousands; they keep no claims, so all of them together take some 20 MB.
 */
const ANONYMOUS_GRANTS_PER_CLIENT = 20_000;
/** Grants for nobody known are counted once in so many, because to count them is to walk over them. */
const ANONYMOUS_SLICE = 500;

interface GrantRow {
  readonly id: string;
  readonly client_id: string;
  readonly resource_server_id: string;
  readonly rpt_format: string;
  readonly party_reference: string;
  readonly party_known: number;
  readonly permissions: string;
  readonly judged: number;
  readonly sealed_claims: string | null;
  readonly created_at: number;
  readonly used_at: number;
  readonly refresh_generation: number | null;
  readonly refresh_rotated_at: number | null;
  readonly refresh_attempt: string | null;
  readonly expires_at: number;
}

const CREATE = [
  `CREATE TABLE IF NOT EXISTS grants (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL,
    resource_server_id TEXT NOT NULL,
    rpt_format TEXT NOT NULL,
    party_reference TEXT NOT NULL,
    party_known INTEGER NOT NULL,
    permissions TEXT NOT NULL,
    judged INTEGER NOT NULL,
    sealed_claims TEXT,
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    refresh_generation INTEGER,
    refresh_rotated_at INTEGER,
    refresh_attempt TEXT,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  "CREATE INDEX IF NOT EXISTS grants_by_end ON grants (expires_at)",
  "CREATE INDEX IF NOT EXISTS grants_by_party ON grants (party_reference, client_id, used_at) WHERE party_known = 1",
  "CREATE INDEX IF NOT EXISTS grants_of_nobody ON grants (client_id, used_at) WHERE party_known = 0",
];
/** Grants that a list looks at in one call: no index knows what is sought, and one more would cost each redemption. */
const SEEN_AT_ONCE = 1_000;
/** An id may also be a part of another word of a grant, so its permissions are looked at once more (grant-list.ts). */
const LOOK = `
  SELECT id, expires_at > ?2 AND (?3 IS NULL OR client_id = ?3) AND (?4 IS NULL OR party_reference = ?4)
    AND (?5 IS NULL OR instr(permissions, ?5) > 0) AS is_wanted
  FROM grants WHERE id > ?1 ORDER BY id LIMIT ${SEEN_AT_ONCE}`;
const INSERT = `
  INSERT INTO grants (id, client_id, resource_server_id, rpt_format, party_reference, party_known, permissions, judged,
    sealed_claims, created_at, used_at, refresh_generation, refresh_rotated_at, refresh_attempt, expires_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const UPDATE = `
  UPDATE grants SET permissions = ?, judged = ?, used_at = ?, refresh_generation = ?, refresh_rotated_at = ?,
    refresh_attempt = ?, expires_at = ?
  WHERE id = ?`;
const REMOVE_IDLE_OF_PARTY = `
  DELETE FROM grants WHERE id IN (
    SELECT id FROM grants WHERE party_known = 1 AND party_reference = ? AND client_id = ?
    ORDER BY used_at DESC LIMIT -1 OFFSET ${GRANTS_PER_PARTY - 1})`;
const REMOVE_IDLE_OF_NOBODY = `
  DELETE FROM grants WHERE id IN (
    SELECT id FROM grants WHERE party_known = 0 AND client_id = ?
    ORDER BY used_at DESC LIMIT -1 OFFSET ${ANONYMOUS_GRANTS_PER_CLIENT - ANONYMOUS_SLICE})`;

function toBindings(grant: Grant): readonly LedgerValue[] {
  return [
    grant.id,
    grant.clientId,
    grant.resourceServerId,
    grant.rptFormat,
    grant.partyReference,
    grant.partyKnown ? 1 : 0,
    packPermissions(grant.permissions),
    grant.judged,
    grant.sealedClaims,
    grant.createdAt,
    grant.usedAt,
    grant.refreshGeneration,
    grant.refreshRotatedAt,
    grant.refreshAttempt,
    grant.expiresAt,
  ];
}

function fromRow(row: GrantRow): Grant {
  return {
    id: row.id,
    clientId: row.client_id,
    resourceServerId: row.resource_server_id,
    rptFormat: row.rpt_format === "opaque" ? "opaque" : "jwt",
    partyReference: row.party_reference,
    partyKnown: row.party_known === 1,
    permissions: unpackPermissions(row.permissions),
    judged: row.judged,
    sealedClaims: row.sealed_claims,
    createdAt: row.created_at,
    usedAt: row.used_at,
    refreshGeneration: row.refresh_generation,
    refreshRotatedAt: row.refresh_rotated_at,
    refreshAttempt: row.refresh_attempt,
    expiresAt: row.expires_at,
  };
}

/** Many scopes stand on the same policy, so where it holds is written once: each ground says which of them it is. */
function packPermissions(permissions: readonly HeldPermission[]): string {
  const plain = JSON.stringify(permissions);
  // Most hold anywhere, and a replacer makes writing several times as long.
  if (!plain.includes('"where":{')) return `[[],${plain}]`;
  const places = new Map<string, number>();
  const packed = JSON.stringify(permissions, (member, value) => {
    if (member !== "where" || value === null) return value;
    const place = JSON.stringify(value);
    if (!places.has(place)) places.set(place, places.size);
    return places.get(place);
  });
  return `[[${[...places.keys()].join()}],${packed}]`;
}

function unpackPermissions(text: string): readonly HeldPermission[] {
  const [places, permissions] = JSON.parse(text) as readonly [readonly WhereBody[], readonly HeldPermission[]];
  // Most hold anywhere, and a reviver makes parsing several times as long.
  if (places.length === 0) return permissions;
  const [, located] = JSON.parse(text, (member, value) => {
    return member === "where" && typeof value === "number" ? places[value] : value;
  }) as readonly [unknown, readonly HeldPermission[]];
  return located;
}

/** Which grants are looked for; null: whichever. */
export type Sought = Pick<GrantsRequest, "clientId" | "partyReference" | "resourceId">;

/** Grants that were looked at, in the order of their ids. */
export interface SeenGrants {
  /** The ids of those that may be what is sought. */
  readonly found: readonly string[];
  /** The last that was looked at; null: there are no more. */
  readonly last: string | null;
}

/** The live grants of an owner. What is no longer held is deleted, not marked: absence is the safe answer. */
export class Grants {
  readonly #sql: LedgerSql;
  /** How many more grants for nobody known a client may get before they are counted; by client. */
  readonly #uncounted = new Map<string, number>();

  constructor(storage: LedgerStorage) {
    this.#sql = storage.sql;
  }

  /** Makes the table and its index, when the ledger is opened; safe to repeat. */
  create(): void {
    for (const statement of CREATE) this.#sql.exec(statement);
  }

  find(id: string): Grant | null {
    const row = findRow<GrantRow>(this.#sql, "SELECT * FROM grants WHERE id = ?", id);
    return row && fromRow(row);
  }

  /** Looks through some grants after this id for what has not expired and is sought. */
  look(after: string, { clientId, partyReference, resourceId }: Sought, now: number): SeenGrants {
    const bindings = [after, now, clientId, partyReference, resourceId];
    const seen = listRows<{ id: string; is_wanted: number }>(this.#sql, LOOK, ...bindings);
    const found = seen.filter(({ is_wanted }) => is_wanted === 1).map(({ id }) => id);
    return { found, last: seen.length < SEEN_AT_ONCE ? null : (seen.at(-1)?.id ?? null) };
  }

  /** Keeps a new grant; where there are many already, those that lay idle longest end (ledger/README.md, rule 9). */
  insert(grant: Grant): void {
    if (grant.partyKnown) this.#sql.exec(REMOVE_IDLE_OF_PARTY, grant.partyReference, grant.clientId);
    else this.#limitAnonymous(grant.clientId);
    this.#sql.exec(INSERT, ...toBindings(grant));
  }

  #limitAnonymous(clientId: string): void {
    const left = this.#uncounted.get(clientId) ?? 0;
    this.#uncounted.set(clientId, left > 0 ? left - 1 : ANONYMOUS_SLICE - 1);
    if (left === 0) this.#sql.exec(REMOVE_IDLE_OF_NOBODY, clientId);
  }

  /** Writes what may change of a grant, or deletes it when nothing is held any more. */
  update(grant: Grant): void {
    if (grant.permissions.length === 0) {
      this.remove(grant.id);
      return;
    }
    const { permissions, judged, usedAt, refreshGeneration, refreshRotatedAt, refreshAttempt, expiresAt, id } = grant;
    const changed = [judged, usedAt, refreshGeneration, refreshRotatedAt, refreshAttempt, expiresAt];
    this.#sql.exec(UPDATE, packPermissions(permissions), ...changed, id);
  }

  remove(id: string): void {
    this.#sql.exec("DELETE FROM grants WHERE id = ?", id);
  }

  /** Grants that have not been judged up to this place in the book. */
  listBehind(sequence: number, limit: number): readonly Grant[] {
    return listRows<GrantRow>(this.#sql, "SELECT * FROM grants WHERE judged < ? LIMIT ?", sequence, limit).map(fromRow);
  }

  /** The place in the book up to which every grant has been judged; Infinity when there is none. */
  judgedByAll(): number {
    const query = "SELECT min(judged) AS judged FROM grants";
    return findRow<{ judged: number | null }>(this.#sql, query)?.judged ?? Number.POSITIVE_INFINITY;
  }

  /** @returns how many went; fewer than the limit means that none is left. */
  removeExpired(now: number, limit: number): number {
    const query =
      "DELETE FROM grants WHERE id IN (SELECT id FROM grants WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)";
    this.#sql.exec(query, now, limit);
    return findRow<{ n: number }>(this.#sql, "SELECT changes() AS n")?.n ?? 0;
  }

  /** When the first grant expires, epoch seconds; null when there is none. */
  firstEnd(): number | null {
    return findRow<{ end: number | null }>(this.#sql, "SELECT min(expires_at) AS end FROM grants")?.end ?? null;
  }

  count(): number {
    return findRow<{ n: number }>(this.#sql, "SELECT count(*) AS n FROM grants")?.n ?? 0;
  }
}
