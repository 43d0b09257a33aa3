import type { ProviderWords } from "../../ledger/ports.ts";
import type { GroupBody, PolicyBody } from "../../policy/language/policy.ts";
import { type Mentions, mentionsOfGroup, mentionsOfPolicy, type ReviewFacts } from "../../policy/review/facts.ts";
import { reviewGroup, reviewPolicy } from "../../policy/review/review-document.ts";
import type { ListedIssuer } from "../../protocol/issuer-directory.ts";
import type { Warning } from "../../shared/warning.ts";
import type { Post } from "../ports/post.ts";
import type { ReviewStore } from "../ports/review.ts";
import type { AccessQuestion } from "./explain-access.ts";

/** What a review looks things up in. */
export interface ReviewServices {
  readonly config: { readonly issuer: string };
  readonly reviews: ReviewStore;
  readonly identityProviders: Pick<ProviderWords, "listSpeakers">;
  readonly post: Pick<Post, "isAvailable">;
  readonly isOutage: (error: unknown) => boolean;
}

/** What the author of a policy should look at again. @param now epoch seconds. */
export function reviewOwnersPolicy(
  services: ReviewServices,
  ownerId: string,
  document: PolicyBody,
  now: number,
): Promise<readonly Warning[]> {
  return review(services, ownerId, mentionsOfPolicy(document), (facts) => reviewPolicy(document, facts, now));
}

/** What the author of a group should look at again. */
export function reviewOwnersGroup(
  services: ReviewServices,
  ownerId: string,
  document: GroupBody,
): Promise<readonly Warning[]> {
  return review(services, ownerId, mentionsOfGroup(document), (facts) => reviewGroup(document, facts));
}

/** The same for each policy of a question (`POST /owner/explain`), under the path that it has there. */
export async function reviewSupposed(
  services: ReviewServices,
  ownerId: string,
  { added, at }: Pick<AccessQuestion, "added" | "at">,
): Promise<readonly Warning[]> {
  const reviewed = await Promise.all(added.map((document) => reviewOwnersPolicy(services, ownerId, document, at)));
  return reviewed.flatMap((warnings, index) =>
    warnings.map(({ path, message }) => ({ path: `policies[${index}].${path}`, message })),
  );
}

/** It is done beside what it is about: an outage that keeps it from being told must not keep the other from an answer. */
async function review(
  services: ReviewServices,
  ownerId: string,
  mentions: Mentions,
  judge: (facts: ReviewFacts) => readonly Warning[],
): Promise<readonly Warning[]> {
  try {
    return judge(await loadReviewFacts(services, ownerId, mentions));
  } catch (error) {
    if (!services.isOutage(error)) throw error;
    console.error({ event: "review_failed", message: String(error) });
    return [];
  }
}

/** What there is of what a document names, and whose word counts here. */
export async function loadReviewFacts(
  services: Pick<ReviewServices, "config" | "reviews" | "identityProviders" | "post">,
  ownerId: string,
  mentions: Mentions,
): Promise<ReviewFacts> {
  const [facts, met] = await Promise.all([
    services.reviews.load(ownerId, mentions),
    services.identityProviders.listSpeakers(),
  ]);
  return { ...facts, issuers: [...facts.issuers, ...met, ourselves(services)] };
}

/** What this server says of accounts; addresses only where it can send letters to them. */
function ourselves({ config, post }: Pick<ReviewServices, "config" | "post">): ListedIssuer {
  return { issuer: config.issuer, claims: post.isAvailable ? ["email"] : [], emailDomains: "all" };
}
