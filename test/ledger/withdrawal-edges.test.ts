import { describe, expect, it } from "vitest";
import { type BookContent, type Change, subjectOf } from "../../src/ledger/change.ts";
import type { Ground, HeldPermission, HeldScope } from "../../src/ledger/held-permission.ts";
import { type HeldGrant, needsClaims, withdraw } from "../../src/ledger/withdrawal.ts";
import type { PolicyBody } from "../../src/policy/language/policy.ts";
import { NOW, party } from "../policy/support.ts";

const BOB = party({ email: "bob@example.com" });
const isBob = { claim: "email", equals: "bob@example.com" } as const;
const SOON = "2027-03-03T13:00:00Z";

const scopeOn = (policyId: string, more: Partial<HeldScope> = {}, ends: Partial<Ground> = {}): HeldScope => ({
  scope: "view",
  grounds: [{ policyId, version: 1, endsAt: null, tokenLifetime: null, where: null, ...ends }],
  memberships: {},
  sparedBy: [],
  counted: false,
  ...more,
});
const on = (resourceId: string, ...scopes: readonly HeldScope[]): HeldPermission => ({
  resourceId,
  type: "report",
  scopes,
});
const grantOf = (...permissions: readonly HeldPermission[]): HeldGrant => ({
  clientId: "c1",
  resourceServerId: "rs1",
  partyReference: "p1",
  permissions,
});
const entry = (content: BookContent) => ({ sequence: 2, at: NOW, content });
const booked = (change: Change) => entry({ change });
const put = (id: string, document: Partial<PolicyBody> = {}) =>
  booked({
    kind: "put_policy",
    id,
    document: { effect: "permit", target: { all: true }, scopes: "all", who: isBob, ...document },
    expected: "any",
  });
const putGroup = (id: string, ...emails: readonly string[]) =>
  booked({
    kind: "put_group",
    id,
    document: { name: id, members: emails.map((email) => ({ email })) },
    expected: "any",
  });
const remove = (kind: "delete_policy" | "delete_group", id: string) => booked({ kind, id, expected: "any" });

const VIEW = grantOf(on("r1", scopeOn("a")));
const endsLeft = (grant: HeldGrant, change: ReturnType<typeof put>) =>
  withdraw(grant, change, BOB).flatMap(({ scopes }) =>
    scopes.flatMap(({ grounds }) => grounds.map(({ endsAt }) => endsAt)),
  );

describe("claims are needed", () => {
  it.each([
    ["for a cut", entry({ cut: { by: "everyone" } })],
    ["for a policy that is deleted", remove("delete_policy", "a")],
    ["for a group that is deleted", remove("delete_group", "g")],
    ["for a resource that is deleted", booked({ kind: "delete_resource", id: "r1", resourceServerId: "rs1" })],
  ])("never %s, though it takes", (_, change) => {
    const grant = grantOf(on("r1", scopeOn("a", { memberships: { g: "yes" } })));
    expect(withdraw(grant, change, null)).toEqual([]);
    expect(needsClaims(grant, change)).toBe(false);
  });

  it("for a group that only one scope of one permission was judged by", () => {
    const one = scopeOn("a", { memberships: { g: "yes" } });
    expect(needsClaims(grantOf(on("r1", scopeOn("a"), one), on("r2", scopeOn("a"))), putGroup("g"))).toBe(true);
    expect(needsClaims(grantOf(on("r1", one, scopeOn("a"))), putGroup("g"))).toBe(true);
  });
});

describe("a group", () => {
  it("that is removed takes only what was judged by it", () => {
    const grant = grantOf(on("r1", scopeOn("a", { memberships: { h: "yes" } }), scopeOn("b", { scope: "edit" })));
    expect(withdraw(grant, remove("delete_group", "g"), null)).toBe(grant.permissions);
    expect(withdraw(grant, remove("delete_group", "h"), null)).toMatchObject([{ scopes: [{ scope: "edit" }] }]);
  });

  it("of which nothing is known takes, also where nothing was known before", () => {
    const grant = grantOf(on("r1", scopeOn("a", { memberships: { g: "unknown" } })));
    expect(withdraw(grant, putGroup("g", "bob@example.com"), null)).toEqual([]);
  });
});

describe("a limited number of uses", () => {
  const limited = put("a", { terms: { uses: 3 } });

  it("keeps what was counted, and takes what was not", () => {
    const counted = grantOf(on("r1", scopeOn("a", { counted: true })));
    expect(withdraw(counted, limited, BOB)).toBe(counted.permissions);
    expect(withdraw(VIEW, limited, BOB)).toEqual([]);
  });
});

describe("the end of what is left", () => {
  const until = (endsAt: number) => grantOf(on("r1", scopeOn("a", {}, { endsAt })));

  it("is the earlier of what was held and what is said now", () => {
    const soon = put("a", { when: { expires: SOON } });
    expect(endsLeft(until(NOW + 7_200), soon)).toEqual([NOW + 3_600]);
    expect(endsLeft(until(NOW + 60), soon)).toEqual([NOW + 60]);
    expect(endsLeft(VIEW, soon)).toEqual([NOW + 3_600]);
  });

  it("stays where nothing is said of it now", () => {
    expect(endsLeft(until(NOW + 60), put("a"))).toEqual([NOW + 60]);
    expect(endsLeft(VIEW, put("a"))).toEqual([null]);
    expect(endsLeft(until(NOW + 60), put("d", { effect: "deny", scopes: ["edit"] }))).toEqual([NOW + 60]);
  });
});

describe("what a change is not about stays", () => {
  const grant = grantOf(on("r1", scopeOn("a")), on("r2", scopeOn("a")));

  it("another resource", () => {
    const narrowed = booked({
      kind: "update_resource",
      id: "r2",
      resourceServerId: "rs1",
      description: { resource_scopes: [] },
    });
    expect(withdraw(grant, narrowed, null)).toEqual([grant.permissions[0]]);
  });

  it("and an ended connection takes everything of its client", () => {
    expect(withdraw(grant, booked({ kind: "end_connection", clientId: "c1", resources: "keep" }), null)).toEqual([]);
  });
});

describe("what a change is about", () => {
  it("is named by its id, or by the client of the connection", () => {
    expect(subjectOf({ kind: "delete_policy", id: "a", expected: "any" })).toBe("a");
    expect(subjectOf({ kind: "end_connection", clientId: "c1", resources: "keep" })).toBe("c1");
  });
});
