/**
 * Resources that are asked for by id, and what is about them, so that the cost follows what is asked and not what an
 * owner has. INVARIANT: no statement here walks over an owner's rows; test/storage/plans.test.ts asks SQLite.
 */

/** Where a statement holds the owner and the JSON list of ids, such as "?1". */
interface AskedParameters {
  readonly ownerId: string;
  readonly ids: string;
}

/**
 * The condition that a row of `resources` is asked for and the owner's. The `+` keeps `owner_id` out of the choice of an
 * index: else SQLite goes through all resources of the owner and looks for each of them in the list.
 */
export function isAsked({ ownerId, ids }: AskedParameters): string {
  return `id IN ${listOf(ids)} AND +owner_id = ${ownerId}`;
}

/** The collections that a row of `resources` is in, as a JSON list; one that is gone holds nothing any more. */
export const COLLECTIONS = `(
  SELECT json_group_array(collection_id) FROM (${collectionsOf("member_id = resources.id")} ORDER BY collection_id)
) AS collections`;

function collectionsOf(members: string): string {
  return `SELECT collection_id FROM collection_members
    WHERE ${members} AND EXISTS (SELECT 1 FROM resources WHERE id = collection_id)`;
}

/**
 * Selects columns of `policy_targets` for each policy that targets one of these resources, a collection that it is in,
 * its type, or everything.
 */
export function targetingPolicies(columns: string, asked: AskedParameters): string {
  const types = `SELECT type FROM resources WHERE ${isAsked(asked)} AND type IS NOT NULL`;
  const targets = [
    "kind = 'all' AND value = ''",
    `kind = 'resource' AND value IN ${listOf(asked.ids)}`,
    `kind = 'resource' AND value IN (${collectionsOf(`member_id IN ${listOf(asked.ids)}`)})`,
    `kind = 'type' AND value IN (${types})`,
  ];
  // A union and no OR, for which SQLite would go through all targets of the owner.
  return targets
    .map((target) => `SELECT ${columns} FROM policy_targets WHERE owner_id = ${asked.ownerId} AND ${target}`)
    .join(" UNION ");
}

function listOf(ids: string): string {
  return `(SELECT value FROM json_each(${ids}))`;
}
