import type { RequestedPermission } from "../../protocol/permission.ts";
import type { ScopeNames } from "../../protocol/scope-names.ts";

/** A resource that somebody asks for, as its resource server describes it. */
export interface AskedThing {
  readonly resourceId: string;
  /** Null: it gave none, or it is not to be shown. */
  readonly name: string | null;
  readonly type: string | null;
  readonly scopes: readonly string[];
  /** What it calls them; none where its name is not to be shown. */
  readonly scopeNames: ScopeNames;
}

/** What is shown to a requesting party on a visit. */
export interface VisitStore {
  /** In the order of the permissions; what is gone is left out. */
  listAsked(
    ownerId: string,
    resourceServerId: string,
    permissions: readonly RequestedPermission[],
  ): Promise<readonly AskedThing[]>;
}
