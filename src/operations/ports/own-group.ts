import type { Group, Policy } from "../../policy/language/policy.ts";
import type { Actor } from "../../protocol/actor.ts";
import type { ScopeNames } from "../../protocol/scope-names.ts";
import type { UnderConnection } from "./connection.ts";
import type { Page } from "./page.ts";

/** A group as a list shows it. */
export interface GroupSummary {
  readonly id: string;
  readonly name: string;
  readonly members: number;
  /** How many policies name it. */
  readonly uses: number;
}

/** A thing that a policy names, as far as its sentence tells of it. */
export interface TargetedThing {
  readonly id: string;
  readonly name: string | null;
  readonly scopeNames: ScopeNames;
}

/** A group and what it is used for. */
export interface GroupInUse {
  readonly group: Group;
  /** The first of those that name it. */
  readonly policies: readonly Policy[];
  readonly things: readonly TargetedThing[];
}

/** An owner's groups, for whoever acts for the owner; each call checks in the same D1 batch that they may. */
export interface OwnGroupStore {
  list(actor: Actor, cursor: string | null, limit: number): Promise<UnderConnection<Page<GroupSummary>>>;
  find(actor: Actor, id: string): Promise<UnderConnection<GroupInUse | null>>;
}
