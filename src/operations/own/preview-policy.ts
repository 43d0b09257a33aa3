import type { SystemOfRecord } from "../../ledger/record.ts";
import { mentionedGroups } from "../../policy/language/mentioned-groups.ts";
import type { Group, Policy, PolicyBody } from "../../policy/language/policy.ts";
import { assessEffect, type PolicyEffect } from "../../policy/review/effect.ts";
import { mentionsOfPolicy } from "../../policy/review/facts.ts";
import type { Actor } from "../../protocol/actor.ts";
import type { Warning } from "../../shared/warning.ts";
import type { ClientStore } from "../ports/client.ts";
import type { PolicyStore } from "../ports/policy.ts";
import { notFound, requireStanding } from "../under-connection.ts";
import { checkStrangers } from "./check-strangers.ts";
import { type ReviewServices, reviewOwnersPolicy } from "./review-document.ts";

interface PreviewServices extends ReviewServices {
  readonly clients: Pick<ClientStore, "listPublic">;
  readonly policies: Pick<PolicyStore, "find" | "findGroups">;
  readonly record: Pick<SystemOfRecord, "load">;
}

/** What would follow from a policy if it were saved. */
export interface PolicyPreview {
  readonly warnings: readonly Warning[];
  readonly effect: PolicyEffect;
  /** The groups that it names, and there are. */
  readonly groups: ReadonlyMap<string, Group>;
}

/**
 * Looks at a policy as it would be if it were saved; nothing is.
 * @param replaces the id of the policy in whose place it would come; null: none.
 * @param now epoch seconds.
 * @throws ProtocolError invalid_request for one that could not be saved, invalid_token, not_found.
 */
export async function previewPolicy(
  services: PreviewServices,
  actor: Actor,
  document: PolicyBody,
  replaces: string | null,
  now: number,
): Promise<PolicyPreview> {
  const [before, rivals, warnings] = await Promise.all([
    findBefore(services, actor, replaces),
    loadRivals(services, actor.ownerId, document),
    reviewOwnersPolicy(services, actor.ownerId, document, now),
    checkStrangers(services, [document]),
  ]);
  const named = [document, ...(before === null ? [] : [before.document])].flatMap(({ who }) => mentionedGroups(who));
  // Also where there are none to find: it is asked as the actor, who has to be one still.
  const found = requireStanding(await services.policies.findGroups(actor, [...new Set(named)]));
  const groups = new Map([...rivals.groups, ...found].map((group) => [group.id, group]));
  const others = rivals.policies.filter(({ id }) => id !== replaces);
  const effect = assessEffect(document, { before: before?.document ?? null, others, groups, types: rivals.types });
  return { warnings, effect, groups };
}

async function findBefore(
  { policies }: PreviewServices,
  actor: Actor,
  replaces: string | null,
): Promise<Policy | null> {
  if (replaces === null) return null;
  const before = requireStanding(await policies.find(actor, replaces));
  if (before === null) throw notFound();
  return before;
}

/** Each has policies of its own, and whatever says as much as this one is about the first of them. */
const MAX_RESOURCES_COMPARED = 20;

/** Every policy that may say as much as this one, and of what it is about as much as tells. */
async function loadRivals({ record, reviews }: PreviewServices, ownerId: string, document: PolicyBody) {
  const { target } = document;
  const { resources } = await reviews.load(ownerId, mentionsOfPolicy({ ...document, who: { anyone: true } }));
  const ids = [...resources].slice(0, "resources" in target ? MAX_RESOURCES_COMPARED : 1);
  const loaded = await record.load(ownerId, ids);
  return { ...loaded, types: new Map(loaded.resources.map(({ id, type }) => [id, type])) };
}
