import type { Page } from "../../operations/ports/page.ts";
import type {
  ForeignThing,
  HomeOfApp,
  PermitForMe,
  PermittedThings,
  SharedWithMeStore,
} from "../../operations/ports/shared-with-me.ts";
import { askTarget } from "../../policy/language/kinds.ts";
import type { NamedPerson } from "../../policy/language/named-people.ts";
import { readScopeNames } from "../../protocol/scope-names.ts";
import { idCursor, parseIdCursor, toPage } from "./page.ts";
import { type DocumentRow, policyFromRow } from "./rows.ts";

interface PermitRow extends DocumentRow {
  readonly owner_id: string;
  readonly owner_name: string;
  readonly wrapped_key: string | null;
  readonly sealed_name: string | null;
}

interface ThingRow {
  readonly id: string;
  readonly name: string | null;
  readonly description: string;
  readonly app_name: string | null;
  readonly app_uri: string | null;
}

interface AppRow {
  readonly id: string;
  readonly name: string;
  readonly client_uri: string | null;
}

/** Things that are shown of one permit. */
const THINGS_SHOWN = 5;

const LIST = `
  SELECT policies.id, policies.version, document, policies.owner_id, owners.name AS owner_name, wrapped_key, sealed_name
  FROM policies JOIN owners ON owners.id = policies.owner_id
    LEFT JOIN accounts ON accounts.owner_id = policies.owner_id
  WHERE policies.id > ?2 AND policies.owner_id <> ?3 AND document ->> '$.effect' = 'permit' AND policies.id IN (
    SELECT policy_id FROM json_each(?1) AS me CROSS JOIN policy_people ON policy_people.person = me.value
    UNION
    SELECT policy_id FROM json_each(?1) AS me CROSS JOIN group_people ON group_people.person = me.value
      CROSS JOIN policy_groups ON policy_groups.group_id = group_people.group_id)
  ORDER BY policies.id LIMIT ?4`;

/** The things of a target; ?2 is what it names. */
const things = (where: string) => `
  SELECT resources.id, resources.name, resources.description, clients.name AS app_name, clients.client_uri AS app_uri
  FROM resources LEFT JOIN clients ON clients.id = resource_server_id WHERE ${where} LIMIT ${THINGS_SHOWN + 1}`;
const NAMED = things("resources.id IN (SELECT value FROM json_each(?2)) AND +owner_id = ?1");
const OF_TYPE = things("owner_id = ?1 AND type = ?2");
const ALL = things("owner_id = ?1 AND ?2 IS NULL");

const FIND_APPS = "SELECT id, name, client_uri FROM clients WHERE id IN (SELECT value FROM json_each(?1))";

const findTarget = askTarget<[], readonly [statement: string, named: string | null]>(
  {
    resources: ({ resources }) => [NAMED, JSON.stringify(resources)],
    type: ({ type }) => [OF_TYPE, type],
    all: () => [ALL, null],
  },
  () => [NAMED, "[]"],
);

export class D1SharedWithMeStore implements SharedWithMeStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async list(
    people: readonly NamedPerson[],
    except: string,
    cursor: string | null,
    limit: number,
  ): Promise<Page<PermitForMe>> {
    const statement = this.#db.prepare(LIST).bind(JSON.stringify(people), parseIdCursor(cursor), except, limit + 1);
    const { items, next } = toPage((await statement.all<PermitRow>()).results, limit, idCursor);
    return { items: items.map(permitFromRow), next };
  }

  async listThings(permits: readonly PermitForMe[]): Promise<readonly PermittedThings[]> {
    if (permits.length === 0) return [];
    const statements = permits.map(({ policy, ownerId }) => {
      const [statement, named] = findTarget(policy.document.target);
      return this.#db.prepare(statement).bind(ownerId, named);
    });
    const read = await this.#db.batch<ThingRow>(statements);
    return read.map(({ results }) => ({
      things: results.slice(0, THINGS_SHOWN).map(thingFromRow),
      hasMore: results.length > THINGS_SHOWN,
    }));
  }

  async findApps(clientIds: readonly string[]): Promise<ReadonlyMap<string, HomeOfApp>> {
    const { results } = await this.#db.prepare(FIND_APPS).bind(JSON.stringify(clientIds)).all<AppRow>();
    return new Map(results.map(({ id, name, client_uri }) => [id, { name, uri: client_uri }]));
  }
}

function thingFromRow({ id, name, description, app_name, app_uri }: ThingRow): ForeignThing {
  const app = app_name === null ? null : { name: app_name, uri: app_uri };
  return { id, name, scopeNames: readScopeNames(JSON.parse(description)), app };
}

function permitFromRow(row: PermitRow): PermitForMe {
  const { wrapped_key: wrappedKey, sealed_name: sealedName } = row;
  return {
    policy: policyFromRow(row),
    ownerId: row.owner_id,
    ownerName: row.owner_name,
    account: wrappedKey === null || sealedName === null ? null : { wrappedKey, sealedName },
  };
}
