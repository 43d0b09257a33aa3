import type { ProtectedResource } from "../../protocol/resource.ts";
import { askTarget } from "../language/kinds.ts";
import type { Policy } from "../language/policy.ts";
import { type EvaluationFacts, evaluatePolicy, reachOf } from "./evaluate.ts";
import type { Decision, PolicyOutcome } from "./outcome.ts";
import { weigh } from "./weigh.ts";

/** A policy among those that are considered. */
interface Candidate {
  readonly policy: Policy;
  /** Where it stands among all policies: decisions keep their order. */
  readonly position: number;
  readonly scopes: ReadonlySet<string> | "all";
  /** What it says, once it was asked. */
  outcome: PolicyOutcome | null;
}

/**
 * What the policies of an owner say to many questions about the same party at the same moment.
 * INVARIANT: each policy is evaluated once at most, however many scopes it is about (ledger/README.md, rule 11). What it
 * says of one scope that it is about it says of all.
 */
export class Deliberation {
  readonly #facts: EvaluationFacts;
  /** Candidates by what they target, as `keyOf` names it. */
  readonly #byTarget: ReadonlyMap<string, readonly Candidate[]>;
  readonly #byResource = new Map<string, readonly Candidate[]>();

  constructor(policies: readonly Policy[], facts: EvaluationFacts) {
    this.#facts = facts;
    this.#byTarget = indexByTarget(policies);
  }

  /**
   * What all policies say together about one scope of one resource: deny wins, and where nothing matches the answer is
   * no.
   *
   * @param scope null for a permission that asks for no scope.
   */
  decide(resource: ProtectedResource, scope: string | null): Decision {
    if (scope !== null && !resource.scopes.includes(scope)) return weigh([]);
    const considered = this.#about(resource)
      .filter(({ scopes }) => scopes === "all" || (scope !== null && scopes.has(scope)))
      .map((candidate) => this.#ask(candidate, resource, scope));
    return weigh(considered);
  }

  #ask(candidate: Candidate, resource: ProtectedResource, scope: string | null): PolicyOutcome {
    candidate.outcome ??= evaluatePolicy(candidate.policy, resource, scope, this.#facts);
    return candidate.outcome;
  }

  #about(resource: ProtectedResource): readonly Candidate[] {
    const kept = this.#byResource.get(resource.id);
    if (kept) return kept;
    const targets = [EVERYTHING, keyOf("resource", resource.id), keyOf("type", resource.type)];
    const about = targets.flatMap((key) => this.#byTarget.get(key) ?? []);
    const inOrder = about.toSorted((one, other) => one.position - other.position);
    this.#byResource.set(resource.id, inOrder);
    return inOrder;
  }
}

/** The answer to one question. */
export function decide(
  policies: readonly Policy[],
  resource: ProtectedResource,
  scope: string | null,
  facts: EvaluationFacts,
): Decision {
  return new Deliberation(policies, facts).decide(resource, scope);
}

const EVERYTHING = "all";

function keyOf(kind: "resource" | "type", value: string | null): string {
  return JSON.stringify([kind, value]);
}

function indexByTarget(policies: readonly Policy[]): ReadonlyMap<string, readonly Candidate[]> {
  const index = new Map<string, Candidate[]>();
  for (const [position, policy] of policies.entries()) {
    const candidate = { policy, position, scopes: scopesOf(policy), outcome: null };
    for (const key of keysOf(policy)) {
      const others = index.get(key);
      if (others) others.push(candidate);
      else index.set(key, [candidate]);
    }
  }
  return index;
}

function keysOf(policy: Policy): readonly string[] {
  switch (reachOf(policy)) {
    case "target":
      return targetKeys(policy.document.target);
    case "everything":
      return [EVERYTHING];
    case "nothing":
      return [];
  }
}

function scopesOf(policy: Policy): Candidate["scopes"] {
  const { scopes } = policy.document;
  return scopes === "all" || reachOf(policy) !== "target" ? "all" : new Set(scopes);
}

const targetKeys = askTarget<[], readonly string[]>(
  {
    resources: ({ resources }) => [...new Set(resources)].map((id) => keyOf("resource", id)),
    type: ({ type }) => [keyOf("type", type)],
    all: ({ all }) => (all ? [EVERYTHING] : []),
  },
  () => [],
);
