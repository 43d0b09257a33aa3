/**
 * What an owner is asked to allow, and the policies that a yes comes to (docs/owner-tools.md, "Requests that wait for
 * you"): plain values in and out.
 */

import type { Policy, PolicyBody, TermsBody } from "../policy/language/policy.ts";
import type { PartyStatement } from "../protocol/claims.ts";
import type { ScopeDecision } from "./assess.ts";

/** What stays of the policy that asked: where, when and on which terms. Who it is about, the owner's word settles. */
export type Bounds = Pick<PolicyBody, "when" | "where" | "terms">;

/** Scopes of one resource. Null, then alone: the resource as a whole, which was asked for without scopes. */
export interface AskedScopes {
  readonly resourceId: string;
  readonly scopes: readonly (string | null)[];
}

/** Scopes that one and the same policy leaves to its owner. */
export interface AskedPermission extends AskedScopes {
  readonly bounds: Bounds;
}

/** One scope of one resource. */
type OneScope = Pick<ScopeDecision, "resourceId" | "scope">;

/** What makes two requests of a party through a client the same: everything that was asked for, in one order. */
export function likenessOf(asked: readonly OneScope[]): string {
  const names = asked.map(({ resourceId, scope }) => JSON.stringify([resourceId, scope]));
  return `[${names.toSorted().join()}]`;
}

/** Of an assessment what only the owner can decide. */
export function askedOf(decisions: readonly ScopeDecision[], policies: readonly Policy[]): readonly AskedPermission[] {
  const documents = new Map(policies.map(({ id, document }) => [id, document]));
  const left = decisions.filter(({ decision }) => decision.outcome === "submitted");
  return group(
    left.map(({ resourceId, scope, decision }) => {
      const asking = decision.considered.find(({ outcome }) => outcome === "submitted");
      return { resourceId, scopes: [scope], bounds: boundsOf(documents.get(asking?.policyId ?? "")) };
    }),
    ({ resourceId, bounds }) => [resourceId, bounds],
    (one, other) => ({ ...one, scopes: [...one.scopes, ...other.scopes] }),
  );
}

/** An agreement was given before the owner was asked, and is kept with the policy that asked for it. */
function boundsOf(document: PolicyBody | undefined): Bounds {
  const { when, where, terms } = document ?? {};
  const { approval: _asked, agreement: _given, ...rest } = terms ?? {};
  return {
    ...(when === undefined ? {} : { when }),
    ...(where === undefined ? {} : { where }),
    ...(Object.keys(rest).length === 0 ? {} : { terms: rest satisfies TermsBody }),
  };
}

/**
 * The part of what was asked for that the owner allows.
 *
 * @param allowed null: all of it
 * @returns null where more was named than was asked for, or nothing
 */
export function allowedOf(
  asked: readonly AskedPermission[],
  allowed: readonly AskedScopes[] | null,
): readonly AskedPermission[] | null {
  if (allowed === null) return asked;
  const named = new Set(namesOf(allowed));
  const known = new Set(namesOf(asked));
  if (named.size === 0 || [...named].some((name) => !known.has(name))) return null;
  return asked
    .map((one) => ({ ...one, scopes: one.scopes.filter((scope) => named.has(nameOf(one.resourceId, scope))) }))
    .filter(({ scopes }) => scopes.length > 0);
}

/** Whether one scope is among these. */
export function includesScope(permissions: readonly AskedScopes[], { resourceId, scope }: OneScope): boolean {
  return permissions.some((one) => one.resourceId === resourceId && one.scopes.includes(scope));
}

function namesOf(permissions: readonly AskedScopes[]): readonly string[] {
  return permissions.flatMap(({ resourceId, scopes }) => scopes.map((scope) => nameOf(resourceId, scope)));
}

function nameOf(resourceId: string, scope: string | null): string {
  return JSON.stringify([resourceId, scope]);
}

/**
 * The policies that a yes comes to: ordinary permits for this party through this client, and nothing wider than was
 * asked for (Grant §5.6). Resources of which the same is allowed share one.
 *
 * @param until epoch seconds; null: as long as the policy that asked
 */
export function permitsFor(
  allowed: readonly AskedPermission[],
  { issuer, subject }: Pick<PartyStatement, "issuer" | "subject">,
  clientId: string,
  until: number | null,
): readonly PolicyBody[] {
  const alike = group(
    allowed.map(({ resourceId, ...rest }) => ({ ...rest, resources: [resourceId] })),
    ({ scopes, bounds }) => [scopes, bounds],
    (one, other) => ({ ...one, resources: [...one.resources, ...other.resources] }),
  );
  return alike.map(({ resources, scopes, bounds }) => {
    const named = scopes.filter((scope) => scope !== null);
    return {
      effect: "permit",
      target: { resources },
      // A permission without scopes is only ever given with all of them (policy/language/policy.ts).
      scopes: named.length < scopes.length ? "all" : named,
      who: { all: [{ claim: "sub", issuer, equals: subject }, { client: clientId }] },
      ...bounds,
      ...(until === null ? {} : { when: { ...bounds.when, expires: earlier(bounds.when?.expires, until) } }),
    };
  });
}

function earlier(expires: string | undefined, until: number): string {
  const end = new Date(until * 1_000);
  return expires !== undefined && Date.parse(expires) <= end.getTime() ? expires : end.toISOString();
}

/** Joins what has the same key, in the order in which each came first. */
function group<T>(items: readonly T[], keyOf: (item: T) => unknown, join: (one: T, other: T) => T): readonly T[] {
  const groups = new Map<string, T>();
  for (const item of items) {
    const key = JSON.stringify(keyOf(item));
    const before = groups.get(key);
    groups.set(key, before === undefined ? item : join(before, item));
  }
  return [...groups.values()];
}

/** The operation under which a policy is booked that an owner's decision comes to; no id of ours has a slash. */
export function policyOperation(decision: string, index: number): string {
  return `${decision}/${index}`;
}

/** The operation under which such a policy is taken back, because the decision could not be recorded whole. */
export function takingBackOperation(decision: string, policyId: string): string {
  return `${decision}-without-${policyId}`;
}

/** @returns the operation of the decision that a policy came of; null: it came of none */
export function decisionOf(operationId: string): string | null {
  const [decision, index] = operationId.split("/");
  return index === undefined || decision === undefined ? null : decision;
}
