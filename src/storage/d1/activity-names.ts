import type { ActivityNameStore, StoredNames } from "../../operations/ports/activity-names.ts";
import type { UnderConnection } from "../../operations/ports/connection.ts";
import type { Actor } from "../../protocol/actor.ts";
import { isVouchedFor } from "../../protocol/client.ts";
import { hostOfClientUrl, withHosts } from "../../protocol/client-document.ts";
import { homeOf } from "../../protocol/client-home.ts";
import { readScopeNames } from "../../protocol/scope-names.ts";
import { readDetails } from "./clients.ts";
import { queryAs } from "./under-connection.ts";

interface NamedRow {
  readonly id: string;
  readonly name: string | null;
  /** Of a resource what its scopes are called, as JSON. */
  readonly worded: string | null;
  /** Of an account. */
  readonly wrapped_key: string | null;
  /** Of a client, as JSON: a `RegisteredClient`. */
  readonly client: string | null;
}

interface RegisteredClient {
  readonly details: string;
  readonly client_uri: string | null;
  /** Each as JSON. */
  readonly redirect_uris: string;
  readonly claims_redirect_uris: string;
}

/** An id is drawn, so no two things share one. */
const NAMED = `
  SELECT clients.id, name, NULL AS worded, NULL AS wrapped_key, json_object('details', details, 'client_uri', client_uri,
    'redirect_uris', redirect_uris, 'claims_redirect_uris', claims_redirect_uris) AS client
  FROM json_each(?2) AS asked CROSS JOIN clients ON clients.id = asked.value
  UNION ALL SELECT resources.id, resources.description ->> '$.name', (
    SELECT json_group_object(key, json(value)) FROM json_each(resources.description)
    WHERE key GLOB 'scope_names*' AND type = 'object'), NULL, NULL
  FROM json_each(?2) AS asked CROSS JOIN resources ON resources.id = asked.value WHERE owner_id = ?1
  UNION ALL SELECT policies.id, document ->> '$.name', NULL, NULL, NULL
  FROM json_each(?2) AS asked CROSS JOIN policies ON policies.id = asked.value WHERE owner_id = ?1
  UNION ALL SELECT owner_groups.id, document ->> '$.name', NULL, NULL, NULL
  FROM json_each(?2) AS asked CROSS JOIN owner_groups ON owner_groups.id = asked.value WHERE owner_id = ?1
  UNION ALL SELECT accounts.id, sealed_name, NULL, wrapped_key, NULL
  FROM json_each(?2) AS asked CROSS JOIN accounts ON accounts.id = asked.value`;

export class D1ActivityNameStore implements ActivityNameStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async load(actor: Actor, ids: readonly string[]): Promise<UnderConnection<StoredNames>> {
    const statement = this.#db.prepare(NAMED).bind(actor.ownerId, JSON.stringify(ids));
    const read = await queryAs<NamedRow>(this.#db, actor, statement);
    return read === null ? { standing: false } : { standing: true, value: toNames(read.rows, ids) };
  }
}

function toNames(rows: readonly NamedRow[], ids: readonly string[]): StoredNames {
  const names = rows.flatMap(({ id, name, wrapped_key }) =>
    name && wrapped_key === null ? [[id, name] as const] : [],
  );
  return {
    names: withHosts(new Map(names), ids),
    scopeNames: new Map(
      rows.flatMap(({ id, worded }) => (worded === null ? [] : [[id, readScopeNames(JSON.parse(worded))]])),
    ),
    unchecked: new Map([...ids.flatMap(describedBy), ...rows.flatMap(uncheckedIn)]),
    sealedNames: new Map(
      rows.flatMap(({ id, name, wrapped_key: wrappedKey }) =>
        name === null || wrappedKey === null ? [] : [[id, { wrappedKey, sealedName: name }]],
      ),
    ),
  };
}

/** A client that nobody registered, and that nobody wrote down. */
function describedBy(id: string): readonly (readonly [string, string])[] {
  const host = hostOfClientUrl(id);
  return host === null ? [] : [[id, host]];
}

function uncheckedIn({ id, client }: NamedRow): readonly (readonly [string, string | null])[] {
  if (client === null) return [];
  const { details, client_uri: clientUri, ...uris } = JSON.parse(client) as RegisteredClient;
  const { provenance } = readDetails(details);
  if (isVouchedFor({ provenance })) return [];
  const redirectUris = [uris.redirect_uris, uris.claims_redirect_uris].flatMap((list) => JSON.parse(list) as string[]);
  return [[id, homeOf({ provenance, clientUri }, redirectUris)]];
}
