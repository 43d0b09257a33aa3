import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Grant } from "../../src/ledger/grant.ts";
import type { Ground, HeldPermission, HeldScope } from "../../src/ledger/held-permission.ts";
import { endOf } from "../../src/ledger/held-permission.ts";
import { renewableGrounds, renewablePermissions } from "../../src/ledger/renewal.ts";
import { carryOver, divide, joinPermissions } from "../../src/ledger/surrender.ts";
import { GRANT_LIFETIME_SECONDS } from "../../src/protocol/lifetimes.ts";

const NOW = 1_000_000;
const RPT_END = NOW + 200;
const CREATED = NOW - 5_000;
const HARD_END = CREATED + GRANT_LIFETIME_SECONDS;
const GERMANY = { countries: ["DE"] };
const THERE = { country: "DE", address: null };
const ELSEWHERE = { country: "FR", address: null };
const ANYWHERE = { country: null, address: null };

const ground = (policyId: string, more: Partial<Ground> = {}): Ground => {
  return { policyId, version: 1, endsAt: null, tokenLifetime: null, where: null, ...more };
};

const held = (scope: string | null, more: Partial<HeldScope> = {}): HeldScope => {
  return { scope, grounds: [ground("p")], memberships: {}, sparedBy: [], counted: false, ...more };
};

const permission = (resourceId: string, ...scopes: readonly HeldScope[]): HeldPermission => {
  return { resourceId, type: null, scopes };
};

const grant = (permissions: readonly HeldPermission[], more: Partial<Grant> = {}): Grant => ({
  ...{ id: "old", clientId: "c", resourceServerId: "rs", rptFormat: "jwt", partyReference: "bob", partyKnown: true },
  ...{ permissions, judged: 7, sealedClaims: null, createdAt: CREATED, usedAt: NOW, expiresAt: NOW + 9_000 },
  ...{ refreshGeneration: 0, refreshRotatedAt: null, refreshAttempt: null },
  ...more,
});

const rpt = (scopes: readonly string[] | null = null, expiresAt = RPT_END) => ({ grantId: "old", expiresAt, scopes });
const here = (more: object = {}) => ({ whereabouts: ANYWHERE, mayRefresh: true, now: NOW, ...more });

/** When each scope ends that is carried over, as `resource:scope`. */
function endsOf(permissions: readonly HeldPermission[]): Readonly<Record<string, number>> {
  const each = permissions.flatMap(({ resourceId, scopes }) =>
    scopes.map((scope) => [`${resourceId}:${scope.scope}`, endOf(scope)] as const),
  );
  return Object.fromEntries(each);
}

describe("what an RPT states", () => {
  const all = [
    permission("a", held("view"), held("print")),
    permission("b", held(null)),
    permission("c", held("view")),
  ];

  it("is everything that its grant holds, unless a refresh limited it", () => {
    expect(divide(grant(all), rpt())).toEqual({ stated: all, rest: [] });
  });

  it("is else the named scopes of whatever resource, and the rest is the grant's to keep", () => {
    expect(divide(grant(all), rpt(["view"]))).toEqual({
      stated: [permission("a", held("view")), permission("c", held("view"))],
      rest: [permission("a", held("print")), permission("b", held(null))],
    });
    expect(divide(grant(all), rpt([]))).toEqual({ stated: [], rest: all });
  });
});

describe("what is carried over", () => {
  it("ends with the hard end of its grant, where a refresh would have renewed it", () => {
    const carried = carryOver(grant([permission("a", held("view"))]), rpt(), here());
    expect(endsOf(carried)).toEqual({ "a:view": HARD_END });
  });

  it.each<[string, object, Partial<Grant>]>([
    ["the client may not refresh", { mayRefresh: false }, {}],
    ["its grant has no refresh token", {}, { refreshGeneration: null }],
  ])("ends with its RPT where %s", (_, circumstances, more) => {
    const old = grant([permission("a", held("view"))], more);
    expect(endsOf(carryOver(old, rpt(), here(circumstances)))).toEqual({ "a:view": RPT_END });
    expect(carryOver(old, rpt(null, NOW), here(circumstances))).toEqual([]);
    expect(endsOf(carryOver(old, rpt(null, NOW + 1), here(circumstances)))).toEqual({ "a:view": NOW + 1 });
  });

  it("never ends later than its policies, and not at all when they have ended", () => {
    const soon = held("view", { grounds: [ground("p", { endsAt: NOW + 50 }), ground("q", { endsAt: NOW - 5 })] });
    const over = held("print", { grounds: [ground("p", { endsAt: NOW })] });
    expect(endsOf(carryOver(grant([permission("a", soon, over)]), rpt(), here()))).toEqual({ "a:view": NOW + 50 });
  });

  it("ends with its RPT where its uses are counted", () => {
    const counted = held("view", { counted: true });
    expect(endsOf(carryOver(grant([permission("a", counted)]), rpt(), here()))).toEqual({ "a:view": RPT_END });
  });

  it("stands on each ground as long as that holds here", () => {
    const placed = held("view", { grounds: [ground("p", { where: GERMANY }), ground("q", { endsAt: NOW + 300 })] });
    const ends = (whereabouts: object) => {
      const [carried] = carryOver(grant([permission("a", placed)]), rpt(), here({ whereabouts }));
      return carried?.scopes[0]?.grounds.map(({ endsAt }) => endsAt);
    };
    expect(ends(THERE)).toEqual([HARD_END, NOW + 300]);
    expect(ends(ELSEWHERE)).toEqual([RPT_END, NOW + 300]);
  });

  it("ends with its RPT where only being elsewhere kept a deny off", () => {
    const spared = held("view", { sparedBy: [{ policyId: "no", where: GERMANY }] });
    const end = (whereabouts: object) =>
      endsOf(carryOver(grant([permission("a", spared)]), rpt(), here({ whereabouts })));
    expect(end(ELSEWHERE)).toEqual({ "a:view": HARD_END });
    expect(end(THERE)).toEqual({ "a:view": RPT_END });
  });

  it("keeps all that a later withdrawal has to know", () => {
    const whole = held("view", {
      grounds: [ground("p", { version: 3, tokenLifetime: 60, through: ["album"] })],
      memberships: { friends: "yes" },
      sparedBy: [{ policyId: "no", where: GERMANY }],
    });
    const album = { ...permission("a", whole), type: "photo", collections: ["album"] };
    const [carried] = carryOver(grant([album]), rpt(), here({ whereabouts: ELSEWHERE }));
    const [only] = whole.grounds;
    expect(carried).toEqual({ ...album, scopes: [{ ...whole, grounds: [{ ...only, endsAt: HARD_END }] }] });
  });
});

describe("old and new permissions", () => {
  it("are joined by resource and scope, and what was decided anew stands on that alone", () => {
    const anew = held("view", { grounds: [ground("new")] });
    const carried = [permission("a", held("view"), held("print")), permission("b", held("view"))];
    expect(joinPermissions(carried, [permission("a", anew), permission("c", held(null))])).toEqual([
      permission("a", anew, held("print")),
      permission("c", held(null)),
      permission("b", held("view")),
    ]);
  });

  it("are the new ones as they are where there is nothing else, and a resource as such is a scope of its own", () => {
    const granted = [permission("a", held("view"))];
    expect(joinPermissions([], granted)).toEqual(granted);
    expect(joinPermissions([permission("a", held("view"))], granted)[0]).toBe(granted[0]);
    expect(joinPermissions([permission("a", held(null))], granted)).toEqual([
      permission("a", held("view"), held(null)),
    ]);
  });

  const scopes = fc.uniqueArray(fc.constantFrom("view", "print", "edit", null), { minLength: 1 });
  const permissions = fc
    .uniqueArray(fc.record({ id: fc.constantFrom("a", "b", "c", "d"), scopes }), { selector: ({ id }) => id })
    .map((list) => list.map((one) => permission(one.id, ...one.scopes.map((scope) => held(scope)))));

  it("make the union, in which nothing stands twice", () => {
    fc.assert(
      fc.property(permissions, permissions, (carried, granted) => {
        const names = (list: readonly HeldPermission[]) => Object.keys(endsOf(list));
        const joined = joinPermissions(carried, granted);
        expect(new Set(names(joined))).toEqual(new Set([...names(carried), ...names(granted)]));
        const count = joined.reduce((sum, one) => sum + one.scopes.length, 0);
        expect(count).toBe(names(joined).length);
        expect(new Set(joined.map(({ resourceId }) => resourceId)).size).toBe(joined.length);
      }),
    );
  });

  const grounds = fc.array(
    fc.record({ endsAt: fc.option(fc.integer({ min: NOW - 10, max: HARD_END + 10 })), placed: fc.boolean() }),
    { minLength: 1, maxLength: 3 },
  );
  const scope = fc.record({ grounds, counted: fc.boolean(), spared: fc.boolean() }).map((one) =>
    held("view", {
      counted: one.counted,
      sparedBy: one.spared ? [{ policyId: "no", where: GERMANY }] : [],
      grounds: one.grounds.map(({ endsAt, placed }) => ground("p", { endsAt, where: placed ? GERMANY : null })),
    }),
  );

  it("live no longer than the RPT, or refreshes of its grant, would have let them, however often they are carried on", () => {
    const whereabouts = fc.constantFrom(THERE, ELSEWHERE, ANYWHERE);
    fc.assert(
      fc.property(scope, whereabouts, fc.boolean(), fc.nat({ max: 190 }), (one, place, mayRefresh, later) => {
        const first = carryOver(grant([permission("a", one)]), rpt(), here({ whereabouts: place, mayRefresh }));
        const renewed = renewablePermissions([permission("a", one)], place, NOW);
        const isRenewed = mayRefresh && renewed.length > 0;
        const bound = Math.min(endOf(one), isRenewed ? HARD_END : RPT_END);
        for (const end of Object.values(endsOf(first))) expect(end).toBeLessThanOrEqual(bound);
        const second = carryOver(
          grant(first, { createdAt: NOW }),
          rpt(null, NOW + 1_000),
          here({ whereabouts: place, mayRefresh, now: NOW + later }),
        );
        for (const end of Object.values(endsOf(second))) expect(end).toBeLessThanOrEqual(bound);
      }),
    );
  });
});

describe("what a refresh gives again", () => {
  it("is what has not ended, is not counted and holds here", () => {
    const ended = held("ended", { grounds: [ground("p", { endsAt: NOW })] });
    const ending = held("ending", { grounds: [ground("p", { endsAt: NOW + 1 })] });
    const counted = held("counted", { counted: true });
    const placed = held("placed", { grounds: [ground("p", { where: GERMANY })] });
    const denied = held("denied", { sparedBy: [{ policyId: "no", where: GERMANY }] });
    const all = [permission("a", ended, ending, counted, placed, denied), permission("b", counted)];
    expect(renewablePermissions(all, THERE, NOW)).toEqual([permission("a", ending, placed)]);
    expect(renewablePermissions(all, ELSEWHERE, NOW)).toEqual([permission("a", ending, denied)]);
    expect(renewablePermissions(all, ANYWHERE, NOW)).toEqual([permission("a", ending)]);
  });

  it("stands on the grounds that hold here, and is the very same where all do", () => {
    const [there, anywhere] = [ground("p", { where: GERMANY }), ground("q")];
    const both = held("view", { grounds: [there, anywhere] });
    expect(renewableGrounds(both, THERE)).toEqual([there, anywhere]);
    expect(renewableGrounds(both, ELSEWHERE)).toEqual([anywhere]);
    const all = [permission("a", both)];
    expect(renewablePermissions(all, THERE, NOW)).toBe(all);
    expect(renewablePermissions(all, ELSEWHERE, NOW)).toEqual([permission("a", held("view", { grounds: [anywhere] }))]);
  });
});
