import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { openTicket, sealTicket } from "../../src/operations/sealed-ticket.ts";
import type { PermissionTicket } from "../../src/protocol/ticket.ts";
import { createFoundation } from "../../src/services.ts";

const id = "AAAAAAAAAAAAAAAAAAAAAA";
const ticketWith = (scopes: number, rest: Partial<PermissionTicket> = {}): PermissionTicket => ({
  id,
  processId: id,
  step: 0,
  ledger: id,
  resourceServerId: id,
  connectionGeneration: 3,
  tokenId: id,
  rptFormat: "jwt",
  clientId: null,
  permissions: [{ resourceId: id, scopes: Array.from({ length: scopes }, (_, index) => `scope-${index}`) }],
  expiresAt: 1_800_000_000,
  ...rest,
});

/** The most scopes that a fresh ticket can carry. */
async function mostScopes(): Promise<number> {
  for (let scopes = 150; ; scopes += 1) {
    const fits = await sealTicket(createFoundation(env).sealer, ticketWith(scopes)).then(Boolean, () => false);
    if (!fits) return scopes - 1;
  }
}

it("opens what it sealed, and nothing else", async () => {
  const { sealer } = createFoundation(env);
  const ticket = ticketWith(2);
  expect(await openTicket(sealer, await sealTicket(sealer, ticket))).toEqual(ticket);
  expect(await openTicket(sealer, await sealer.seal("refresh", ["x"]))).toBeNull();
  expect(await openTicket(sealer, "nonsense")).toBeNull();
});

it("refuses more than a ticket can carry, and leaves room for the client of those to follow", async () => {
  const { sealer } = createFoundation(env);
  const scopes = await mostScopes();
  await expect(sealTicket(sealer, ticketWith(scopes + 1))).rejects.toThrow(/too many permissions/);
  const rotated = await sealTicket(sealer, ticketWith(scopes, { step: 9_999, clientId: id, tokenId: null }));
  expect(rotated.length).toBeLessThanOrEqual(3_072);
});
