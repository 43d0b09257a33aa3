import { describe, expect, it } from "vitest";
import {
  endOf,
  filterScopes,
  type HeldPermission,
  type HeldScope,
  holdScope,
  lastEnd,
  permissionBodies,
} from "../../src/ledger/held-permission.ts";
import { decide } from "../../src/policy/evaluation/deliberation.ts";
import { factsWith, group, NOW, policy, resource } from "../policy/support.ts";

const HOUR = 3_600;

/** A scope on one ground for each end. */
function held(scope: string | null, ...ends: readonly (number | null)[]): HeldScope {
  const scopeOfPolicies = decide(
    ends.map(() => policy()),
    resource,
    "view",
    factsWith(),
  );
  const { grounds } = holdScope(scope, scopeOfPolicies);
  return {
    ...holdScope(scope, scopeOfPolicies),
    grounds: grounds.map((ground, index) => ({ ...ground, endsAt: ends[index] ?? null })),
  };
}

const permission = (resourceId: string, ...scopes: readonly HeldScope[]): HeldPermission => ({
  resourceId,
  type: null,
  scopes,
});

describe("a scope that was just decided", () => {
  it("stands on each policy that said yes, as it was then", () => {
    const one = { ...policy({ when: { expires: "2027-03-03T13:00:00Z" } }), version: 7 };
    const other = policy({ who: { claim: "email", domain: "example.com" } });
    const silent = policy({ who: { claim: "email", domain: "elsewhere.example" } });
    const scope = holdScope("view", decide([one, silent, other], resource, "view", factsWith()));
    expect(scope).toMatchObject({
      scope: "view",
      counted: false,
      grounds: [
        { policyId: one.id, version: 7, endsAt: NOW + HOUR },
        { policyId: other.id, version: 1, endsAt: null },
      ],
    });
    expect(scope.grounds).toHaveLength(2);
  });

  it("remembers every group that was looked at, also for a policy that did not carry it", () => {
    const groups = new Map([
      ["friends", group("friends", [{ email: "bob@example.com" }])],
      ["blocked", group("blocked", [{ email: "mallory@example.com" }])],
    ]);
    const deny = policy({ effect: "deny", who: { group: "blocked" } });
    const decision = decide([policy({ who: { group: "friends" } }), deny], resource, "view", factsWith({ groups }));
    expect(holdScope("view", decision).memberships).toEqual({ friends: "yes", blocked: "no" });
  });

  it("is counted when all that carries it is", () => {
    const counted = policy({ terms: { uses: 2 } });
    const scopeOf = (...policies: readonly ReturnType<typeof policy>[]) =>
      holdScope("view", decide(policies, resource, "view", factsWith()));
    expect(scopeOf(counted).counted).toBe(true);
    expect(scopeOf(counted, policy()).counted).toBe(false);
    expect(scopeOf(policy()).counted).toBe(false);
    const decision = decide([counted], resource, "view", factsWith());
    const mixed = {
      ...decision,
      grounds: [...decision.grounds, ...decide([policy()], resource, "view", factsWith()).grounds],
    };
    expect(holdScope("view", mixed).counted).toBe(false);
  });
});

describe("the end", () => {
  it("of a scope is that of the last policy that carries it", () => {
    expect(endOf(held("view", NOW + 60))).toBe(NOW + 60);
    expect(endOf(held("view", NOW + 60, NOW + 90, NOW + 70))).toBe(NOW + 90);
    expect(endOf(held("view", NOW + 60, null))).toBe(Number.POSITIVE_INFINITY);
  });

  it("of permissions is that of the last scope", () => {
    const early = permission("r1", held("view", NOW + 60), held("print", NOW + 90));
    expect(lastEnd([early, permission("r2", held("view", NOW + 30))])).toBe(NOW + 90);
    expect(lastEnd([early, permission("r2", held("view", null))])).toBe(Number.POSITIVE_INFINITY);
  });

  it("of nothing at all has come, whatever the time", () => {
    expect(lastEnd([])).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe("keeping scopes", () => {
  const both = [permission("r1", held("view", null), held("print", null)), permission("r2", held("view", null))];

  it("leaves those that pass, with everything else about them", () => {
    const kept = filterScopes(both, ({ scope }, { resourceId }) => scope === "view" && resourceId === "r1");
    expect(kept).toEqual([{ ...both[0], scopes: [both[0]?.scopes[0]] }]);
  });

  it("leaves the very same list where all pass, and the very same permissions where theirs do", () => {
    expect(filterScopes(both, () => true)).toBe(both);
    const [first] = filterScopes(both, (_, { resourceId }) => resourceId === "r1");
    expect(first).toBe(both[0]);
  });

  it("drops a permission without a scope left", () => {
    expect(filterScopes(both, ({ scope }) => scope === "print").map(({ resourceId }) => resourceId)).toEqual(["r1"]);
    expect(filterScopes(both, () => false)).toEqual([]);
  });
});

describe("permissions in a token", () => {
  const EXPIRY = NOW + 300;
  const bodies = (...scopes: readonly HeldScope[]) => permissionBodies([permission("r1", ...scopes)], NOW, EXPIRY);

  it("state the scopes of a resource together where they end with the token", () => {
    expect(bodies(held("view", null), held("print", EXPIRY), held("share", EXPIRY + 1))).toEqual([
      { resource_id: "r1", resource_scopes: ["view", "print", "share"] },
    ]);
  });

  it("state what ends before the token apart, with its own end", () => {
    expect(bodies(held("view", null), held("print", NOW + 60), held("share", NOW + 60))).toEqual([
      { resource_id: "r1", resource_scopes: ["view"] },
      { resource_id: "r1", resource_scopes: ["print", "share"], exp: NOW + 60 },
    ]);
  });

  it("leave out what has ended, to the second", () => {
    expect(bodies(held("view", NOW), held("print", NOW + 1))).toEqual([
      { resource_id: "r1", resource_scopes: ["print"], exp: NOW + 1 },
    ]);
    expect(bodies(held("view", NOW - 1))).toEqual([]);
  });

  it("state a permission without scopes as one", () => {
    expect(bodies(held(null, null))).toEqual([{ resource_id: "r1", resource_scopes: [] }]);
  });

  it("state every resource by itself", () => {
    const list = permissionBodies(
      [permission("r1", held("view", null)), permission("r2", held("view", null))],
      NOW,
      EXPIRY,
    );
    expect(list.map(({ resource_id }) => resource_id)).toEqual(["r1", "r2"]);
  });
});
