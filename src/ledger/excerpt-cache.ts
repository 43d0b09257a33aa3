import { mayConcern } from "../policy/evaluation/evaluate.ts";
import { mentionedGroups } from "../policy/language/mentioned-groups.ts";
import type { Group, Policy } from "../policy/language/policy.ts";
import { stepsOfText, weightOfAll } from "../policy/language/weight.ts";
import type { ProtectedResource } from "../protocol/resource.ts";
import { MAX_DECISION_STEPS, MAX_PERMISSIONS } from "../shared/limits.ts";
import type { Change } from "./change.ts";
import type { RecordExcerpt } from "./record.ts";

/** The record about one resource: itself, every policy that targets it, and every group that these name. */
export interface ResourceExcerpt {
  readonly resource: ProtectedResource;
  readonly policies: readonly Policy[];
  readonly groups: readonly Group[];
  /** What its policies weigh together (policy/language/weight.ts), and the text of its groups. */
  readonly steps: number;
  /** It is as D1 had it at this epoch, and no later change touches it. */
  readonly epoch: number;
}

/**
 * Excerpts are kept of so many resources, with policies and groups of so many steps in all, which is less than
 * 20 MB of text; the least recently used go first. The resources of one ticket have room, unless their groups are very
 * large.
 */
const RESOURCES_KEPT = 500;
const STEPS_KEPT = MAX_PERMISSIONS * MAX_DECISION_STEPS;

/**
 * The excerpts that assessments have asked for lately, resource by resource. Absence is never kept, because new
 * resources do not pass through the ledger (docs/design.md, decision 3).
 */
export class ExcerptCache {
  readonly #kept = new Map<string, ResourceExcerpt>();
  #steps = 0;

  find(resourceId: string): ResourceExcerpt | null {
    const excerpt = this.#kept.get(resourceId);
    if (!excerpt) return null;
    this.#kept.delete(resourceId);
    this.#kept.set(resourceId, excerpt);
    return excerpt;
  }

  keep(excerpt: ResourceExcerpt): void {
    this.forget(excerpt.resource.id);
    this.#kept.set(excerpt.resource.id, excerpt);
    this.#steps += excerpt.steps;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= RESOURCES_KEPT && this.#steps <= STEPS_KEPT) return;
      this.forget(oldest);
    }
  }

  forget(resourceId: string): void {
    const excerpt = this.#kept.get(resourceId);
    if (excerpt === undefined) return;
    this.#steps -= excerpt.steps;
    this.#kept.delete(resourceId);
  }

  /** Forgets everything that a change touches. */
  forgetTouched(change: Change): void {
    for (const excerpt of this.#kept.values()) if (touches(change, excerpt)) this.forget(excerpt.resource.id);
  }
}

/** Splits what was loaded, resource by resource. */
export function splitByResource(loaded: RecordExcerpt): readonly ResourceExcerpt[] {
  const groupSteps = new Map(loaded.groups.map(({ id, document }) => [id, stepsOfText(document)]));
  return loaded.resources.map((resource) => {
    const policies = loaded.policies.filter(({ document }) => mayConcern(document, resource));
    const named = new Set(policies.flatMap(({ document }) => mentionedGroups(document.who)));
    const groups = loaded.groups.filter(({ id }) => named.has(id));
    const steps = groups.reduce(
      (sum, { id }) => sum + (groupSteps.get(id) ?? 0),
      weightOfAll(policies.map(({ document }) => document)),
    );
    return { resource, policies, groups, steps, epoch: loaded.epoch ?? 0 };
  });
}

/** Whether a change can alter what the record says about a resource: in doubt, it can. */
export function touches(change: Change, { resource, policies }: ResourceExcerpt): boolean {
  switch (change.kind) {
    case "put_policy":
      return policies.some(({ id }) => id === change.id) || mayConcern(change.document, resource);
    case "delete_policy":
      return policies.some(({ id }) => id === change.id);
    case "put_group":
    case "delete_group":
      return policies.some(({ document }) => mentionedGroups(document.who).includes(change.id));
    case "update_resource":
      return change.id === resource.id && change.resourceServerId === resource.resourceServerId;
    case "delete_resource":
      return isOrHolds(change.id, resource) && change.resourceServerId === resource.resourceServerId;
    case "end_connection":
      return change.resources === "remove" && change.clientId === resource.resourceServerId;
    case "put_connection":
    case "allow_connection":
    case "revoke_token":
      return false;
  }
}

/** Whether an id is that of a resource, or of a collection that it is in. */
function isOrHolds(id: string, resource: ProtectedResource): boolean {
  return resource.id === id || resource.collections.includes(id);
}
