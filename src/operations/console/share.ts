import type { ProviderWords } from "../../ledger/ports.ts";
import type { SystemOfRecord } from "../../ledger/record.ts";
import { mentionedGroups } from "../../policy/language/mentioned-groups.ts";
import type { Group, Policy, PolicyBody } from "../../policy/language/policy.ts";
import { mentionsOfPolicy } from "../../policy/review/facts.ts";
import { assessShare, examplesOf, type ShareEffect } from "../../policy/share/effect.ts";
import { findObstacle, type ShareObstacle } from "../../policy/share/obstacle.ts";
import type { ActingAdministrator } from "../../protocol/actor.ts";
import { ProtocolError } from "../../shared/error.ts";
import { createPolicy, type Editor, idOfCreated, replacePolicy } from "../own/edit-policy.ts";
import { loadReviewFacts } from "../own/review-document.ts";
import type { WordedResource } from "../ports/owned-resource.ts";
import type { PolicyStore } from "../ports/policy.ts";
import type { Post } from "../ports/post.ts";
import type { ReviewStore } from "../ports/review.ts";
import type { Randomness, Secrets } from "../ports/secret.ts";
import { type Receipt, requireStanding } from "../under-connection.ts";

interface PreviewServices {
  readonly config: { readonly issuer: string };
  readonly identityProviders: Pick<ProviderWords, "listSpeakers">;
  readonly policies: Pick<PolicyStore, "find" | "findGroups">;
  readonly post: Pick<Post, "isAvailable">;
  readonly record: Pick<SystemOfRecord, "load">;
  readonly reviews: ReviewStore;
  readonly randomness: Randomness;
  readonly secrets: Pick<Secrets, "hash">;
}

type SaveServices = PreviewServices & Parameters<typeof createPolicy>[0];

/** A share that is to be. */
export interface WantedShare {
  readonly document: PolicyBody;
  /** The policy that it changes; null: it is another one. */
  readonly replaces: Policy | null;
  /** What its owner looks at while they share; a share of a kind, or of everything, reaches further. */
  readonly things: readonly WordedResource[];
}

/** What would follow from it. */
export interface SharePreview {
  /** Null: it is no share whose people can be told (policy/share/effect.ts). */
  readonly effect: ShareEffect | null;
  readonly obstacle: ShareObstacle | null;
  /** The policies that allow it already, or keep its people out. */
  readonly because: readonly Policy[];
  readonly groups: ReadonlyMap<string, Group>;
  /** Ids of the collections that the things are in. */
  readonly collections: readonly string[];
  /** Makes one share of a form that is sent twice. */
  readonly key: string;
  /** What it was looked at on; it is another text once any of that has changed. */
  readonly seen: string;
}

/** What would follow from a share; nothing is saved. @throws ProtocolError not_found when the right to act has ended. */
export async function previewShare(
  services: PreviewServices,
  actor: ActingAdministrator,
  { document, replaces, things }: WantedShare,
): Promise<SharePreview> {
  const [loaded, facts, named] = await Promise.all([
    services.record.load(
      actor.ownerId,
      things.map(({ id }) => id),
    ),
    loadReviewFacts(services, actor.ownerId, mentionsOfPolicy(document)),
    services.policies.findGroups(actor, mentionedGroups(document.who)),
  ]);
  const own = requireStanding(named);
  const groups = new Map([...loaded.groups, ...own].map((group) => [group.id, group]));
  const resources = examplesOf(document, loaded.resources);
  const { policies } = loaded;
  const effect = assessShare({ document, replaces, resources, policies, groups, now: actor.now });
  const obstacle = findObstacle(document, facts, actor.now);
  const because = policies.filter(({ id }) => effect?.allowedBy.includes(id) || effect?.deniedBy.includes(id));
  const versions = [...policies, ...own].map(({ id, version }) => [id, version]);
  const seen = await services.secrets.hash(JSON.stringify([resources, versions, obstacle]));
  const collections = loaded.resources.flatMap((resource) => resource.collections);
  return { effect, obstacle, because, groups, collections, seen, key: services.randomness.id() };
}

/** What its owner was shown when they wanted it saved. */
export type ShownShare = Pick<SharePreview, "seen" | "key">;

export type ShareOutcome =
  | {
      readonly outcome: "saved";
      readonly policyId: string;
      readonly version: number;
      /** Whether the same form had saved it before. */
      readonly isRepeated: boolean;
    }
  /** Nothing was saved: something that it depends on is not as it was shown. */
  | { readonly outcome: "changed" };

/**
 * Saves a share as an ordinary policy, so that shares made here, by tools or by an approval look alike; but not where
 * something has changed since its effect was shown.
 * @throws ProtocolError not_found; invalid_request for an app that only names itself; quota_exceeded.
 */
export async function saveShare(
  services: SaveServices,
  actor: ActingAdministrator,
  wanted: WantedShare,
  { seen, key }: ShownShare,
): Promise<ShareOutcome> {
  const { document, replaces } = wanted;
  const editor = { caller: actor, repeatKey: key };
  const preview = await previewShare(services, actor, wanted);
  if (preview.seen !== seen) {
    const made = replaces === null ? await findMade(services, editor, document) : null;
    if (made === null) return { outcome: "changed" };
    return { outcome: "saved", policyId: made.id, version: made.version, isRepeated: true };
  }
  if (replaces === null) {
    const { id, receipt } = await createPolicy(services, editor, document);
    return saved(id, receipt, FIRST_VERSION);
  }
  const { id, version: expected } = replaces;
  try {
    return saved(id, await replacePolicy(services, editor, { id, document, expected }), expected + 1);
  } catch (error) {
    if (!(error instanceof ProtocolError) || error.code !== "precondition_failed") throw error;
    return { outcome: "changed" };
  }
}

/** What has changed may be that the same form was sent before. */
async function findMade(services: SaveServices, editor: Editor, document: PolicyBody): Promise<Policy | null> {
  const id = await idOfCreated(services, editor, document);
  return requireStanding(await services.policies.find(editor.caller, id));
}

/** Of every document. */
const FIRST_VERSION = 1;

/** @param version that it will have where it is still on its way. */
function saved(policyId: string, receipt: Receipt, version: number): ShareOutcome {
  return { outcome: "saved", policyId, version: receipt.recorded ? receipt.version : version, isRepeated: false };
}
