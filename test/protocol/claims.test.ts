import { expect, it } from "vitest";
import { type PartyClaims, parsePartyClaims } from "../../src/protocol/claims.ts";

const BOB: PartyClaims = {
  issuer: "https://idp.example",
  subject: "bob",
  claims: { email: "bob@example.com", age: 30, staff: true, groups: ["a", 1], constructor: "Ford" },
  authenticatedAt: null,
  issuedAt: 1_700_000_000,
};
const { issuedAt: _issuedAt, ...UNDATED } = BOB;

it("claims come back from a statement as they were", () => {
  expect(parsePartyClaims(JSON.parse(JSON.stringify(BOB)))).toEqual(BOB);
  expect(parsePartyClaims({ ...BOB, authenticatedAt: 5 })).toEqual({ ...BOB, authenticatedAt: 5 });
});

it("an account comes back with what it has linked", () => {
  for (const linked of [[], [BOB], [BOB, { ...BOB, oldestAt: 5 }]]) {
    expect(parsePartyClaims(JSON.parse(JSON.stringify({ ...BOB, linked })))).toEqual({ ...BOB, linked });
  }
});

it.each([
  ["nothing", null],
  ["a text", "bob"],
  ["a list", [BOB]],
  ["another statement", { step: 0 }],
  ["claims without their time", UNDATED],
  ["claims of nobody", { ...BOB, subject: 5 }],
  ["an account that links nobody", { ...BOB, linked: [{ ...BOB, subject: null }] }],
  ["an account that links more than is looked at", { ...BOB, linked: [BOB, BOB, BOB, BOB, BOB] }],
  ["claims in a list", { ...BOB, claims: ["email"] }],
  ["a claim that is an object", { ...BOB, claims: { address: { country: "DE" } } }],
  ["a claim that is nothing", { ...BOB, claims: { email: null } }],
  ["a list within a list", { ...BOB, claims: { groups: [["a"]] } }],
])("%s counts as none", (_, statement) => {
  expect(parsePartyClaims(statement)).toBeNull();
});
