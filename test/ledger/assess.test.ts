import { describe, expect, it } from "vitest";
import { type Assessment, assess } from "../../src/ledger/assess.ts";
import { shortestLifetime } from "../../src/ledger/held-permission.ts";
import type { Policy } from "../../src/policy/language/policy.ts";
import type { RequestedScopes } from "../../src/protocol/assessment.ts";
import { factsWith, NOW, policy, resource } from "../policy/support.ts";

const OTHER = { ...resource, id: "r2", type: null };
const SOON = "2027-03-03T13:00:00Z";
const asked = (...scopes: readonly string[]): RequestedScopes => ({ resource, scopes });
const ROLE = { claim: "role", equals: "doctor" } as const;
const AGE = { claim: "age", at_least: 18 } as const;

interface More {
  readonly partial?: boolean;
}

function assessing(sets: readonly RequestedScopes[], policies: readonly Policy[], { partial = false }: More = {}) {
  return assess(sets, policies, factsWith(), { partialGrants: partial, findRefusal: () => null });
}

/** What was granted, such as "r1:view". */
function granted(assessment: Assessment): readonly string[] {
  if (assessment.outcome !== "granted") return [assessment.outcome];
  return assessment.permissions.flatMap(({ resourceId, scopes }) =>
    scopes.map(({ scope }) => `${resourceId}:${scope}`),
  );
}

function lifetimeOf(assessment: Assessment): number | null {
  return assessment.outcome === "granted" ? shortestLifetime(assessment.permissions) : null;
}

describe("an assessment", () => {
  it("grants every scope of every resource that it is asked for", () => {
    const answer = assessing([asked("view", "print"), { resource: OTHER, scopes: ["view"] }], [policy()]);
    expect(granted(answer)).toEqual(["r1:view", "r1:print", "r2:view"]);
    expect(answer).toMatchObject({
      permissions: [
        { resourceId: "r1", type: "photo" },
        { resourceId: "r2", type: null },
      ],
    });
  });

  it("denies where no policy speaks, and says what was decided of each scope", () => {
    const answer = assessing([asked("view", "print")], []);
    expect(answer).toMatchObject({
      outcome: "denied",
      decisions: [
        { resourceId: "r1", scope: "view", decision: { outcome: "deny" } },
        { resourceId: "r1", scope: "print", decision: { outcome: "deny" } },
      ],
    });
  });

  it("never succeeds with nothing: denied without a request too, in part or not", () => {
    expect(assessing([], [policy()])).toEqual({ outcome: "denied", cause: "policies", decisions: [] });
    expect(assessing([], [policy()], { partial: true })).toEqual({
      outcome: "denied",
      cause: "policies",
      decisions: [],
    });
    expect(assessing([asked("view")], [], { partial: true }).outcome).toBe("denied");
  });

  it("decides a permission without scopes as one, so that nothing passes for lack of a scope to refuse", () => {
    expect(granted(assessing([asked()], [policy()]))).toEqual(["r1:null"]);
    expect(assessing([asked()], [policy({ scopes: ["view"] })])).toMatchObject({
      outcome: "denied",
      decisions: [{ scope: null }],
    });
  });

  it("grants a part only where that is allowed", () => {
    const sets = [asked("view", "print"), { resource: OTHER, scopes: ["print"] }];
    const viewing = [policy({ scopes: ["view"] })];
    expect(granted(assessing(sets, viewing))).toEqual(["denied"]);
    const answer = assessing(sets, viewing, { partial: true });
    expect(granted(answer)).toEqual(["r1:view"]);
    expect(answer).toMatchObject({ permissions: { length: 1 } });
  });
});

describe("what is asked of whom", () => {
  it("more claims, as long as they could help, each once", () => {
    const policies = [policy({ who: { all: [ROLE, AGE] } })];
    const answer = assessing([asked("view", "print")], policies);
    expect(answer.outcome).toBe("need_info");
    expect(answer).toHaveProperty("needs", [
      { kind: "claim", claim: "role", issuers: null },
      { kind: "claim", claim: "age", issuers: null },
    ]);
  });

  it("none where one no refuses the whole anyway", () => {
    const policies = [policy({ who: ROLE, scopes: ["view"] })];
    expect(assessing([asked("view", "print")], policies).outcome).toBe("denied");
    expect(assessing([asked("view", "print")], policies, { partial: true }).outcome).toBe("need_info");
  });

  it("claims before the owner, and the owner before anything is granted", () => {
    const approval = policy({ scopes: ["print"], terms: { approval: true } });
    const byRole = policy({ scopes: ["view"], who: ROLE });
    expect(assessing([asked("view", "print")], [approval, byRole]).outcome).toBe("need_info");
    expect(assessing([asked("view", "print")], [approval, policy({ scopes: ["view"] })])).toMatchObject({
      outcome: "submitted",
    });
  });

  it("needs of the scopes that are open, not of those that are settled", () => {
    const settled = policy({ scopes: ["view"] });
    const answer = assessing([asked("view", "print")], [settled, policy({ who: ROLE })]);
    expect(answer).toHaveProperty("needs", [{ kind: "claim", claim: "role", issuers: null }]);
  });
});

describe("what a grant carries", () => {
  it("the policies that said yes, until they end", () => {
    const until = policy({ when: { expires: SOON } });
    const [permission] = (assessing([asked("view")], [until]) as { permissions: readonly object[] }).permissions;
    expect(permission).toMatchObject({
      scopes: [{ scope: "view", counted: false, grounds: [{ policyId: until.id, version: 1, endsAt: NOW + 3_600 }] }],
    });
  });

  it("the shortest life that any policy under it allows, and none where none says so", () => {
    const long = policy({ scopes: ["view"], terms: { token_lifetime: 600 } });
    const short = policy({ scopes: ["print"], terms: { token_lifetime: 60 } });
    expect(lifetimeOf(assessing([asked("view", "print")], [long, short]))).toBe(60);
    expect(lifetimeOf(assessing([asked("view")], [long, short]))).toBe(600);
    expect(lifetimeOf(assessing([asked("view")], [policy()]))).toBe(Number.POSITIVE_INFINITY);
  });

  it("the policies it uses up one of, each once, and no others", () => {
    const counted = policy({ terms: { uses: 3 } });
    expect(assessing([asked("view", "print")], [counted])).toMatchObject({ countedPolicies: [counted.id] });
    expect(assessing([asked("view")], [counted, policy()])).toMatchObject({ countedPolicies: [] });
    const answer = assessing([asked("view", "print")], [counted, policy({ scopes: ["view"] })]);
    expect(answer).toMatchObject({
      countedPolicies: [counted.id],
      permissions: [{ scopes: [{ counted: false }, { counted: true }] }],
    });
  });
});
