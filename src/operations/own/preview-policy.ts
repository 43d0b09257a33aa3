import type { SystemOfRecord } from "../../ledger/record.ts";
import { mentionedGroups } from "../../policy/language/mentioned-groups.ts";
import type { Group, Policy, PolicyBody } from "../../policy/language/policy.ts";
import { mentionsOfPolicy } from "../../policy/review/facts.ts";
import { assessShare, examplesOf, type ShareEffect } from "../../policy/share/effect.ts";
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
  /** Null: it says more than a share does, so its people cannot be told one by one (policy/share/effect.ts). */
  readonly effect: ShareEffect | null;
  /** The groups that it names, or that others do that reach the same, and that there are. */
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
  const [before, loaded, warnings] = await Promise.all([
    findBefore(services, actor, replaces),
    loadTargeted(services, actor.ownerId, document),
    reviewOwnersPolicy(services, actor.ownerId, document, now),
    checkStrangers(services, [document]),
  ]);
  // Also where it names none: it is asked as the actor, who has to be one still.
  const named = requireStanding(await services.policies.findGroups(actor, mentionedGroups(document.who)));
  const groups = new Map([...loaded.groups, ...named].map((group) => [group.id, group]));
  const resources = examplesOf(document, loaded.resources);
  const { policies } = loaded;
  return { warnings, effect: assessShare({ document, replaces: before, resources, policies, groups, now }), groups };
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

/** Each has policies of its own; of very many the first are looked at. */
const MAX_RESOURCES_COMPARED = 20;

/** What there is of what a policy is about, and every policy that reaches it; of a type, or of everything, one example. */
async function loadTargeted({ record, reviews }: PreviewServices, ownerId: string, document: PolicyBody) {
  const { resources } = await reviews.load(ownerId, mentionsOfPolicy({ ...document, who: { anyone: true } }));
  return record.load(ownerId, [...resources].slice(0, "resources" in document.target ? MAX_RESOURCES_COMPARED : 1));
}
