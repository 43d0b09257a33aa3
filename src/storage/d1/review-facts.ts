import type { ReviewStore } from "../../operations/ports/review.ts";
import { askTarget } from "../../policy/language/kinds.ts";
import type { Mentions, ReviewFacts } from "../../policy/review/facts.ts";
import type { ListedIssuer } from "../../protocol/issuer-directory.ts";

/** Resources that are looked at for the scopes of a type, or of everything; an owner can have very many. */
const MAX_RESOURCES_SEEN = 100;
/** Issuers that are looked at for whoever may speak for a claim; an operator trusts few. */
const MAX_ISSUERS_SEEN = 50;

/** The resources of a target, and what is in them; ?2 is what it names. */
const TARGETED = {
  resources: `
    SELECT resources.id, scopes FROM json_each(?2) AS named CROSS JOIN resources ON resources.id = named.value
    WHERE owner_id = ?1
    UNION ALL
    SELECT resources.id, scopes FROM json_each(?2) AS named
    CROSS JOIN collection_members ON collection_id = named.value CROSS JOIN resources ON resources.id = member_id
    WHERE owner_id = ?1 LIMIT ${MAX_RESOURCES_SEEN + 1}`,
  type: `SELECT id, scopes FROM resources WHERE owner_id = ?1 AND type = ?2 LIMIT ${MAX_RESOURCES_SEEN + 1}`,
  all: `SELECT id, scopes FROM resources WHERE owner_id = ?1 AND ?2 IS NULL LIMIT ${MAX_RESOURCES_SEEN + 1}`,
};
const registered = (targeted: string) => `
  SELECT DISTINCT scope.value FROM (${targeted}) AS targeted CROSS JOIN json_each(targeted.scopes) AS scope
  WHERE scope.value IN (SELECT value FROM json_each(?3))`;
const GROUPS = `
  SELECT owner_groups.id, json_array_length(document, '$.members') AS members
  FROM json_each(?2) AS named CROSS JOIN owner_groups ON owner_groups.id = named.value WHERE owner_id = ?1`;
const CLIENTS = `
  SELECT clients.id, may_push_claims OR claims_redirect_uris <> '[]' AS can_tell FROM json_each(?1) AS named CROSS JOIN clients ON clients.id = named.value`;
const NAMED_ISSUERS = `
  SELECT issuer, claims, email_domains FROM json_each(?1) AS named CROSS JOIN trusted_issuers ON issuer = named.value`;
const FIRST_ISSUERS = `
  SELECT issuer, claims, email_domains FROM trusted_issuers ORDER BY created_at, id LIMIT ${MAX_ISSUERS_SEEN + 1}`;

interface ClientRow {
  readonly id: string;
  readonly can_tell: number;
}

interface IssuerRow {
  readonly issuer: string;
  readonly claims: string;
  readonly email_domains: string;
}

function issuerFromRow(row: IssuerRow): ListedIssuer {
  return { issuer: row.issuer, claims: JSON.parse(row.claims), emailDomains: JSON.parse(row.email_domains) };
}

const findTargeted = askTarget<[], readonly [statement: string, named: string | null]>(
  {
    resources: ({ resources }) => [TARGETED.resources, JSON.stringify(resources)],
    type: ({ type }) => [TARGETED.type, type],
    all: () => [TARGETED.all, null],
  },
  () => [TARGETED.resources, "[]"],
);

export class D1ReviewStore implements ReviewStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async load(ownerId: string, mentions: Mentions): Promise<ReviewFacts> {
    const [targeted, named] = findTargeted(mentions.target);
    const [resources, scopes, groups, clients, namedIssuers, firstIssuers] = await this.#db.batch([
      this.#db.prepare(targeted).bind(ownerId, named),
      this.#db.prepare(registered(targeted)).bind(ownerId, named, JSON.stringify(mentions.scopes)),
      this.#db.prepare(GROUPS).bind(ownerId, JSON.stringify(mentions.groups)),
      this.#db.prepare(CLIENTS).bind(JSON.stringify(mentions.clients)),
      this.#db.prepare(NAMED_ISSUERS).bind(JSON.stringify(mentions.issuers)),
      ...(mentions.anyIssuer ? [this.#db.prepare(FIRST_ISSUERS)] : []),
    ]);
    const ids = rows<{ id: string }>(resources).map(({ id }) => id);
    const first = rows<IssuerRow>(firstIssuers);
    return {
      resources: new Set(ids),
      areAllResources: ids.length <= MAX_RESOURCES_SEEN,
      scopes: new Set(rows<{ value: string }>(scopes).map(({ value }) => value)),
      groups: new Map(rows<{ id: string; members: number }>(groups).map(({ id, members }) => [id, members])),
      clients: new Map(rows<ClientRow>(clients).map(({ id, can_tell }) => [id, can_tell === 1])),
      issuers: [...rows<IssuerRow>(namedIssuers), ...first].map(issuerFromRow),
      areAllIssuers: first.length <= MAX_ISSUERS_SEEN,
    };
  }
}

function rows<Row>(result: D1Result | undefined): readonly Row[] {
  return (result?.results ?? []) as Row[];
}
