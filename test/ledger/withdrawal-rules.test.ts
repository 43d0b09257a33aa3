import { describe, expect, it } from "vitest";
import type { BookContent, Change } from "../../src/ledger/change.ts";
import type { HeldPermission, HeldScope } from "../../src/ledger/held-permission.ts";
import { type HeldGrant, needsClaims, withdraw } from "../../src/ledger/withdrawal.ts";
import type { PolicyBody } from "../../src/policy/language/policy.ts";
import type { PartyClaims } from "../../src/protocol/claims.ts";

const AT = 1_800_000_000;
const BOB: PartyClaims = {
  issuer: "https://op.example",
  subject: "bob",
  claims: { email: "bob@example.com" },
  authenticatedAt: null,
  issuedAt: AT,
};
const ground = (policyId: string, endsAt: number | null = null) => ({
  policyId,
  version: 1,
  endsAt,
  tokenLifetime: null,
  where: null,
});
const held = (scope: string | null, ...policies: readonly string[]): HeldScope => ({
  scope,
  grounds: policies.map((id) => ground(id)),
  memberships: {},
  sparedBy: [],
  counted: false,
});
const report = (...scopes: readonly HeldScope[]): HeldPermission => ({ resourceId: "r1", type: "report", scopes });
const grantOf = (...permissions: readonly HeldPermission[]): HeldGrant => ({
  clientId: "c1",
  resourceServerId: "rs1",
  partyReference: "p1",
  permissions,
});
const entry = (content: BookContent) => ({ sequence: 2, at: AT, content });
const booked = (change: Change) => entry({ change });
const policy = (document: Partial<PolicyBody>): PolicyBody => ({
  effect: "permit",
  target: { type: "report" },
  scopes: ["view"],
  who: { claim: "email", equals: "bob@example.com" },
  ...document,
});
const put = (id: string, document: Partial<PolicyBody>) =>
  booked({ kind: "put_policy", id, document: policy(document), expected: "any" });

const VIEW = grantOf(report(held("view", "a")));
const BOTH = grantOf(report(held("view", "a", "b"), held("edit", "b")));

/** What is left, as scope and policies, such as "view:a,b". */
function left(permissions: readonly HeldPermission[]): readonly string[] {
  return permissions.flatMap(({ scopes }) =>
    scopes.map(({ scope, grounds }) => `${scope}:${grounds.map(({ policyId }) => policyId).join()}`),
  );
}

describe("a changed policy", () => {
  it.each([
    ["that says the same keeps what stands on it", put("a", { name: "renamed" }), ["view:a"]],
    ["for somebody else takes it", put("a", { who: { claim: "email", equals: "eve@example.com" } }), []],
    ["for other scopes takes it", put("a", { scopes: ["edit"] }), []],
    ["about other resources takes it", put("a", { target: { resources: ["r2"] } }), []],
    ["that became a deny takes it", put("a", { effect: "deny", who: { anyone: true } }), []],
    [
      "that became a deny of somebody else carries nothing either",
      put("a", { effect: "deny", who: { claim: "email", equals: "eve@example.com" } }),
      [],
    ],
    ["that is over takes it", put("a", { when: { expires: "2020-01-01T00:00:00Z" } }), []],
    ["that asks where the caller is cannot be judged, so it takes it", put("a", { where: { countries: ["DE"] } }), []],
    ["that asks for a group cannot be judged, so it takes it", put("a", { who: { group: "g" } }), []],
    ["that asks for the owner's word takes it", put("a", { terms: { approval: true } }), []],
    ["that is another one adds nothing", put("z", { scopes: "all", who: { anyone: true } }), ["view:a"]],
  ])("%s", (_, change, expected) => {
    expect(left(withdraw(VIEW, change, BOB))).toEqual(expected);
  });

  it("ends earlier when it says so, and never later", () => {
    const soon = put("a", { when: { expires: "2027-06-30T00:00:00Z" } });
    const [permission] = withdraw(grantOf(report({ ...held("view"), grounds: [ground("a", AT + 60)] })), soon, BOB);
    expect(permission?.scopes[0]?.grounds).toEqual([ground("a", AT + 60)]);
    const [shortened] = withdraw(VIEW, soon, BOB);
    expect(shortened?.scopes[0]?.grounds[0]?.endsAt).toBe(Date.parse("2027-06-30T00:00:00Z") / 1_000);
  });

  it("takes what only claims could judge when the claims cannot be opened", () => {
    expect(left(withdraw(VIEW, put("a", { name: "renamed" }), null))).toEqual([]);
    expect(needsClaims(VIEW, put("a", { name: "renamed" }))).toBe(true);
    expect(needsClaims(VIEW, put("z", { name: "another" }))).toBe(false);
  });
});

describe("a policy that is put again for the same people at the same place", () => {
  const placed = (name: string, effect: "permit" | "deny" = "permit") =>
    put(name, { name: "renamed", effect, who: { anyone: true }, where: { countries: ["DE"] } });
  const where = { countries: ["DE"] };
  const atHome = grantOf(report({ ...held("view"), grounds: [{ ...ground("a"), where }] }));
  const spared = grantOf(report({ ...held("view", "a"), sparedBy: [{ policyId: "d", where }] }));
  const member = (truth: "yes" | "no" | "unknown") =>
    grantOf(report({ ...held("view", "a"), memberships: { g: truth } }));
  const forGroup = put("a", { name: "renamed", who: { group: "g" } });
  const forOthers = put("a", { name: "renamed", who: { not: { group: "g" } } });

  it.each([
    ["stands on the membership that was found", member("yes"), forGroup, ["view:a"]],
    ["stands on the membership that was not found", member("no"), forOthers, ["view:a"]],
    ["falls with the membership that was not found", member("no"), forGroup, []],
    ["falls with a membership that nobody knows", member("unknown"), forGroup, []],
    ["falls with a group that was never looked at", VIEW, forGroup, []],
    ["stands at the place where it was granted", atHome, placed("a"), ["view:a"]],
    ["falls at any other place", VIEW, placed("a"), []],
    ["spares those who were not there, if it is a deny", spared, placed("d", "deny"), ["view:a"]],
    ["does not spare them for another deny's place", spared, placed("e", "deny"), []],
  ])("%s", (_, grant, change, expected) => {
    expect(left(withdraw(grant, change, null))).toEqual(expected);
  });

  it("needs no claims for it", () => {
    expect(needsClaims(member("yes"), forGroup)).toBe(false);
  });
});

describe("a new deny", () => {
  const deny = (document: Partial<PolicyBody>) => put("d", { effect: "deny", ...document });

  it.each([
    ["takes what it clearly denies", deny({}), []],
    ["spares what it clearly does not", deny({ who: { claim: "email", equals: "eve@example.com" } }), ["view:a"]],
    ["takes what it depends on a claim never seen", deny({ who: { claim: "role", equals: "x" } }), []],
    ["spares other scopes", deny({ scopes: ["edit"] }), ["view:a"]],
    ["with an operator that is not known denies", deny({ who: { moon: "full" } as never }), []],
  ])("%s", (_, change, expected) => {
    expect(left(withdraw(VIEW, change, BOB))).toEqual(expected);
  });

  it("that begins later ends the grant when it begins", () => {
    const later = deny({ when: { not_before: "2027-06-30T00:00:00Z" } });
    const [permission] = withdraw(VIEW, later, BOB);
    expect(permission?.scopes[0]?.grounds[0]?.endsAt).toBe(Date.parse("2027-06-30T00:00:00Z") / 1_000);
  });
});

describe("an entry that takes nothing", () => {
  it.each([
    ["of a policy that says the same", put("a", { name: "renamed" })],
    ["of a policy that ends no sooner", put("a", { when: { expires: "2027-06-30T00:00:00Z" } })],
    ["of a deny that spares it", put("d", { effect: "deny", who: { claim: "email", equals: "eve@example.com" } })],
    ["of another resource", booked({ kind: "delete_resource", id: "r2", resourceServerId: "rs1" })],
    ["that cuts another resource", entry({ cut: { by: "resource", resourceId: "r2" } })],
  ])("leaves the very same list: %s", (_, change) => {
    const grant = grantOf(report({ ...held("view"), grounds: [ground("a", AT + 60)] }));
    expect(withdraw(grant, change, BOB)).toBe(grant.permissions);
  });
});

describe("a deleted policy", () => {
  it("takes what stood on it alone, and leaves what another one carries", () => {
    expect(left(withdraw(BOTH, booked({ kind: "delete_policy", id: "b", expected: "any" }), null))).toEqual(["view:a"]);
  });
});

describe("a changed group", () => {
  const inGroup = grantOf(report({ ...held("view", "a"), memberships: { g: "yes" } }));
  const group = (...members: readonly string[]) =>
    booked({
      kind: "put_group",
      id: "g",
      document: { name: "g", members: members.map((email) => ({ email })) },
      expected: "any",
    });

  it.each([
    ["keeps those who stay", group("bob@example.com", "new@example.com"), ["view:a"]],
    ["takes from those who left", group("new@example.com"), []],
    ["that is gone takes from all", booked({ kind: "delete_group", id: "g", expected: "any" }), []],
  ])("%s", (_, change, expected) => {
    expect(left(withdraw(inGroup, change, BOB))).toEqual(expected);
  });

  it("takes from those who entered where it mattered that they were not in it", () => {
    const outside = grantOf(report({ ...held("view", "a"), memberships: { g: "no" } }));
    expect(left(withdraw(outside, group("bob@example.com"), BOB))).toEqual([]);
  });

  it("that nobody looked at takes nothing, and needs no claims", () => {
    expect(withdraw(VIEW, group(), null)).toBe(VIEW.permissions);
    expect(needsClaims(VIEW, group())).toBe(false);
    expect(needsClaims(inGroup, group())).toBe(true);
  });
});

describe("a changed resource", () => {
  const update = (description: { resource_scopes: readonly string[]; type?: string }) =>
    booked({ kind: "update_resource", id: "r1", resourceServerId: "rs1", description });

  it.each([
    ["loses the scopes that it lost", update({ resource_scopes: ["view"], type: "report" }), ["view:a,b"]],
    ["of another type is to be assessed anew", update({ resource_scopes: ["view", "edit"], type: "letter" }), []],
    ["that is gone leaves nothing", booked({ kind: "delete_resource", id: "r1", resourceServerId: "rs1" }), []],
    [
      "that is another one changes nothing",
      booked({ kind: "delete_resource", id: "r2", resourceServerId: "rs1" }),
      ["view:a,b", "edit:b"],
    ],
    [
      "of another resource server changes nothing",
      booked({ kind: "delete_resource", id: "r1", resourceServerId: "rs2" }),
      ["view:a,b", "edit:b"],
    ],
  ])("%s", (_, change, expected) => {
    expect(left(withdraw(BOTH, change, null))).toEqual(expected);
  });

  it("keeps a permission without scopes", () => {
    const bare = grantOf(report(held(null, "a")));
    expect(withdraw(bare, update({ resource_scopes: [], type: "report" }), null)).toBe(bare.permissions);
  });
});

describe("a resource in collections", () => {
  const through = (policyId: string, ...collections: readonly string[]) => ({
    ...ground(policyId),
    through: collections,
  });
  /** Viewed by what is about the first album, edited by what is about either, printed by what is about its type. */
  const member = grantOf({
    ...report(
      { ...held("view"), grounds: [through("a", "album1")] },
      { ...held("edit"), grounds: [through("b", "album1", "album2")] },
      held("print", "c"),
    ),
    collections: ["album1", "album2"],
  });
  const everything = ["view:a", "edit:b", "print:c"];
  const update = (...collections: readonly string[]) =>
    booked({
      ...{ kind: "update_resource", id: "r1", resourceServerId: "rs1" },
      description: { type: "report", resource_scopes: ["view", "edit", "print"], collections },
    });
  const removal = (id: string) => booked({ kind: "delete_resource", id, resourceServerId: "rs1" });

  it.each([
    ["that stays where it is keeps everything", update("album2", "album1"), everything],
    ["that leaves one loses what stood on that alone", update("album2"), ["edit:b", "print:c"]],
    ["that leaves both loses what stood on them", update(), ["print:c"]],
    ["that comes into another is to be assessed anew", update("album1", "album2", "album3"), []],
    ["whose collection is gone loses what stood on that alone", removal("album1"), ["edit:b", "print:c"]],
    ["is not touched by the end of another collection", removal("album3"), everything],
    ["is cut off with its collection", entry({ cut: { by: "resource", resourceId: "album2" } }), []],
    [
      "is denied with its collection",
      put("d", { effect: "deny", target: { resources: ["album2"] }, scopes: ["print"] }),
      ["view:a", "edit:b"],
    ],
  ])("%s", (_, change, expected) => {
    expect(left(withdraw(member, change, BOB))).toEqual(expected);
  });

  it("keeps the very same list when it stays where it is", () => {
    expect(withdraw(member, update("album1", "album2"), null)).toBe(member.permissions);
  });

  it("loses little by little what stood on two", () => {
    const once = withdraw(member, removal("album1"), null);
    expect(left(withdraw({ ...member, permissions: once }, removal("album2"), null))).toEqual(["print:c"]);
    const again = withdraw({ ...member, permissions: once }, update("album1", "album2"), null);
    expect(left(again)).toEqual([]);
  });

  it("stands on whatever a changed policy names from then on", () => {
    const named = put("a", { target: { resources: ["album1", "r1"] } });
    const direct = { ...member, permissions: withdraw(member, named, BOB) };
    expect(left(withdraw(direct, removal("album1"), null))).toContain("view:a");
    const moved = { ...member, permissions: withdraw(direct, put("a", { target: { resources: ["album2"] } }), BOB) };
    expect(left(withdraw(moved, removal("album1"), null))).toContain("view:a");
    expect(left(withdraw(moved, removal("album2"), null))).not.toContain("view:a");
  });
});

describe("a cut and an ended connection", () => {
  it.each([
    ["everyone", entry({ cut: { by: "everyone" } }), 0],
    ["this client", entry({ cut: { by: "client", clientId: "c1" } }), 0],
    ["another client", entry({ cut: { by: "client", clientId: "c2" } }), 1],
    ["this party", entry({ cut: { by: "party", partyReference: "p1" } }), 0],
    ["another party", entry({ cut: { by: "party", partyReference: "p2" } }), 1],
    ["this resource", entry({ cut: { by: "resource", resourceId: "r1" } }), 0],
    ["another resource", entry({ cut: { by: "resource", resourceId: "r2" } }), 1],
    ["the resource server's connection", booked({ kind: "end_connection", clientId: "rs1", resources: "keep" }), 0],
    ["another connection", booked({ kind: "end_connection", clientId: "rs2", resources: "keep" }), 1],
    ["a renewed connection", booked({ kind: "put_connection", clientId: "rs1", scopes: [] }), 1],
  ])("%s", (_, change, count) => {
    expect(withdraw(VIEW, change, null)).toHaveLength(count);
  });
});
