import { describe, expect, it } from "vitest";
import type { PartyClaims, PartyStatement } from "../../src/protocol/claims.ts";
import { joinClaims, joinOneParty, oldestOf, partyKey } from "../../src/protocol/party.ts";

const party = (
  subject: string,
  issuedAt: number,
  claims: PartyClaims["claims"] = {},
  issuer = "https://x.example",
) => ({
  issuer,
  subject,
  claims,
  issuedAt,
  authenticatedAt: null,
});

it("claims of one party add up, and the freshest value wins", () => {
  const first = party("bob", 1, { email: "old@example.com", group: "g" });
  const second = party("bob", 2, { email: "new@example.com" });
  expect(joinClaims(first, second)?.claims).toEqual({ email: "new@example.com", group: "g" });
  expect(joinClaims(second, first)?.claims).toEqual({ email: "new@example.com", group: "g" });
});

it("joined claims are as old as the oldest that still counts", () => {
  const role = party("bob", 1, { role: "doctor" });
  const address = party("bob", 2, { email: "bob@example.com" });
  const both = joinClaims(role, address);
  const later = joinClaims(both, party("bob", 3, { email: "bob@example.com" }));
  const renewed = joinClaims(later, party("bob", 4, { role: "nurse", email: "bob@example.com" }));
  expect([both, later, renewed].map((joined) => joined && oldestOf(joined))).toEqual([1, 1, 4]);
});

it.each([
  ["of another subject", party("mallory", 2, { group: "g" })],
  ["of another issuer", party("bob", 2, { group: "g" }, "https://y.example")],
])("claims %s replace what was there, and never add to it", (_, pushed) => {
  expect(joinClaims(party("bob", 1, { email: "bob@example.com" }), pushed)).toBe(pushed);
});

describe("an account", () => {
  const account = (issuedAt: number, linked: readonly PartyStatement[], claims: PartyClaims["claims"] = {}) => ({
    ...party("ana", issuedAt, claims, "https://as.example"),
    linked,
  });
  const hospital = (issuedAt: number, claims: PartyClaims["claims"]) => party("roth", issuedAt, claims);

  it.each<[string, (account: PartyClaims, pushed: PartyClaims) => PartyClaims | null]>([
    ["before it", (known, pushed) => joinClaims(pushed, known)],
    ["after it", (known, pushed) => joinClaims(known, pushed)],
  ])("is joined by an identity that it has linked, heard of %s, which stays a statement of its own", (_, join) => {
    const joined = join(account(2, [hospital(1, { role: "nurse", ward: "3" })]), hospital(3, { role: "doctor" }));
    expect(joined).toMatchObject({ issuer: "https://as.example", subject: "ana", claims: {}, issuedAt: 2 });
    expect(joined?.linked).toEqual([{ ...hospital(3, { role: "doctor", ward: "3" }), oldestAt: 1 }]);
  });

  it.each([
    ["an identity that it has not linked", party("mallory", 3, { role: "doctor" })],
    ["another account", { ...account(3, []), subject: "mallory" }],
  ])("is replaced by %s, and never added to it", (_, heard) => {
    expect(joinClaims(account(2, [hospital(1, { ward: "3" })], { email: "ana@example.com" }), heard)).toBe(heard);
  });

  it("says all that it is: what it no longer has counts no more, in whichever order it is heard of", () => {
    const before = account(1, [hospital(1, { role: "doctor" })], { email: "ana@example.com" });
    const after = account(2, [], {});
    expect(joinClaims(before, after)).toEqual(after);
    expect(joinClaims(after, before)).toEqual(after);
  });

  it("keeps what was pushed of an identity that it still links", () => {
    const before = account(1, [hospital(2, { role: "doctor" })]);
    const after = account(3, [hospital(1, { ward: "3" })]);
    expect(joinClaims(before, after)?.linked).toEqual([{ ...hospital(2, { role: "doctor", ward: "3" }), oldestAt: 1 }]);
  });
});

it("nothing joined with something is that", () => {
  const bob = party("bob", 1);
  expect(joinClaims(null, bob)).toBe(bob);
  expect(joinClaims(bob, null)).toBe(bob);
  expect(joinClaims(null, null)).toBeNull();
});

it("the key of a party cannot be forged by a clever subject", () => {
  expect(partyKey(party('b","c', 1, {}, "a"))).not.toBe(partyKey(party("c", 1, {}, 'a","b')));
});

describe("what is heard at once", () => {
  const other = party("bob", 3, { role: "nurse" }, "https://y.example");
  const account = {
    ...party("ana", 2, {}, "https://as.example"),
    linked: [party("bob", 1), party("bob", 1, {}, other.issuer)],
  };

  it("is one party's where it is about one subject of one issuer", () => {
    expect(
      joinOneParty([party("bob", 1, { email: "b@example.com" }), party("bob", 2, { role: "nurse" })]),
    ).toMatchObject({
      subject: "bob",
      claims: { email: "b@example.com", role: "nurse" },
    });
    expect(joinOneParty([other])).toEqual(other);
    expect(joinOneParty([])).toBeNull();
  });

  it.each([
    ["two subjects of one issuer", [party("bob", 1), party("mallory", 2)]],
    ["one subject of two issuers, whom nothing joins", [party("bob", 1), other]],
    ["an account and what it has not linked", [{ ...account, linked: [] }, other]],
    ["an account and two of which it linked one", [{ ...account, linked: [party("bob", 1)] }, party("bob", 2), other]],
    ["two accounts", [account, { ...account, subject: "bea" }]],
  ])("is nobody's where it is about %s", (_case, heard) => {
    expect(joinOneParty(heard)).toBeNull();
    expect(joinOneParty(heard.toReversed())).toBeNull();
  });

  it("is the account's where it has linked all of it, in whatever order it came", () => {
    for (const heard of [
      [account, party("bob", 4, { age: 7 }), other],
      [other, party("bob", 4, { age: 7 }), account],
    ]) {
      expect(joinOneParty(heard)).toMatchObject({
        subject: "ana",
        linked: [{ claims: { age: 7 } }, { claims: { role: "nurse" } }],
      });
    }
  });
});
