import type { Policy } from "../../policy/language/policy.ts";
import type { Actor } from "../../protocol/actor.ts";
import type { UnderConnection } from "./connection.ts";
import type { WordedResource } from "./owned-resource.ts";

/** A policy that reaches a thing. */
export interface ReachingPolicy {
  readonly policy: Policy;
  /** When it was made, epoch seconds; null: before anybody noted when. */
  readonly createdAt: number | null;
}

export interface NamedGroup {
  readonly id: string;
  readonly name: string;
  readonly members: number;
}

/** A registered resource with everything that says who can see it. */
export interface StoredThing {
  readonly resource: WordedResource;
  /** Those that name it, a collection that it is in, its type, or everything; by id. */
  readonly policies: readonly ReachingPolicy[];
  /** Every group that one of these policies names. */
  readonly groups: readonly NamedGroup[];
}

/** One resource of an owner's, for whoever acts for them; one round trip, which checks that they may. */
export interface ThingStore {
  find(actor: Actor, id: string): Promise<UnderConnection<StoredThing | null>>;
}
