import { describe, expect, it } from "vitest";
import { type PermissionTicket, parseTicket, ticketStatement } from "../../src/protocol/ticket.ts";

const TICKET: PermissionTicket = {
  id: "t",
  processId: "p",
  step: 1,
  ledger: "alice",
  connectionGeneration: 3,
  tokenId: "pat",
  resourceServerId: "rs1",
  rptFormat: "opaque",
  clientId: "c1",
  permissions: [
    { resourceId: "photo", scopes: ["view", "print"] },
    { resourceId: "song", scopes: [] },
  ],
  expiresAt: 1_000,
};
const statement = () => [...ticketStatement(TICKET)] as unknown[];

describe("a ticket's statement", () => {
  it("says what the ticket says", () => {
    expect(parseTicket(statement())).toEqual(TICKET);
    expect(parseTicket(ticketStatement({ ...TICKET, clientId: null }))).toEqual({ ...TICKET, clientId: null });
  });

  it("survives JSON", () => {
    expect(parseTicket(JSON.parse(JSON.stringify(statement())))).toEqual(TICKET);
  });

  it("sealed before it named its access token is read without one", () => {
    expect(parseTicket(statement().slice(0, -1))).toEqual({ ...TICKET, tokenId: null });
  });

  it.each([
    ["nothing", null],
    ["an object", { ...TICKET }],
    ["another form", [1, ...statement().slice(1)]],
    ["a part missing", statement().slice(0, -2)],
    ["a permission without a resource", statement().toSpliced(9, 1, [[]])],
    ["an end that is no time", statement().toSpliced(10, 1, "soon")],
  ])("is no ticket with %s", (_, other) => {
    expect(parseTicket(other)).toBeNull();
  });
});
