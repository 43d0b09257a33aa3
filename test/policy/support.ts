import type { EvaluationFacts } from "../../src/policy/evaluation/evaluate.ts";
import { ANYBODY } from "../../src/policy/evaluation/witnesses.ts";
import type { Group, GroupMemberBody, Policy, PolicyBody } from "../../src/policy/language/policy.ts";
import type { ClaimValue, PartyClaims } from "../../src/protocol/claims.ts";
import type { ProtectedResource } from "../../src/protocol/resource.ts";

/** Wednesday 3 March 2027, 12:00 UTC. */
export const NOW = 1_804_075_200;

export const resource: ProtectedResource = {
  id: "r1",
  resourceServerId: "rs1",
  type: "photo",
  collections: [],
  scopes: ["view", "print"],
};

export function party(claims: Readonly<Record<string, ClaimValue>> = {}, more: Partial<PartyClaims> = {}): PartyClaims {
  return { issuer: "https://i1.example", subject: "s1", claims, authenticatedAt: NOW - 60, issuedAt: NOW, ...more };
}

export function group(id: string, members: readonly GroupMemberBody[]): Group {
  return { id, version: 1, document: { name: id, members } };
}

export function factsWith(more: Partial<EvaluationFacts> = {}): EvaluationFacts {
  return {
    party: party({ email: "bob@example.com" }),
    clientId: "c1",
    witnesses: ANYBODY,
    groups: new Map(),
    whereabouts: { country: "DE", address: "192.0.2.7" },
    usesLeft: () => 1,
    agreements: [],
    now: NOW,
    ...more,
  };
}

/** The same random cases on every run. Change it, or raise the runs, to look further. */
export const SEED = 20_270_303;

let made = 0;

/** A kept policy: permits everything on everything to anyone, but for what is said. */
export function policy(document: Partial<PolicyBody> = {}): Policy {
  made += 1;
  return {
    id: `p${made}`,
    version: 1,
    document: { effect: "permit", target: { all: true }, scopes: "all", who: { anyone: true }, ...document },
  };
}

/** A document as newer code may have written it. */
export function newer<Known>(document: object): Known {
  return document as Known;
}
