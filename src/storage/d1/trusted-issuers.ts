import type { LeasedIssuer } from "../../ledger/ports.ts";
import type { TrustedIssuerStore } from "../../operations/ports/issuer.ts";
import type { Page } from "../../operations/ports/page.ts";
import { IssuerDirectory, type ListedIssuer } from "../../protocol/issuer-directory.ts";
import { type Choices, countedForms } from "../../protocol/profile.ts";
import { DEFAULT_ISSUER_DETAILS, type IssuerDetails, type TrustedIssuer } from "../../protocol/trusted-issuer.ts";
import { MAX_TRUSTED_ISSUERS } from "../../shared/limits.ts";
import type { Versioned } from "../../shared/versioned.ts";
import { Leased } from "./leased.ts";
import { ageCursor, parseAgeCursor, toPage } from "./page.ts";

interface TrustedIssuerRow {
  readonly id: string;
  readonly issuer: string;
  readonly jwks: string | null;
  readonly jwks_uri: string | null;
  readonly audiences: string;
  readonly claims: string;
  readonly email_domains: string;
  readonly max_token_age: number | null;
  readonly details: string;
  readonly created_at: number;
  readonly version: number;
}

type ListedIssuerRow = Pick<TrustedIssuerRow, "issuer" | "claims" | "email_domains"> & {
  readonly formats: string | null;
  readonly client_id: string | null;
};

/** The one key that the directory is kept under. */
const ALL = "all";

const FIND = "SELECT * FROM trusted_issuers WHERE id = ?1";
const FIND_BY_ISSUER = "SELECT * FROM trusted_issuers WHERE issuer = ?1";
const LIST_TRUSTED = "SELECT issuer FROM trusted_issuers WHERE issuer IN (SELECT value FROM json_each(?1))";
/** Of the domains only whether there are any: whom to ask is not told by an address. */
const DIRECTORY = `
  SELECT issuer, claims, iif(email_domains = '[]', '[]', '"all"') AS email_domains,
    details ->> '$.formats' AS formats, details ->> '$.clientId' AS client_id
  FROM trusted_issuers
  ORDER BY created_at, id`;
const LIST = "SELECT * FROM trusted_issuers WHERE (created_at, id) > (?1, ?2) ORDER BY created_at, id LIMIT ?3";
const INSERT = `
  INSERT INTO trusted_issuers (id, issuer, jwks, jwks_uri, audiences, claims, email_domains, max_token_age, details, created_at)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, unixepoch()
  WHERE (SELECT count(*) FROM trusted_issuers) < ?10
  ON CONFLICT (issuer) DO NOTHING`;
// The issuer identifier stays: under another one this would be another issuer.
const REPLACE = `
  UPDATE trusted_issuers SET jwks = ?3, jwks_uri = ?4, audiences = ?5, claims = ?6, email_domains = ?7,
    max_token_age = ?8, details = ?9, version = version + 1
  WHERE id = ?1 AND issuer = ?2 AND version = ?10`;
const REMOVE = "DELETE FROM trusted_issuers WHERE id = ?1 AND (?2 IS NULL OR version = ?2)";

/** In the order of the parameters of INSERT and REPLACE. */
function toRow(trusted: TrustedIssuer): readonly (string | number | null)[] {
  return [
    trusted.id,
    trusted.issuer,
    trusted.jwks === null ? null : JSON.stringify(trusted.jwks),
    trusted.jwksUri,
    JSON.stringify(trusted.audiences),
    JSON.stringify(trusted.claims),
    JSON.stringify(trusted.emailDomains),
    trusted.maxTokenAge,
    JSON.stringify(detailsOf(trusted)),
  ];
}

function detailsOf(trusted: TrustedIssuer): IssuerDetails {
  const { formats, clientId, introspection, assertions, attestsSoftware } = trusted;
  return { formats, clientId, introspection, assertions, attestsSoftware };
}

type Listed = ListedIssuer & Pick<TrustedIssuer, "formats">;

function listedFromRow({ issuer, claims, email_domains, formats, client_id }: ListedIssuerRow): Listed {
  return {
    issuer,
    claims: JSON.parse(claims),
    emailDomains: JSON.parse(email_domains),
    formats: formats === null ? DEFAULT_ISSUER_DETAILS.formats : JSON.parse(formats),
    clientId: client_id,
  };
}

function fromRow(row: TrustedIssuerRow): TrustedIssuer {
  return {
    id: row.id,
    issuer: row.issuer,
    jwks: row.jwks === null ? null : (JSON.parse(row.jwks) as TrustedIssuer["jwks"]),
    jwksUri: row.jwks_uri,
    audiences: JSON.parse(row.audiences) as string[],
    claims: JSON.parse(row.claims) as TrustedIssuer["claims"],
    emailDomains: JSON.parse(row.email_domains) as TrustedIssuer["emailDomains"],
    maxTokenAge: row.max_token_age,
    ...DEFAULT_ISSUER_DETAILS,
    ...(JSON.parse(row.details) as Partial<IssuerDetails>),
  };
}

export class D1TrustedIssuerStore implements TrustedIssuerStore {
  readonly #db: D1Database;
  readonly #choices: Pick<Choices, "claimTokens">;
  readonly #leased: Leased<TrustedIssuer>;
  readonly #directory = new Leased<IssuerDirectory>();

  /** @param choices in which forms an issuer is heard, by findByIssuer, findLeased and directory; others tell what its entry says. */
  constructor(
    db: D1Database,
    choices: Pick<Choices, "claimTokens"> = { claimTokens: "any" },
    leased: Leased<TrustedIssuer> = new Leased(),
  ) {
    this.#db = db;
    this.#choices = choices;
    this.#leased = leased;
  }

  async directory(): Promise<IssuerDirectory> {
    const read = async () => {
      const { results } = await this.#db.prepare(DIRECTORY).all<ListedIssuerRow>();
      return new IssuerDirectory(results.map((row) => this.#heard(listedFromRow(row))));
    };
    return (await this.#directory.find(ALL, read)) ?? new IssuerDirectory([]);
  }

  async findByIssuer(issuer: string): Promise<TrustedIssuer | null> {
    return (await this.findLeased(issuer))?.issuer ?? null;
  }

  async findLeased(issuer: string): Promise<(LeasedIssuer & { readonly issuer: TrustedIssuer }) | null> {
    const entry = await this.#leased.findEntry(issuer, async () => {
      const row = await this.#first(FIND_BY_ISSUER, issuer);
      return row === null ? null : this.#heard(fromRow(row));
    });
    return entry && { issuer: entry.value, until: entry.leasedUntil / 1_000 };
  }

  async findCurrent(id: string): Promise<Versioned<TrustedIssuer> | null> {
    const row = await this.#first(FIND, id);
    return row === null ? null : { value: fromRow(row), version: row.version };
  }

  async listTrusted(issuers: readonly string[]): Promise<readonly string[]> {
    const named = this.#db.prepare(LIST_TRUSTED).bind(JSON.stringify(issuers));
    return (await named.all<Pick<TrustedIssuerRow, "issuer">>()).results.map(({ issuer }) => issuer);
  }

  async list(cursor: string | null, limit: number): Promise<Page<TrustedIssuer>> {
    const after = parseAgeCursor(cursor);
    const { results } = await this.#db
      .prepare(LIST)
      .bind(after.createdAt, after.id, limit + 1)
      .all<TrustedIssuerRow>();
    const { items, next } = toPage(results, limit, (row) => ageCursor({ createdAt: row.created_at, id: row.id }));
    return { items: items.map(fromRow), next };
  }

  async insert(trusted: TrustedIssuer): Promise<boolean> {
    const { meta } = await this.#db
      .prepare(INSERT)
      .bind(...toRow(trusted), MAX_TRUSTED_ISSUERS)
      .run();
    this.#directory.forget(ALL);
    return meta.changes > 0;
  }

  async replace(trusted: TrustedIssuer, version: number): Promise<boolean> {
    const { meta } = await this.#db
      .prepare(REPLACE)
      .bind(...toRow(trusted), version)
      .run();
    return this.#changed(meta.changes);
  }

  async remove(id: string, version: number | null): Promise<boolean> {
    const { meta } = await this.#db.prepare(REMOVE).bind(id, version).run();
    return this.#changed(meta.changes);
  }

  #heard<One extends Pick<TrustedIssuer, "formats">>(issuer: One): One {
    return { ...issuer, formats: countedForms(this.#choices, issuer.formats) };
  }

  #first(statement: string, key: string): Promise<TrustedIssuerRow | null> {
    return this.#db.prepare(statement).bind(key).first<TrustedIssuerRow>();
  }

  async #changed(changes: number): Promise<boolean> {
    if (changes === 0) return false;
    this.#directory.forget(ALL);
    await this.#leased.runOut();
    return true;
  }
}
