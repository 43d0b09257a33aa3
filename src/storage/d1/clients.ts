import type { ClientStore } from "../../operations/ports/client.ts";
import type { Page } from "../../operations/ports/page.ts";
import { type Client, type ClientDetails, DEFAULT_DETAILS, type RptFormat } from "../../protocol/client.ts";
import { hostOfClientUrl, withHosts } from "../../protocol/client-document.ts";
import { LEASE_SECONDS } from "../../protocol/lifetimes.ts";
import type { ClientAuthenticationMethod, GrantType } from "../../protocol/wire/client.ts";
import type { Versioned } from "../../shared/versioned.ts";
import { Leased } from "./leased.ts";
import { ageCursor, parseAgeCursor, toPage } from "./page.ts";

interface ClientRow {
  readonly id: string;
  readonly name: string;
  readonly authentication_method: string;
  readonly secret_hash: string | null;
  readonly jwks: string | null;
  readonly jwks_uri: string | null;
  readonly grant_types: string;
  readonly scopes: string;
  readonly redirect_uris: string;
  readonly requires_pushed_requests: number;
  readonly client_uri: string | null;
  readonly claims_redirect_uris: string;
  readonly may_push_claims: number;
  readonly redirects_errors: number;
  readonly issuer_client_ids: string;
  readonly rpt_format: string;
  readonly details: string;
  readonly created_at: number;
  readonly version: number;
}

const FIND = "SELECT * FROM clients WHERE id = ?1";
const LIST = "SELECT * FROM clients WHERE (created_at, id) > (?1, ?2) ORDER BY created_at, id LIMIT ?3";
const LIST_PUBLIC = `
  SELECT id FROM clients WHERE id IN (SELECT value FROM json_each(?1)) AND authentication_method = 'none' ORDER BY id`;
const LIST_NAMES = "SELECT id, name FROM clients WHERE id IN (SELECT value FROM json_each(?1))";
const INSERT = `
  INSERT INTO clients (id, name, authentication_method, secret_hash, jwks, jwks_uri, grant_types, scopes,
    claims_redirect_uris, may_push_claims, issuer_client_ids, rpt_format, created_at, redirect_uris,
    requires_pushed_requests, client_uri, redirects_errors, details)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)`;
/** Of a client that nobody registered, what its document says now. */
const KEEP = `${INSERT}
  ON CONFLICT (id) DO UPDATE SET name = excluded.name, authentication_method = excluded.authentication_method,
    jwks = excluded.jwks, jwks_uri = excluded.jwks_uri, grant_types = excluded.grant_types, scopes = excluded.scopes,
    claims_redirect_uris = excluded.claims_redirect_uris, redirect_uris = excluded.redirect_uris,
    requires_pushed_requests = excluded.requires_pushed_requests, client_uri = excluded.client_uri,
    rpt_format = excluded.rpt_format, details = excluded.details, version = version + 1
  WHERE clients.id = ?1`;
const REPLACE = `
  UPDATE clients SET name = ?2, authentication_method = ?3, secret_hash = ?4, jwks = ?5, jwks_uri = ?6,
    grant_types = ?7, scopes = ?8, claims_redirect_uris = ?9, may_push_claims = ?10, issuer_client_ids = ?11,
    rpt_format = ?12, created_at = ?13, redirect_uris = ?14, requires_pushed_requests = ?15, client_uri = ?16,
    redirects_errors = ?17, details = ?18, version = version + 1
  WHERE id = ?1 AND version = ?19`;
const REMOVE = "DELETE FROM clients WHERE id = ?1 AND (?2 IS NULL OR version = ?2)";

/** In the order of the parameters of INSERT and REPLACE. */
function toRow(client: Client): readonly (string | number | null)[] {
  return [
    client.id,
    client.name,
    client.authenticationMethod,
    client.secretHash,
    client.jwks === null ? null : JSON.stringify(client.jwks),
    client.jwksUri,
    JSON.stringify(client.grantTypes),
    JSON.stringify(client.scopes),
    JSON.stringify(client.claimsRedirectUris),
    client.mayPushClaims ? 1 : 0,
    JSON.stringify(client.issuerClientIds),
    client.rptFormat,
    client.createdAt,
    JSON.stringify(client.redirectUris),
    client.requiresPushedRequests ? 1 : 0,
    client.clientUri,
    client.redirectsErrors ? 1 : 0,
    JSON.stringify(detailsOf(client)),
  ];
}

/** What is as by default is left out, so that a member that comes later has its default in older rows too. */
function detailsOf(client: Client): Partial<ClientDetails> {
  const said = Object.entries(DEFAULT_DETAILS).filter(
    ([member, byDefault]) => !isSame(Reflect.get(client, member), byDefault),
  );
  return Object.fromEntries(said.map(([member]) => [member, Reflect.get(client, member)]));
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** @param details as a row of clients keeps them */
export function readDetails(details: string): ClientDetails {
  return { ...DEFAULT_DETAILS, ...(JSON.parse(details) as Partial<ClientDetails>) };
}

function fromRow(row: ClientRow): Client {
  return {
    id: row.id,
    name: row.name,
    authenticationMethod: row.authentication_method as ClientAuthenticationMethod,
    secretHash: row.secret_hash,
    jwks: row.jwks === null ? null : (JSON.parse(row.jwks) as Client["jwks"]),
    jwksUri: row.jwks_uri,
    grantTypes: JSON.parse(row.grant_types) as GrantType[],
    scopes: JSON.parse(row.scopes) as string[],
    redirectUris: JSON.parse(row.redirect_uris) as string[],
    requiresPushedRequests: row.requires_pushed_requests === 1,
    clientUri: row.client_uri,
    claimsRedirectUris: JSON.parse(row.claims_redirect_uris) as string[],
    redirectsErrors: row.redirects_errors === 1,
    mayPushClaims: row.may_push_claims === 1,
    issuerClientIds: JSON.parse(row.issuer_client_ids) as Record<string, string>,
    rptFormat: row.rpt_format as RptFormat,
    createdAt: row.created_at,
    ...readDetails(row.details),
  };
}

/** For batches in which something else has to be written with it. Nobody can have asked for a client whose id was just drawn. */
export function insertClient(db: D1Database, client: Client): D1PreparedStatement {
  return db.prepare(INSERT).bind(...toRow(client));
}

/** Clients that nobody registered, as what they are known by describes them. */
export interface DescribedClients {
  /** Whether such a client could have this id. */
  isDescribed(id: string): boolean;
  find(id: string): Promise<Client | null>;
}

export class D1ClientStore implements ClientStore {
  readonly #db: D1Database;
  readonly #leased: Leased<Client>;
  readonly #described: DescribedClients | null;

  /**
   * Ids are drawn, so nobody asks for one before it is there; and absence is remembered as long as a client is, so that
   * neither the time of an answer nor its cost tells which ids there are.
   */
  constructor(
    db: D1Database,
    leased: Leased<Client> = new Leased({ absentSeconds: LEASE_SECONDS }),
    described: DescribedClients | null = null,
  ) {
    this.#db = db;
    this.#leased = leased;
    this.#described = described;
  }

  find(id: string): Promise<Client | null> {
    if (this.#described?.isDescribed(id)) return this.#described.find(id);
    return this.#leased.find(id, async () => {
      const client = (await this.findCurrent(id))?.value ?? null;
      // What was written down of a client that nobody registered is for naming it; only its document lets it in.
      return client?.provenance === "document" ? null : client;
    });
  }

  async findCurrent(id: string): Promise<Versioned<Client> | null> {
    const row = await this.#db.prepare(FIND).bind(id).first<ClientRow>();
    return row === null ? null : { value: fromRow(row), version: row.version };
  }

  async listPublic(ids: readonly string[]): Promise<readonly string[]> {
    const { results } = await this.#db.prepare(LIST_PUBLIC).bind(JSON.stringify(ids)).all<Pick<ClientRow, "id">>();
    // What a document says of its client may change any day, so no permit counts on it.
    return [...results.map(({ id }) => id), ...ids.filter((id) => hostOfClientUrl(id) !== null)].sort();
  }

  async listNames(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    type NameRow = Pick<ClientRow, "id" | "name">;
    const { results } = await this.#db.prepare(LIST_NAMES).bind(JSON.stringify(ids)).all<NameRow>();
    return withHosts(new Map(results.map(({ id, name }) => [id, name])), ids);
  }

  async list(cursor: string | null, limit: number): Promise<Page<Client>> {
    const after = parseAgeCursor(cursor);
    const { results } = await this.#db
      .prepare(LIST)
      .bind(after.createdAt, after.id, limit + 1)
      .all<ClientRow>();
    return toPage(results.map(fromRow), limit, ageCursor);
  }

  async keep(client: Client, now: number): Promise<void> {
    if (client.provenance !== "document") return;
    await this.#db
      .prepare(KEEP)
      .bind(...toRow({ ...client, createdAt: now }))
      .run();
  }

  async insert(client: Client): Promise<void> {
    await insertClient(this.#db, client).run();
    this.#leased.forget(client.id);
  }

  async replace(client: Client, version: number): Promise<boolean> {
    const { meta } = await this.#db
      .prepare(REPLACE)
      .bind(...toRow(client), version)
      .run();
    return this.#changed(meta.changes);
  }

  async remove(id: string, version: number | null): Promise<boolean> {
    const { meta } = await this.#db.prepare(REMOVE).bind(id, version).run();
    return meta.changes > 0;
  }

  leasesRunOut(): Promise<void> {
    return this.#leased.runOut();
  }

  async #changed(changes: number): Promise<boolean> {
    if (changes === 0) return false;
    await this.#leased.runOut();
    return true;
  }
}
