import { expect, it } from "vitest";
import { type Interaction, interactionStatement, parseInteraction } from "../../src/protocol/interaction.ts";

const INTERACTION: Interaction = {
  ticket: {
    id: "t1",
    processId: "p1",
    step: 1,
    ledger: "alice",
    resourceServerId: "rs1",
    connectionGeneration: 3,
    tokenId: null,
    rptFormat: "jwt",
    clientId: "c1",
    permissions: [{ resourceId: "photo", scopes: ["view"] }],
    expiresAt: 1_700_000_000,
  },
  clientId: "c1",
  redirectUri: "https://c.example/cr?a=1",
  state: "s",
  expiresAt: 1_700_003_600,
};

it("a visit comes back from its statement as it was", () => {
  for (const one of [INTERACTION, { ...INTERACTION, state: null }]) {
    expect(parseInteraction(JSON.parse(JSON.stringify(interactionStatement(one))))).toEqual(one);
  }
});

it.each([
  ["nothing", null],
  ["a text", "visit"],
  ["a ticket alone", interactionStatement(INTERACTION)[0]],
  ["a visit with another ticket form", [["9"], "c1", "https://c.example", null, 5]],
  ["a visit to nowhere", [interactionStatement(INTERACTION)[0], "c1", null, null, 5]],
])("%s is no visit", (_, statement) => {
  expect(parseInteraction(statement)).toBeNull();
});
