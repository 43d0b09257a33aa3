import type { Change, VersionExpectation } from "../../src/ledger/change.ts";
import type { ChangeResult, NumberedChange, RecordExcerpt } from "../../src/ledger/record.ts";
import { mayConcern } from "../../src/policy/evaluation/evaluate.ts";
import { mentionedGroups } from "../../src/policy/language/mentioned-groups.ts";
import type { Group, Policy } from "../../src/policy/language/policy.ts";
import type { ProtectedResource } from "../../src/protocol/resource.ts";
import type { Quotas } from "../../src/shared/quotas.ts";

/** What the system of record holds of one owner, as plain data that is never changed in place. */
export interface RecordContent {
  readonly policies: Readonly<Record<string, Policy>>;
  readonly groups: Readonly<Record<string, Group>>;
  readonly resources: Readonly<Record<string, ProtectedResource>>;
  /** How often each resource was described, where that is more than once. */
  readonly resourceVersions: Readonly<Record<string, number>>;
  /** The generation of each client that ever was connected. */
  readonly connections: Readonly<Record<string, number>>;
  /** Clients whose connection has ended. */
  readonly disconnected: readonly string[];
  /** Clients that the operator has removed. */
  readonly removedClients: readonly string[];
  /** The ids of access tokens that were revoked. */
  readonly revokedTokens: readonly string[];
}

export const EMPTY_CONTENT: RecordContent = {
  policies: {},
  groups: {},
  resources: {},
  resourceVersions: {},
  connections: {},
  disconnected: [],
  removedClients: [],
  revokedTokens: [],
};

export interface Changed {
  readonly content: RecordContent;
  readonly result: ChangeResult;
}

/** What becomes of a change: the twin of change-statements.ts, held against it in system-of-record.test.ts. */
export function applyChange(
  content: RecordContent,
  { change, epoch }: NumberedChange,
  { policiesPerOwner, groupsPerOwner }: Quotas,
): Changed {
  switch (change.kind) {
    case "put_policy":
      return put(content, "policies", change, policiesPerOwner);
    case "put_group":
      return put(content, "groups", change, groupsPerOwner);
    case "delete_policy":
      return remove(content, "policies", change.id, change.expected);
    case "delete_group":
      return remove(content, "groups", change.id, change.expected);
    case "update_resource":
    case "delete_resource":
      return changeResource(content, change);
    case "put_connection":
      return content.removedClients.includes(change.clientId)
        ? { content, result: { outcome: "not_found" } }
        : connect(content, change.clientId, epoch);
    case "allow_connection":
      return allow(content, change.clientId, epoch);
    case "end_connection":
      return disconnect(content, change, epoch);
    case "revoke_token":
      return {
        content: { ...content, revokedTokens: [...new Set([...content.revokedTokens, change.tokenId])] },
        result: { outcome: "done", version: 0 },
      };
  }
}

/** What an assessment of these resources would read. */
export function excerptOf(content: RecordContent, epoch: number | null, resourceIds: readonly string[]): RecordExcerpt {
  const resources = resourceIds.flatMap((id) => findResource(content, id) ?? []);
  const policies = Object.values(content.policies).filter(({ document }) =>
    resources.some((resource) => mayConcern(document, resource)),
  );
  const named = new Set(policies.flatMap(({ document }) => mentionedGroups(document.who)));
  const groups = Object.values(content.groups).filter(({ id }) => named.has(id));
  return { epoch, resources, policies, groups };
}

/** A resource as an assessment sees it: in those of its collections that there are. */
export function findResource({ resources }: RecordContent, id: string): ProtectedResource | null {
  const resource = resources[id];
  if (resource === undefined) return null;
  return { ...resource, collections: resource.collections.filter((collection) => collection in resources) };
}

function put(
  content: RecordContent,
  kind: "policies" | "groups",
  { id, document, expected }: Extract<Change, { kind: "put_policy" | "put_group" }>,
  most: number,
): Changed {
  const before = content[kind][id];
  if (!before && expected !== "absent") return { content, result: { outcome: "not_found" } };
  if (!before && Object.keys(content[kind]).length >= most) return { content, result: { outcome: "limit_reached" } };
  if (before && !fits(expected, before.version)) return mismatch(content, before.version);
  const version = (before?.version ?? 0) + 1;
  const changed = { ...content, [kind]: { ...content[kind], [id]: { id, version, document } } };
  return { content: changed, result: { outcome: "done", version } };
}

function remove(
  content: RecordContent,
  kind: "policies" | "groups",
  id: string,
  expected: VersionExpectation,
): Changed {
  const before = content[kind][id];
  if (!before) return { content, result: { outcome: "not_found" } };
  if (typeof expected === "number" && expected !== before.version) return mismatch(content, before.version);
  const { [id]: _, ...left } = content[kind];
  return { content: { ...content, [kind]: left }, result: { outcome: "done", version: 0 } };
}

function changeResource(
  content: RecordContent,
  change: Extract<Change, { kind: "update_resource" | "delete_resource" }>,
): Changed {
  const { [change.id]: before, ...others } = content.resources;
  if (before?.resourceServerId !== change.resourceServerId) return { content, result: { outcome: "not_found" } };
  const stands = content.resourceVersions[change.id] ?? 1;
  if (change.version !== undefined && change.version !== stands) return mismatch(content, stands);
  if (change.kind === "delete_resource") {
    return { content: { ...content, resources: others }, result: { outcome: "done", version: 0 } };
  }
  const { type = null, resource_scopes: scopes, collections = [] } = change.description;
  const version = stands + 1;
  const resources = { ...others, [change.id]: { ...before, type, scopes, collections } };
  const resourceVersions = { ...content.resourceVersions, [change.id]: version };
  return { content: { ...content, resources, resourceVersions }, result: { outcome: "done", version } };
}

function connect(content: RecordContent, clientId: string, generation: number): Changed {
  const connections = { ...content.connections, [clientId]: generation };
  const disconnected = content.disconnected.filter((id) => id !== clientId);
  return { content: { ...content, connections, disconnected }, result: { outcome: "done", version: generation } };
}

/** What stands goes on as it is; of scopes the twin knows nothing, nor of administrators. */
function allow(content: RecordContent, clientId: string, epoch: number): Changed {
  if (content.removedClients.includes(clientId)) return { content, result: { outcome: "not_found" } };
  const stands = content.disconnected.includes(clientId) ? undefined : content.connections[clientId];
  return connect(content, clientId, stands ?? epoch);
}

function disconnect(
  content: RecordContent,
  { clientId, resources }: Extract<Change, { kind: "end_connection" }>,
  generation: number,
): Changed {
  if (!(clientId in content.connections)) return { content, result: { outcome: "not_found" } };
  const left = Object.entries(content.resources).filter(([, one]) => one.resourceServerId !== clientId);
  const kept = resources === "keep" ? content : { ...content, resources: Object.fromEntries(left) };
  const { content: ended, result } = connect(kept, clientId, generation);
  return { content: { ...ended, disconnected: [...ended.disconnected, clientId] }, result };
}

function mismatch(content: RecordContent, version: number): Changed {
  return { content, result: { outcome: "version_mismatch", version } };
}

function fits(expected: VersionExpectation, version: number): boolean {
  return expected === "any" || expected === version;
}
