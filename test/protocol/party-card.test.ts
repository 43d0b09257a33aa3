import { describe, expect, it } from "vitest";
import type { PartyClaims, PartyStatement } from "../../src/protocol/claims.ts";
import { describeParty, parsePartyCard } from "../../src/protocol/party-card.ts";

const HERE = "https://as.example";
const HOSPITAL = "https://hospital.example";

function said(claims: PartyStatement["claims"], issuer = HOSPITAL): PartyStatement {
  return { issuer, subject: "roth", claims, authenticatedAt: null, issuedAt: 1 };
}

function account(linked: readonly PartyStatement[], claims: PartyStatement["claims"] = {}): PartyClaims {
  return { ...said(claims, HERE), linked };
}

describe("the card of a party", () => {
  it("tells who vouches for whom, by which name and addresses", () => {
    const card = describeParty(said({ name: "Dr. Roth", email: "roth@hospital.example" }), "p1", null);
    expect(card).toEqual({
      personId: "p1",
      name: "Dr. Roth",
      nameSaidBy: HOSPITAL,
      addresses: ["roth@hospital.example"],
      issuer: HOSPITAL,
      subject: "roth",
    });
    expect(parsePartyCard(JSON.parse(JSON.stringify(card)))).toEqual(card);
  });

  it("keeps apart what people say of themselves", () => {
    expect(describeParty(account([]), "p1", "Dr. Roth")).toMatchObject({ name: "Dr. Roth", nameSaidBy: null });
    expect(describeParty(account([said({ name: "Mia Roth" })]), "p1", "Dr. Roth")).toMatchObject({
      name: "Mia Roth",
      nameSaidBy: HOSPITAL,
    });
  });

  it.each(["", 7, "x".repeat(101), "a\u0000b"])("shows no name that is none: %j", (name) => {
    expect(describeParty(said({ name }), "p1", "")).toMatchObject({ name: null, nameSaidBy: null });
  });

  it("shows each verified address once, and few of many", () => {
    const many = Array.from({ length: 9 }, (_, number) => `a${number}@example.com`);
    const card = describeParty(account([said({ email: "a0@example.com" })], { email: many }), "p1", null);
    expect(card.addresses).toEqual(many.slice(0, 5));
  });

  it("of another form is none", () => {
    expect(parsePartyCard({ name: "Dr. Roth" })).toBeNull();
  });
});
