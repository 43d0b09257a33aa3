import type { Mentions, ReviewFacts } from "../../policy/review/facts.ts";

/** Looks up what a document names. */
export interface ReviewStore {
  /** In one round trip, and of resources and groups only this owner's: another's are as good as none. */
  load(ownerId: string, mentions: Mentions): Promise<ReviewFacts>;
}
