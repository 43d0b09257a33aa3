import type { ListedIssuer } from "../../protocol/issuer-directory.ts";
import { issuersOf } from "../language/claim-operators.ts";
import { partsOf } from "../language/condition-rules.ts";
import { mentionedClients } from "../language/mentioned-clients.ts";
import { mentionedGroups } from "../language/mentioned-groups.ts";
import type { ClaimTest, Condition, GroupBody, PolicyBody, TargetBody } from "../language/policy.ts";

/** What a document names, to be looked up before it is reviewed; its bounds bound the work (shared/limits.ts). */
export interface Mentions {
  readonly target: TargetBody;
  readonly scopes: readonly string[];
  readonly groups: readonly string[];
  readonly clients: readonly string[];
  readonly issuers: readonly string[];
  /** Whether it counts on whichever issuer may speak. */
  readonly anyIssuer: boolean;
}

/** What there is of what a document names. */
export interface ReviewFacts {
  /** Ids of resources of the target, and of what is in these; of very many the first. */
  readonly resources: ReadonlySet<string>;
  /** Whether these are all. */
  readonly areAllResources: boolean;
  /** Scopes of the document that one of these has registered. */
  readonly scopes: ReadonlySet<string>;
  /** Groups, and how many members each has. */
  readonly groups: ReadonlyMap<string, number>;
  /** Clients, and whether anybody can be known through each: it may push claims, or send people here. */
  readonly clients: ReadonlyMap<string, boolean>;
  /** Whose word counts, in whichever way it is heard; one that is heard in both ways stands here twice. */
  readonly issuers: readonly ListedIssuer[];
  /** Whether these are all. */
  readonly areAllIssuers: boolean;
}

export function mentionsOfPolicy({ target, scopes, who }: PolicyBody): Mentions {
  const tests = claimTestsOf(who);
  return {
    target,
    scopes: scopes === "all" ? [] : scopes,
    groups: mentionedGroups(who),
    clients: mentionedClients(who),
    issuers: tests.flatMap((test) => issuersOf(test) ?? []),
    anyIssuer: tests.some((test) => issuersOf(test) === null),
  };
}

export function mentionsOfGroup({ members }: GroupBody): Mentions {
  const issuers = members.flatMap((member) => ("issuer" in member ? [member.issuer] : []));
  const nothing = { target: { resources: [] }, scopes: [], groups: [], clients: [] };
  return { ...nothing, issuers, anyIssuer: members.some((member) => "email" in member) };
}

function claimTestsOf(condition: Condition): readonly ClaimTest[] {
  return "claim" in condition ? [condition] : partsOf(condition).flatMap(claimTestsOf);
}
