import type { Change, VersionExpectation, VersionedChange } from "../../ledger/change.ts";
import type { ChangeResult, NumberedChange } from "../../ledger/record.ts";
import { mentionedGroups } from "../../policy/language/mentioned-groups.ts";
import { peopleOfGroup, peopleOfPermit } from "../../policy/language/named-people.ts";
import type { PolicyBody } from "../../policy/language/policy.ts";
import { weightOf } from "../../policy/language/weight.ts";
import { CLOCK_SKEW_SECONDS } from "../../protocol/lifetimes.ts";
import { MAX_TARGET_STEPS } from "../../shared/limits.ts";
import type { Quotas } from "../../shared/quotas.ts";
import { hasRoomForDescription, hasRoomForDocument, hasRoomForRevision } from "./quota.ts";
import { descriptionColumns } from "./rows.ts";

/**
 * A change as D1 statements. The first after the epoch makes the change, the last reads its subject back: what stands
 * there afterwards is the answer, and the same reading recalls an answer that was lost on the way.
 */

/** How many policies may target the same resource, type, or everything: they are all read in one assessment. */
export const POLICIES_PER_TARGET = 200;

/** The subject of a change as it stands; epoch is that of the last change that touched it. */
export interface SubjectRow {
  readonly version: number;
  readonly epoch: number;
}

/** A numbered change of one kind. */
type Numbered<Kind extends Change["kind"]> = NumberedChange & { readonly change: Extract<Change, { kind: Kind }> };

interface TargetRow {
  readonly kind: "resource" | "type" | "all";
  readonly value: string;
  /** Steps (policy/language/weight.ts). */
  readonly weight: number;
}

/** That an account acts for an owner at a time; of another author's change, whose account is null, nothing is asked. */
function isAdministrator({ ownerId, accountId, at }: Readonly<Record<"ownerId" | "accountId" | "at", string>>): string {
  return `(${accountId} IS NULL OR EXISTS (
    SELECT 1 FROM administrators
    WHERE owner_id = ${ownerId} AND account_id = ${accountId}
      AND begins_at <= ${at} AND (ends_at IS NULL OR ends_at > ${at})))`;
}

const TARGETS_HAVE_ROOM = `NOT EXISTS (
  SELECT 1 FROM json_each(?5) AS target WHERE (
    SELECT count(*) >= ${POLICIES_PER_TARGET} OR total(weight) + (target.value ->> 'weight') > ${MAX_TARGET_STEPS}
    FROM policy_targets
    WHERE owner_id = ?2 AND policy_id <> ?1
      AND kind = target.value ->> 'kind' AND value = target.value ->> 'value'))`;

const INSERT_POLICY = `
  INSERT INTO policies (id, owner_id, version, epoch, document, created_at) SELECT ?1, ?2, 1, ?3, ?4, ?9
  WHERE ${TARGETS_HAVE_ROOM} AND ${isAdministrator({ ownerId: "?2", accountId: "?8", at: "?9" })}
    AND ${hasRoomForDocument("policies", { ownerId: "?2", document: "?4", maxEntries: "?6", maxBytes: "?7" })}
  ON CONFLICT (id) DO NOTHING`;

const UPDATE_POLICY = `
  UPDATE policies SET version = version + 1, epoch = ?3, document = ?4
  WHERE id = ?1 AND owner_id = ?2 AND (?6 IS NULL OR version = ?6) AND ${TARGETS_HAVE_ROOM}
    AND ${isAdministrator({ ownerId: "?2", accountId: "?8", at: "?9" })}
    AND ${hasRoomForRevision("policies", { ownerId: "?2", document: "?4", maxBytes: "?7" })}`;

const WRITTEN_NOW = "EXISTS (SELECT 1 FROM policies WHERE id = ?1 AND owner_id = ?2 AND epoch = ?3)";

const CLEAR_TARGETS = `DELETE FROM policy_targets WHERE policy_id = ?1 AND ${WRITTEN_NOW}`;
const CLEAR_GROUPS = `DELETE FROM policy_groups WHERE policy_id = ?1 AND ${WRITTEN_NOW}`;
const INSERT_TARGETS = `
  INSERT INTO policy_targets (owner_id, kind, value, weight, policy_id)
  SELECT ?2, value ->> 'kind', value ->> 'value', value ->> 'weight', ?1 FROM json_each(?4) WHERE ${WRITTEN_NOW}`;
const INSERT_GROUPS = `
  INSERT INTO policy_groups (policy_id, group_id) SELECT ?1, value FROM json_each(?4) WHERE ${WRITTEN_NOW}`;
const CLEAR_PEOPLE = `DELETE FROM policy_people WHERE policy_id = ?1 AND ${WRITTEN_NOW}`;
const INSERT_PEOPLE = `
  INSERT INTO policy_people (policy_id, person) SELECT ?1, value FROM json_each(?4) WHERE ${WRITTEN_NOW}`;

const INSERT_GROUP = `
  INSERT INTO owner_groups (id, owner_id, version, epoch, document) SELECT ?1, ?2, 1, ?3, ?4
  WHERE ${isAdministrator({ ownerId: "?2", accountId: "?7", at: "?8" })}
    AND ${hasRoomForDocument("groups", { ownerId: "?2", document: "?4", maxEntries: "?5", maxBytes: "?6" })}
  ON CONFLICT (id) DO NOTHING`;
const UPDATE_GROUP = `
  UPDATE owner_groups SET version = version + 1, epoch = ?3, document = ?4
  WHERE id = ?1 AND owner_id = ?2 AND (?5 IS NULL OR version = ?5)
    AND ${isAdministrator({ ownerId: "?2", accountId: "?7", at: "?8" })}
    AND ${hasRoomForRevision("owner_groups", { ownerId: "?2", document: "?4", maxBytes: "?6" })}`;

const GROUP_WRITTEN_NOW = "EXISTS (SELECT 1 FROM owner_groups WHERE id = ?1 AND owner_id = ?2 AND epoch = ?3)";
const CLEAR_MEMBERS = `DELETE FROM group_people WHERE group_id = ?1 AND ${GROUP_WRITTEN_NOW}`;
const INSERT_MEMBERS = `
  INSERT INTO group_people (group_id, person) SELECT ?1, value FROM json_each(?4) WHERE ${GROUP_WRITTEN_NOW}`;

const UPDATE_RESOURCE = `
  UPDATE resources SET type = ?4, scopes = ?5, description = ?6, version = version + 1, epoch = ?8
  WHERE id = ?1 AND owner_id = ?2 AND resource_server_id = ?3 AND (?9 IS NULL OR version = ?9)
    AND ${hasRoomForDescription({ ownerId: "?2", resourceServerId: "?3", description: "?6", maxBytes: "?7" })}`;
const DELETE_RESOURCE = `
  DELETE FROM resources
  WHERE id = ?1 AND owner_id = ?2 AND resource_server_id = ?3 AND (?4 IS NULL OR version = ?4)`;
const FIND_RESOURCE = `
  SELECT version, epoch FROM resources WHERE id = ?1 AND owner_id = ?2 AND resource_server_id = ?3`;

/** Resources that end with one change: a batch must not hold up the database for long, and a repeat takes the next. */
const RESOURCES_PER_CHANGE = 5_000;

/** INVARIANT: a client that was removed is connected to nobody, however long ago the connection was booked. */
const PUT_CONNECTION = `
  INSERT INTO connections (owner_id, client_id, scopes, generation, active, connected_at)
  SELECT ?2, ?1, ?3, ?4, 1, ?5 WHERE EXISTS (SELECT 1 FROM clients WHERE id = ?1)
  ON CONFLICT (owner_id, client_id) DO UPDATE SET scopes = ?3, generation = ?4, active = 1, connected_at = ?5`;
/** INVARIANT: what stands keeps its generation, and with it every token of it, and loses no scope. */
const ALLOW_CONNECTION = `
  INSERT INTO connections (owner_id, client_id, scopes, generation, active, connected_at)
  SELECT ?2, ?1, ?3, ?4, 1, ?5
  WHERE EXISTS (SELECT 1 FROM clients WHERE id = ?1) AND ${isAdministrator({ ownerId: "?2", accountId: "?6", at: "?5" })}
  ON CONFLICT (owner_id, client_id) DO UPDATE SET
    scopes = iif(active = 1, (SELECT json_group_array(value) FROM (
      SELECT value FROM json_each(connections.scopes) UNION SELECT value FROM json_each(?3))), ?3),
    generation = iif(active = 1, generation, ?4),
    connected_at = iif(active = 1, connected_at, ?5),
    active = 1`;
/** What was allowed stands, for somebody who may allow it. */
const FIND_ALLOWED = `
  SELECT generation AS version, generation AS epoch FROM connections
  WHERE client_id = ?1 AND owner_id = ?2 AND active = 1
    AND NOT EXISTS (SELECT 1 FROM json_each(?3) WHERE value NOT IN (SELECT value FROM json_each(connections.scopes)))
    AND ${isAdministrator({ ownerId: "?2", accountId: "?5", at: "?4" })}`;
const END_CONNECTION = "UPDATE connections SET generation = ?3, active = 0 WHERE client_id = ?1 AND owner_id = ?2";
const DELETE_RESOURCES = `
  DELETE FROM resources WHERE id IN (
    SELECT id FROM resources
    WHERE owner_id = ?2 AND resource_server_id = ?1
      AND EXISTS (SELECT 1 FROM connections WHERE owner_id = ?2 AND client_id = ?1 AND generation = ?3)
    LIMIT ${RESOURCES_PER_CHANGE})`;

const REVOKE_TOKEN = `
  INSERT INTO revoked_tokens (owner_id, token_id, expires_at) VALUES (?2, ?1, ?3) ON CONFLICT DO NOTHING`;
/** Clocks differ a little, so a token is remembered for a little longer than it lives by ours. */
const FORGET_EXPIRED_TOKENS = "DELETE FROM revoked_tokens WHERE owner_id = ?1 AND expires_at <= ?2";

/** The statements of one change, without the taking of its epoch. */
export function statementsOf(
  db: D1Database,
  ownerId: string,
  numbered: NumberedChange,
  quotas: Quotas,
): readonly D1PreparedStatement[] {
  return [...writeStatements(db, ownerId, numbered, quotas), recallStatement(db, ownerId, numbered)];
}

function writeStatements(
  db: D1Database,
  ownerId: string,
  numbered: NumberedChange,
  quotas: Quotas,
): readonly D1PreparedStatement[] {
  const { change, epoch, at, administrator } = numbered;
  switch (change.kind) {
    case "put_policy":
      return putPolicy(db, ownerId, { ...numbered, change }, quotas);
    case "delete_policy":
      return [deleteDocument(db, "policies", ownerId, { ...numbered, change })];
    case "put_group":
      return putGroup(db, ownerId, { ...numbered, change }, quotas);
    case "delete_group":
      return [deleteDocument(db, "owner_groups", ownerId, { ...numbered, change })];
    case "update_resource": {
      const { id, resourceServerId, description, version = null } = change;
      const columns = [...descriptionColumns(description), quotas.resourceBytesPerConnection, epoch, version];
      return [db.prepare(UPDATE_RESOURCE).bind(id, ownerId, resourceServerId, ...columns)];
    }
    case "delete_resource": {
      const { id, resourceServerId, version = null } = change;
      return [db.prepare(DELETE_RESOURCE).bind(id, ownerId, resourceServerId, version)];
    }
    case "put_connection":
      return [db.prepare(PUT_CONNECTION).bind(change.clientId, ownerId, JSON.stringify(change.scopes), epoch, at)];
    case "allow_connection": {
      const scopes = JSON.stringify(change.scopes);
      return [db.prepare(ALLOW_CONNECTION).bind(change.clientId, ownerId, scopes, epoch, at, administrator)];
    }
    case "end_connection":
      return [
        db.prepare(END_CONNECTION).bind(change.clientId, ownerId, epoch),
        ...(change.resources === "remove" ? [db.prepare(DELETE_RESOURCES).bind(change.clientId, ownerId, epoch)] : []),
      ];
    case "revoke_token":
      return [
        db.prepare(REVOKE_TOKEN).bind(change.tokenId, ownerId, change.expiresAt),
        db.prepare(FORGET_EXPIRED_TOKENS).bind(ownerId, at - CLOCK_SKEW_SECONDS),
      ];
  }
}

function putPolicy(
  db: D1Database,
  ownerId: string,
  { change: { id, document, expected }, epoch, at, administrator }: Numbered<"put_policy">,
  { policiesPerOwner, policyBytesPerOwner }: Quotas,
): readonly D1PreparedStatement[] {
  const targets = JSON.stringify(targetRows(document));
  const groups = JSON.stringify([...new Set(mentionedGroups(document.who))]);
  const written = JSON.stringify(document);
  const write =
    expected === "absent"
      ? db
          .prepare(INSERT_POLICY)
          .bind(id, ownerId, epoch, written, targets, policiesPerOwner, policyBytesPerOwner, administrator, at)
      : db
          .prepare(UPDATE_POLICY)
          .bind(id, ownerId, epoch, written, targets, versionOf(expected), policyBytesPerOwner, administrator, at);
  return [
    write,
    db.prepare(CLEAR_TARGETS).bind(id, ownerId, epoch),
    db.prepare(CLEAR_GROUPS).bind(id, ownerId, epoch),
    db.prepare(INSERT_TARGETS).bind(id, ownerId, epoch, targets),
    db.prepare(INSERT_GROUPS).bind(id, ownerId, epoch, groups),
    db.prepare(CLEAR_PEOPLE).bind(id, ownerId, epoch),
    db.prepare(INSERT_PEOPLE).bind(id, ownerId, epoch, JSON.stringify(peopleOfPermit(document))),
  ];
}

function putGroup(
  db: D1Database,
  ownerId: string,
  { change: { id, document, expected }, epoch, at, administrator }: Numbered<"put_group">,
  { groupsPerOwner, policyBytesPerOwner }: Quotas,
): readonly D1PreparedStatement[] {
  const written = JSON.stringify(document);
  const write =
    expected === "absent"
      ? db
          .prepare(INSERT_GROUP)
          .bind(id, ownerId, epoch, written, groupsPerOwner, policyBytesPerOwner, administrator, at)
      : db
          .prepare(UPDATE_GROUP)
          .bind(id, ownerId, epoch, written, versionOf(expected), policyBytesPerOwner, administrator, at);
  return [
    write,
    db.prepare(CLEAR_MEMBERS).bind(id, ownerId, epoch),
    db.prepare(INSERT_MEMBERS).bind(id, ownerId, epoch, JSON.stringify(peopleOfGroup(document))),
  ];
}

function deleteDocument(
  db: D1Database,
  table: "policies" | "owner_groups",
  ownerId: string,
  { change: { id, expected }, at, administrator }: Numbered<"delete_policy" | "delete_group">,
): D1PreparedStatement {
  const right = isAdministrator({ ownerId: "?2", accountId: "?4", at: "?5" });
  return db
    .prepare(`DELETE FROM ${table} WHERE id = ?1 AND owner_id = ?2 AND (?3 IS NULL OR version = ?3) AND ${right}`)
    .bind(id, ownerId, versionOf(expected), administrator, at);
}

/** Reads the document or resource that a change is about. */
export function subjectStatement(db: D1Database, ownerId: string, change: VersionedChange): D1PreparedStatement {
  const { kind, id } = change;
  if ("resourceServerId" in change) return db.prepare(FIND_RESOURCE).bind(id, ownerId, change.resourceServerId);
  const table = kind === "put_policy" || kind === "delete_policy" ? "policies" : "owner_groups";
  return db.prepare(`SELECT version, epoch FROM ${table} WHERE id = ?1 AND owner_id = ?2`).bind(id, ownerId);
}

/** Reads back the subject of a change. */
export function recallStatement(
  db: D1Database,
  ownerId: string,
  { change, at, administrator }: NumberedChange,
): D1PreparedStatement {
  switch (change.kind) {
    case "put_policy":
    case "delete_policy":
    case "put_group":
    case "delete_group":
    case "update_resource":
    case "delete_resource":
      return subjectStatement(db, ownerId, change);
    case "put_connection":
    case "end_connection":
      return db
        .prepare(
          "SELECT generation AS version, generation AS epoch FROM connections WHERE client_id = ?1 AND owner_id = ?2",
        )
        .bind(change.clientId, ownerId);
    case "allow_connection":
      return db.prepare(FIND_ALLOWED).bind(change.clientId, ownerId, JSON.stringify(change.scopes), at, administrator);
    case "revoke_token":
      return db
        .prepare("SELECT 0 AS version, 0 AS epoch FROM revoked_tokens WHERE token_id = ?1 AND owner_id = ?2")
        .bind(change.tokenId, ownerId);
  }
}

/**
 * What became of a change.
 *
 * @param subject what stands there now; null when nothing does
 * @param changed whether the write touched a row; when recalling a deletion that is taken for granted
 */
export function readChangeResult(
  { change, epoch }: NumberedChange,
  subject: SubjectRow | null,
  changed: boolean,
): ChangeResult {
  switch (change.kind) {
    case "put_policy":
    case "put_group":
      return readPutResult(change.expected, epoch, subject);
    case "delete_policy":
    case "delete_group":
    case "delete_resource":
      if (subject) return { outcome: "version_mismatch", version: subject.version };
      return changed ? { outcome: "done", version: 0 } : { outcome: "not_found" };
    case "update_resource":
      return readPutResult(change.version ?? "any", epoch, subject);
    case "put_connection":
      return subject?.epoch === epoch ? { outcome: "done", version: epoch } : { outcome: "not_found" };
    case "allow_connection":
    case "end_connection":
    case "revoke_token":
      return subject ? { outcome: "done", version: subject.version } : { outcome: "not_found" };
  }
}

/** What an edit of something that must be there would be refused for; null for nothing. */
export function foreseeRefusal(change: VersionedChange, subject: SubjectRow | null): ChangeResult | null {
  if (!subject) return { outcome: "not_found" };
  const expected = "expected" in change ? versionOf(change.expected) : (change.version ?? null);
  return expected === null || expected === subject.version
    ? null
    : { outcome: "version_mismatch", version: subject.version };
}

function readPutResult(expected: VersionExpectation, epoch: number, subject: SubjectRow | null): ChangeResult {
  if (subject?.epoch === epoch) return { outcome: "done", version: subject.version };
  if (!subject) return { outcome: expected === "absent" ? "limit_reached" : "not_found" };
  const asExpected = expected === "any" || expected === subject.version;
  return asExpected ? { outcome: "limit_reached" } : { outcome: "version_mismatch", version: subject.version };
}

function targetRows(document: PolicyBody): readonly TargetRow[] {
  const { target } = document;
  const weight = weightOf(document);
  if ("resources" in target)
    return [...new Set(target.resources)].map((value) => ({ kind: "resource", value, weight }));
  if ("type" in target) return [{ kind: "type", value: target.type, weight }];
  return [{ kind: "all", value: "", weight }];
}

function versionOf(expected: VersionExpectation): number | null {
  return typeof expected === "number" ? expected : null;
}
