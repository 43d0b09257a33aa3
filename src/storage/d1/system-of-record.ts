import type { VersionedChange } from "../../ledger/change.ts";
import type { ChangeResult, Foreseen, NumberedChange, RecordExcerpt, SystemOfRecord } from "../../ledger/record.ts";
import { ChangeRefused } from "../../ledger/record.ts";
import { DEFAULT_QUOTAS, type Quotas } from "../../shared/quotas.ts";
import { COLLECTIONS, isAsked, targetingPolicies } from "./asked-resources.ts";
import {
  foreseeRefusal,
  readChangeResult,
  recallStatement,
  type SubjectRow,
  statementsOf,
  subjectStatement,
} from "./change-statements.ts";
import { isRefusedForGood } from "./failure.ts";
import { type DocumentRow, factsFromRow, groupFromRow, type ProtectedResourceRow, policyFromRow } from "./rows.ts";

const ASKED = { ownerId: "?1", ids: "?2" };
const TARGETING_POLICIES = targetingPolicies("policy_id", ASKED);
const LOAD_RESOURCES = `
  SELECT id, resource_server_id, type, scopes, ${COLLECTIONS} FROM resources WHERE ${isAsked(ASKED)}`;
const LOAD_POLICIES = `SELECT id, version, document FROM policies WHERE id IN (${TARGETING_POLICIES}) ORDER BY id`;
const LOAD_GROUPS = `
  SELECT id, version, document FROM owner_groups
  WHERE id IN (SELECT group_id FROM policy_groups WHERE policy_id IN (${TARGETING_POLICIES})) AND +owner_id = ?1`;

const POSITION = "SELECT epoch, operation_id FROM owner_epochs WHERE owner_id = ?1";

/** INVARIANT: the trigger owner_epochs_in_turn aborts the batch unless this is exactly the next epoch. */
const TAKE_EPOCH = "UPDATE owner_epochs SET epoch = ?2, operation_id = ?3 WHERE owner_id = ?1 RETURNING epoch";

/** D1 as the owner ledger sees it (ledger/README.md, rules 2 and 3). Every method is one round trip. */
export class D1SystemOfRecord implements SystemOfRecord {
  readonly #db: D1Database;
  readonly #quotas: Quotas;

  constructor(db: D1Database, quotas: Quotas = DEFAULT_QUOTAS) {
    this.#db = db;
    this.#quotas = quotas;
  }

  async load(ownerId: string, resourceIds: readonly string[]): Promise<RecordExcerpt> {
    const ids = JSON.stringify(resourceIds);
    const [position, resources, policies, groups] = await this.#db.batch([
      this.#db.prepare(POSITION).bind(ownerId),
      this.#db.prepare(LOAD_RESOURCES).bind(ownerId, ids),
      this.#db.prepare(LOAD_POLICIES).bind(ownerId, ids),
      this.#db.prepare(LOAD_GROUPS).bind(ownerId, ids),
    ]);
    return {
      epoch: rows<{ epoch: number }>(position)[0]?.epoch ?? null,
      resources: rows<ProtectedResourceRow>(resources).map(factsFromRow),
      policies: rows<DocumentRow>(policies).map(policyFromRow),
      groups: rows<DocumentRow>(groups).map(groupFromRow),
    };
  }

  async apply(ownerId: string, changes: readonly NumberedChange[]): Promise<readonly ChangeResult[]> {
    const groups = changes.map((change) => [
      this.#db.prepare(TAKE_EPOCH).bind(ownerId, change.epoch, change.operationId),
      ...statementsOf(this.#db, ownerId, change, this.#quotas),
    ]);
    const results = await this.#db.batch(groups.flat()).catch(rethrow);
    let offset = 0;
    return changes.map((change, index) => {
      const own = results.slice(offset, offset + (groups[index]?.length ?? 0));
      offset += own.length;
      if (rows(own[0]).length === 0) throw new Error("D1 does not know the owner of this ledger");
      return readChangeResult(change, rows<SubjectRow>(own.at(-1))[0] ?? null, changedBy(own.at(1)));
    });
  }

  async foresee(ownerId: string, change: VersionedChange): Promise<Foreseen> {
    const [position, subject] = await this.#db.batch([
      this.#db.prepare(POSITION).bind(ownerId),
      subjectStatement(this.#db, ownerId, change),
    ]);
    return {
      epoch: rows<{ epoch: number }>(position)[0]?.epoch ?? null,
      refusal: foreseeRefusal(change, rows<SubjectRow>(subject)[0] ?? null),
    };
  }

  async position(ownerId: string): Promise<{ epoch: number; operationId: string } | null> {
    const row = await this.#db.prepare(POSITION).bind(ownerId).first<{ epoch: number; operation_id: string }>();
    return row && { epoch: row.epoch, operationId: row.operation_id };
  }

  async recall(ownerId: string, change: NumberedChange): Promise<ChangeResult> {
    const row = await recallStatement(this.#db, ownerId, change).first<SubjectRow>();
    return readChangeResult(change, row, row === null);
  }

  async applyVoid(ownerId: string, epoch: number, operationId: string): Promise<void> {
    await this.#db.prepare(TAKE_EPOCH).bind(ownerId, epoch, operationId).run();
  }
}

function rethrow(error: unknown): never {
  throw isRefusedForGood(error) ? new ChangeRefused(String(error), { cause: error }) : error;
}

function rows<T>(result: D1Result | undefined): readonly T[] {
  return (result?.results ?? []) as readonly T[];
}

function changedBy(result: D1Result | undefined): boolean {
  return (result?.meta.changes ?? 0) > 0;
}
