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
  readonly #index: TargetIndex;
  readonly #byResource = new Map<string, readonly Candidate[]>();

  constructor(policies: readonly Policy[], facts: EvaluationFacts) {
    this.#facts = facts;
    this.#index = indexByTarget(policies);
  }

  /**
   * What all policies say together about one scope of one resource: deny wins, and where nothing matches the answer is
   * no.
   *
   * @param scope null for a permission that asks for no scope.
   */
  decide(resource: ProtectedResource, scope: string | null): Decision {
    if (scope !== null && !resource.scopes.includes(scope)) return weigh([]);
    const considered: PolicyOutcome[] = [];
    for (const candidate of this.#about(resource)) {
      const { scopes } = candidate;
      if (scopes !== "all" && (scope === null || !scopes.has(scope))) continue;
      candidate.outcome ??= evaluatePolicy(candidate.policy, resource, scope, this.#facts);
      considered.push(candidate.outcome);
    }
    return weigh(considered);
  }

  #about(resource: ProtectedResource): readonly Candidate[] {
    const about = this.#byResource.get(resource.id) ?? this.#gather(resource);
    this.#byResource.set(resource.id, about);
    return about;
  }

  /** A policy that names a resource and a collection that it is in is considered once. */
  #gather({ id, type, collections }: ProtectedResource): readonly Candidate[] {
    const { everything, byResource, byType } = this.#index;
    const named = [id, ...collections].flatMap((name) => byResource.get(name) ?? []);
    const about = new Set([...everything, ...named, ...(byType.get(type) ?? [])]);
    return [...about].sort((one, other) => one.position - other.position);
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

/** Candidates by what they target. */
interface TargetIndex {
  readonly everything: Candidate[];
  readonly byResource: Map<string, Candidate[]>;
  readonly byType: Map<string | null, Candidate[]>;
}

function indexByTarget(policies: readonly Policy[]): TargetIndex {
  const index: TargetIndex = { everything: [], byResource: new Map(), byType: new Map() };
  for (const [position, policy] of policies.entries()) {
    const reach = reachOf(policy);
    const { scopes, target } = policy.document;
    const covered = reach === "target" && scopes !== "all" ? setOf(scopes) : "all";
    const candidate: Candidate = { policy, position, scopes: covered, outcome: null };
    if (reach === "target") enter(target, index, candidate);
    if (reach === "everything") index.everything.push(candidate);
  }
  return index;
}

const enter = askTarget<[TargetIndex, Candidate], void>(
  {
    resources: ({ resources }, { byResource }, candidate) => {
      for (const id of setOf(resources)) add(byResource, id, candidate);
    },
    type: ({ type }, { byType }, candidate) => add(byType, type, candidate),
    all: ({ all }, { everything }, candidate) => {
      if (all) everything.push(candidate);
    },
  },
  () => {},
);

function add<Key>(index: Map<Key, Candidate[]>, key: Key, candidate: Candidate): void {
  const others = index.get(key);
  if (others === undefined) index.set(key, [candidate]);
  else others.push(candidate);
}

/** Made once for each version of a policy; they go with it. */
const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

function setOf(words: readonly string[]): ReadonlySet<string> {
  const set = sets.get(words) ?? new Set(words);
  sets.set(words, set);
  return set;
}
