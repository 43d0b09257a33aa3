import { mayConcern } from "../policy/evaluation/evaluate.ts";
import { mentionedGroups } from "../policy/language/mentioned-groups.ts";
import type { Group, Policy } from "../policy/language/policy.ts";
import type { ProtectedResource } from "../protocol/resource.ts";
import type { Change } from "./change.ts";
import type { RecordExcerpt } from "./record.ts";

/** What is known about one resource: itself, every policy that targets it, and every group that these name. */
export interface KnownResource {
  readonly resource: ProtectedResource;
  readonly policies: readonly Policy[];
  readonly groups: readonly Group[];
  /** It is as D1 had it at this epoch, and no later change touches it. */
  readonly epoch: number;
}

/** Facts are kept of so many resources, with so many policies in all; the least recently used go first. */
const RESOURCES_KEPT = 500;
const POLICIES_KEPT = 5_000;

/**
 * The facts that assessments have asked for lately, resource by resource. Absence is never kept, because new resources
 * do not pass through the ledger (docs/design.md, decision 3).
 */
export class FactCache {
  readonly #known = new Map<string, KnownResource>();
  #policies = 0;

  find(resourceId: string): KnownResource | null {
    const known = this.#known.get(resourceId);
    if (!known) return null;
    this.#known.delete(resourceId);
    this.#known.set(resourceId, known);
    return known;
  }

  keep(known: KnownResource): void {
    this.forget(known.resource.id);
    this.#known.set(known.resource.id, known);
    this.#policies += known.policies.length;
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= RESOURCES_KEPT && this.#policies <= POLICIES_KEPT) return;
      this.forget(oldest);
    }
  }

  forget(resourceId: string): void {
    this.#policies -= this.#known.get(resourceId)?.policies.length ?? 0;
    this.#known.delete(resourceId);
  }

  /** Forgets everything that a change touches. */
  forgetTouched(change: Change): void {
    for (const known of this.#known.values()) if (touches(change, known)) this.forget(known.resource.id);
  }
}

/** Splits what was loaded into what is known about each resource. */
export function knownResources(facts: RecordExcerpt): readonly KnownResource[] {
  return facts.resources.map((resource) => {
    const policies = facts.policies.filter(({ document }) => mayConcern(document, resource));
    const named = new Set(policies.flatMap(({ document }) => mentionedGroups(document.who)));
    const groups = facts.groups.filter(({ id }) => named.has(id));
    return { resource, policies, groups, epoch: facts.epoch ?? 0 };
  });
}

/** Whether a change can alter what is known about a resource: in doubt, it can. */
export function touches(change: Change, { resource, policies }: KnownResource): boolean {
  switch (change.kind) {
    case "put_policy":
      return policies.some(({ id }) => id === change.id) || mayConcern(change.document, resource);
    case "delete_policy":
      return policies.some(({ id }) => id === change.id);
    case "put_group":
    case "delete_group":
      return policies.some(({ document }) => mentionedGroups(document.who).includes(change.id));
    case "update_resource":
    case "delete_resource":
      return change.id === resource.id && change.resourceServerId === resource.resourceServerId;
    case "put_connection":
    case "end_connection":
      return false;
  }
}
