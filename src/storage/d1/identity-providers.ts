import type { LeasedIssuer } from "../../ledger/ports.ts";
import type { IdentityProviderStore } from "../../operations/ports/identity-provider.ts";
import type { Page } from "../../operations/ports/page.ts";
import type { IdentityProvider, PublicKey } from "../../protocol/identity-provider.ts";
import { MAX_IDENTITY_PROVIDERS } from "../../shared/limits.ts";
import type { Versioned } from "../../shared/versioned.ts";
import { Leased } from "./leased.ts";
import { ageCursor, parseAgeCursor, toPage } from "./page.ts";

interface IdentityProviderRow {
  readonly id: string;
  readonly issuer: string;
  readonly name: string;
  readonly client_id: string;
  readonly authentication_method: IdentityProvider["authenticationMethod"];
  readonly signing_algorithm: IdentityProvider["signingAlgorithm"];
  readonly assertion_audience: IdentityProvider["assertionAudience"];
  readonly signs_requests: number;
  readonly scopes: string;
  readonly acr_values: string;
  readonly accepted_levels: string;
  readonly prompt: IdentityProvider["prompt"];
  readonly claims: string;
  readonly email_domains: string;
  readonly max_claims_age: number | null;
  readonly enabled: number;
  readonly public_keys: string;
  readonly sealed_credentials: string;
  readonly created_at: number;
  readonly version: number;
}

/** There are few, and a page names them all: so one copy of all of them is kept. */
const ALL = "all";

const FIND = "SELECT * FROM identity_providers WHERE id = ?1";
const LIST = "SELECT * FROM identity_providers WHERE (created_at, id) > (?1, ?2) ORDER BY created_at, id LIMIT ?3";
const INSERT = `
  INSERT INTO identity_providers (id, issuer, name, client_id, authentication_method, signing_algorithm,
    assertion_audience, signs_requests, scopes, acr_values, accepted_levels, prompt, claims, email_domains,
    max_claims_age, enabled, public_keys, sealed_credentials, created_at)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, unixepoch()
  WHERE (SELECT count(*) FROM identity_providers) < ?19
  ON CONFLICT (issuer) DO NOTHING`;
// The issuer identifier stays: people are known by it.
const REPLACE = `
  UPDATE identity_providers SET name = ?3, client_id = ?4, authentication_method = ?5, signing_algorithm = ?6,
    assertion_audience = ?7, signs_requests = ?8, scopes = ?9, acr_values = ?10, accepted_levels = ?11, prompt = ?12,
    claims = ?13, email_domains = ?14, max_claims_age = ?15, enabled = ?16, public_keys = ?17,
    sealed_credentials = ?18, version = version + 1
  WHERE id = ?1 AND issuer = ?2 AND version = ?19`;
const REMOVE = "DELETE FROM identity_providers WHERE id = ?1 AND (?2 IS NULL OR version = ?2)";

/** In the order of the parameters of INSERT and REPLACE. */
function toRow(provider: IdentityProvider): readonly (string | number | null)[] {
  return [
    provider.id,
    provider.issuer,
    provider.name,
    provider.clientId,
    provider.authenticationMethod,
    provider.signingAlgorithm,
    provider.assertionAudience,
    provider.signsRequests ? 1 : 0,
    JSON.stringify(provider.scopes),
    JSON.stringify(provider.acrValues),
    JSON.stringify(provider.acceptedLevels),
    provider.prompt,
    JSON.stringify(provider.claims),
    JSON.stringify(provider.emailDomains),
    provider.maxClaimsAge,
    provider.enabled ? 1 : 0,
    JSON.stringify(provider.publicKeys),
    provider.sealedCredentials,
  ];
}

function fromRow(row: IdentityProviderRow): IdentityProvider {
  return {
    id: row.id,
    issuer: row.issuer,
    name: row.name,
    clientId: row.client_id,
    authenticationMethod: row.authentication_method,
    signingAlgorithm: row.signing_algorithm,
    assertionAudience: row.assertion_audience,
    signsRequests: row.signs_requests === 1,
    scopes: JSON.parse(row.scopes),
    acrValues: JSON.parse(row.acr_values),
    acceptedLevels: JSON.parse(row.accepted_levels),
    prompt: row.prompt,
    claims: JSON.parse(row.claims),
    emailDomains: JSON.parse(row.email_domains),
    maxClaimsAge: row.max_claims_age,
    enabled: row.enabled === 1,
    publicKeys: JSON.parse(row.public_keys),
    sealedCredentials: row.sealed_credentials,
  };
}

export class D1IdentityProviderStore implements IdentityProviderStore {
  readonly #db: D1Database;
  readonly #leased: Leased<readonly IdentityProvider[]>;

  constructor(db: D1Database, leased: Leased<readonly IdentityProvider[]> = new Leased()) {
    this.#db = db;
    this.#leased = leased;
  }

  async find(id: string): Promise<IdentityProvider | null> {
    return (await this.#all()).find((provider) => provider.id === id) ?? null;
  }

  /** Only where people can sign in, as with a provider that is switched off nobody could get its word any more. */
  async findLeased(issuer: string): Promise<LeasedIssuer | null> {
    const { providers, until } = await this.#leasedAll();
    const provider = providers.find((one) => one.enabled && one.issuer === issuer);
    if (provider === undefined) return null;
    const { claims, emailDomains, maxClaimsAge } = provider;
    return { issuer: { issuer, claims, emailDomains, maxTokenAge: maxClaimsAge }, until };
  }

  listSpeakers(): Promise<readonly IdentityProvider[]> {
    return this.listEnabled();
  }

  async listPublicKeys(): Promise<readonly PublicKey[]> {
    return (await this.#all()).flatMap(({ publicKeys }) => publicKeys);
  }

  async listEnabled(): Promise<readonly IdentityProvider[]> {
    return (await this.#all()).filter(({ enabled }) => enabled);
  }

  async findCurrent(id: string): Promise<Versioned<IdentityProvider> | null> {
    const row = await this.#db.prepare(FIND).bind(id).first<IdentityProviderRow>();
    return row === null ? null : { value: fromRow(row), version: row.version };
  }

  async list(cursor: string | null, limit: number): Promise<Page<IdentityProvider>> {
    const after = parseAgeCursor(cursor);
    const { results } = await this.#db
      .prepare(LIST)
      .bind(after.createdAt, after.id, limit + 1)
      .all<IdentityProviderRow>();
    const { items, next } = toPage(results, limit, (row) => ageCursor({ createdAt: row.created_at, id: row.id }));
    return { items: items.map(fromRow), next };
  }

  async insert(provider: IdentityProvider): Promise<boolean> {
    const { meta } = await this.#db
      .prepare(INSERT)
      .bind(...toRow(provider), MAX_IDENTITY_PROVIDERS)
      .run();
    this.#leased.forget(ALL);
    return meta.changes > 0;
  }

  async replace(provider: IdentityProvider, version: number): Promise<boolean> {
    const { meta } = await this.#db
      .prepare(REPLACE)
      .bind(...toRow(provider), version)
      .run();
    return this.#changed(meta.changes);
  }

  async remove(id: string, version: number | null): Promise<boolean> {
    const { meta } = await this.#db.prepare(REMOVE).bind(id, version).run();
    return this.#changed(meta.changes);
  }

  async #all(): Promise<readonly IdentityProvider[]> {
    return (await this.#leasedAll()).providers;
  }

  async #leasedAll(): Promise<{ readonly providers: readonly IdentityProvider[]; readonly until: number }> {
    const read = async () => (await this.list(null, MAX_IDENTITY_PROVIDERS)).items;
    const entry = await this.#leased.findEntry(ALL, read);
    return { providers: entry?.value ?? [], until: (entry?.leasedUntil ?? 0) / 1_000 };
  }

  async #changed(changes: number): Promise<boolean> {
    if (changes === 0) return false;
    await this.#leased.runOut();
    return true;
  }
}
