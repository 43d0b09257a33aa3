import { expect, it } from "vitest";
import type { PartyClaims } from "../../src/protocol/claims.ts";
import { joinClaims, oldestOf, partyKey } from "../../src/protocol/party.ts";

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

it("nothing joined with something is that", () => {
  const bob = party("bob", 1);
  expect(joinClaims(null, bob)).toBe(bob);
  expect(joinClaims(bob, null)).toBe(bob);
  expect(joinClaims(null, null)).toBeNull();
});

it("the key of a party cannot be forged by a clever subject", () => {
  expect(partyKey(party('b","c', 1, {}, "a"))).not.toBe(partyKey(party("c", 1, {}, 'a","b')));
});
