/**
 * Quotas as conditions of a write. They look at one row of counters, which the triggers of migrations/0002_bounds.sql
 * write in the same transaction, so that of many writes at once none gets beyond the quota.
 */

/** The size of a document as the counters count it. */
function bytesOf(document: string): string {
  return `length(CAST(${document} AS BLOB))`;
}

/** For a parameter or column: what it holds in the statement, such as "?1". */
interface ResourceParameters {
  readonly ownerId: string;
  readonly resourceServerId: string;
  readonly description: string;
  readonly maxBytes: string;
}

/** The condition that a resource server may register one more resource. */
export function hasRoomForResource(at: ResourceParameters & { readonly maxResources: string }): string {
  return `NOT EXISTS (
    SELECT 1 FROM resource_usage
    WHERE owner_id = ${at.ownerId} AND resource_server_id = ${at.resourceServerId}
      AND (resources >= ${at.maxResources} OR bytes + ${bytesOf(at.description)} > ${at.maxBytes}))`;
}

/** The condition that a resource may be described anew. What does not grow always may: it can take something away. */
export function hasRoomForDescription(at: ResourceParameters): string {
  const growth = `${bytesOf(at.description)} - ${bytesOf("resources.description")}`;
  return `(${growth} <= 0 OR NOT EXISTS (
    SELECT 1 FROM resource_usage
    WHERE owner_id = ${at.ownerId} AND resource_server_id = ${at.resourceServerId}
      AND bytes + ${growth} > ${at.maxBytes}))`;
}

interface DocumentParameters {
  readonly ownerId: string;
  readonly document: string;
  readonly maxBytes: string;
}

/** The condition that an owner may have one more policy or group. */
export function hasRoomForDocument(
  counter: "policies" | "groups",
  at: DocumentParameters & { readonly maxEntries: string },
): string {
  return `NOT EXISTS (
    SELECT 1 FROM policy_usage
    WHERE owner_id = ${at.ownerId}
      AND (${counter} >= ${at.maxEntries} OR bytes + ${bytesOf(at.document)} > ${at.maxBytes}))`;
}

/** The condition that a policy or group may be replaced. What does not grow always may: it can take something away. */
export function hasRoomForRevision(table: "policies" | "owner_groups", at: DocumentParameters): string {
  const growth = `${bytesOf(at.document)} - ${bytesOf(`${table}.document`)}`;
  return `(${growth} <= 0 OR NOT EXISTS (
    SELECT 1 FROM policy_usage WHERE owner_id = ${at.ownerId} AND bytes + ${growth} > ${at.maxBytes}))`;
}
