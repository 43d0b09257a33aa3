import type { Actor } from "../../protocol/actor.ts";
import type { ScopeNames } from "../../protocol/scope-names.ts";
import type { UnderConnection } from "./connection.ts";
import type { Page } from "./page.ts";

/** A registered resource as its owner sees it, whichever resource server hosts it; null for what that left out. */
export interface OwnedResource {
  readonly id: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly iconUri: string | null;
  readonly type: string | null;
  readonly scopes: readonly string[];
  readonly resourceServer: { readonly id: string; readonly name: string | null };
  /** Those that it is in, and that there are. */
  readonly collections: readonly CollectionName[];
  /** How many others are in it; counted up to one more than MAX_MEMBERS_COUNTED. */
  readonly members: number;
}

export interface CollectionName {
  readonly id: string;
  readonly name: string | null;
}

/** One of them by itself, with the words in which people read it. */
export interface WordedResource extends OwnedResource {
  /** What its resource server calls its scopes. */
  readonly scopeNames: ScopeNames;
}

/** What a list of an owner's resources is narrowed by; left out or null: not by this. */
export interface Narrowing {
  readonly resourceServerId?: string | null;
  readonly type?: string | null;
  /** The id of a resource that they are in. */
  readonly collectionId?: string | null;
}

/** A page of an owner's resources, by their names; those without one come last. */
export interface OwnedResourceQuery extends Narrowing {
  readonly cursor: string | null;
  readonly limit: number;
  /** What the name contains within its first 200 characters, A to Z in either case; null: any. */
  readonly text: string | null;
}

/** A page of an owner's resources, and what others it can be narrowed to. */
export interface ResourceSurvey extends Page<OwnedResource> {
  /** Every resource server that has registered something, by name; a hundred at most. */
  readonly resourceServers: readonly OwnedResource["resourceServer"][];
  /** Every type that a resource has, in their order; fifty at most. */
  readonly types: readonly string[];
  /** The collection that it is narrowed to; null: none, or there is none of this id. */
  readonly collection: CollectionName | null;
}

/** All resources of an owner, for whoever acts for the owner; each call checks in the same D1 batch that they may. */
export interface OwnedResourceStore {
  find(caller: Actor, id: string): Promise<UnderConnection<WordedResource | null>>;
  /**
   * A search, and a list that is narrowed by several at once, looks at so many resources a call: a page may hold few and
   * still have a next.
   */
  list(caller: Actor, query: OwnedResourceQuery): Promise<UnderConnection<Page<OwnedResource>>>;
  /** The same, with what it can be narrowed by. */
  survey(caller: Actor, query: OwnedResourceQuery): Promise<UnderConnection<ResourceSurvey>>;
}
