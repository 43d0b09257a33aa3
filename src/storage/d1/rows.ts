import type { Group, Policy } from "../../policy/language/policy.ts";
import type { ProtectedResource } from "../../protocol/resource.ts";
import type { ResourceDescriptionBody } from "../../protocol/wire/resource.ts";

/** A row of `policies` or of `owner_groups`. */
export interface DocumentRow {
  readonly id: string;
  readonly version: number;
  readonly document: string;
}

/** The columns of `resources` that rules look at. */
export interface ProtectedResourceRow {
  readonly id: string;
  readonly resource_server_id: string;
  readonly type: string | null;
  readonly scopes: string;
  /** Those that there are, a JSON list (asked-resources.ts). */
  readonly collections: string;
}

export function policyFromRow(row: DocumentRow): Policy {
  return { id: row.id, version: row.version, document: JSON.parse(row.document) };
}

export function groupFromRow(row: DocumentRow): Group {
  return { id: row.id, version: row.version, document: JSON.parse(row.document) };
}

export function factsFromRow(row: ProtectedResourceRow): ProtectedResource {
  return {
    id: row.id,
    resourceServerId: row.resource_server_id,
    type: row.type,
    scopes: JSON.parse(row.scopes),
    collections: JSON.parse(row.collections),
  };
}

/** The columns that follow from a resource description: type and scopes apart, for rules; the whole, for reading. */
export function descriptionColumns(
  description: ResourceDescriptionBody,
): readonly [type: string | null, scopes: string, description: string] {
  return [description.type ?? null, JSON.stringify(description.resource_scopes), JSON.stringify(description)];
}
