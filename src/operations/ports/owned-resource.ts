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
}

/** One of them by itself, with the words in which people read it. */
export interface WordedResource extends OwnedResource {
  /** What its resource server calls its scopes. */
  readonly scopeNames: ScopeNames;
}

/** A page of an owner's resources. */
export interface OwnedResourceQuery {
  readonly cursor: string | null;
  readonly limit: number;
  /** What the name contains, A to Z in either case; null: any. */
  readonly text: string | null;
}

/** All resources of an owner, for whoever acts for the owner; each call checks in the same D1 batch that they may. */
export interface OwnedResourceStore {
  find(caller: Actor, id: string): Promise<UnderConnection<WordedResource | null>>;
  /** By resource server. A search looks at so many resources a call: a page of it may hold few and still have a next. */
  list(caller: Actor, query: OwnedResourceQuery): Promise<UnderConnection<Page<OwnedResource>>>;
}
