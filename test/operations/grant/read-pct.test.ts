import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keptIdentity } from "../../../src/operations/account/linked-identity.ts";
import { readPct } from "../../../src/operations/grant/read-pct.ts";
import { keepPct, openSealedPct } from "../../../src/operations/interact/pct.ts";
import type { IdentityProvider } from "../../../src/protocol/identity-provider.ts";
import type { PermissionTicket } from "../../../src/protocol/ticket.ts";
import { createFoundation, createServices } from "../../../src/services.ts";
import { D1AccountStore } from "../../../src/storage/d1/accounts.ts";
import { D1IdentityProviderStore } from "../../../src/storage/d1/identity-providers.ts";
import { insertAccount, passkeyProof, START, someAccount } from "../../support/workerd/people.ts";
import { freshId, someClient, someProvider } from "../../support/workerd/records.ts";

const providers = new D1IdentityProviderStore(env.DB);
const inserted: string[] = [];
const client = someClient();

/** As an isolate that remembers nothing. */
const services = () => ({ ...createServices(env, createFoundation(env)), events: { emit: () => undefined } });

beforeEach(() => {
  // A change is answered when every lease has run out.
  vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
});

afterEach(async () => {
  for (const id of inserted.splice(0)) await providers.remove(id, null);
  vi.restoreAllMocks();
});

/** A provider, and a PCT of somebody who was a doctor there. */
async function remembered(): Promise<{ readonly provider: IdentityProvider; readonly pct: string }> {
  const provider = someProvider({ claims: "all", emailDomains: "all" });
  expect(await providers.insert(provider)).toBe(true);
  inserted.push(provider.id);
  const { accountSeals, config } = services();
  const account = someAccount({ wrappedKey: await accountSeals.newKey() });
  await insertAccount(account, passkeyProof());
  const claims = { role: "doctor" };
  const party = { issuer: provider.issuer, subject: freshId("bob"), claims, authenticatedAt: START, issuedAt: START };
  const identity = await keptIdentity({ accountSeals }, account, provider.id, { party, acr: null, amr: [] }, START);
  await new D1AccountStore(env.DB).addProof(account.id, { kind: "identity", identity });
  const own = { issuer: config.issuer, subject: account.id, claims: {}, authenticatedAt: START, issuedAt: START };
  const kept = await keepPct(services(), { client, account, claims: { ...own, linked: [party] } }, START);
  return { provider, pct: (await openSealedPct(services(), kept.sealed)) ?? "" };
}

/** What the role is, by each provider whose word counts. */
async function rolesBehind(pct: string): Promise<readonly unknown[]> {
  const ticket = { resourceServerId: "rs" } as PermissionTicket;
  const read = await readPct(services(), { client, pct, confirmation: null }, ticket, START + 1);
  return (read?.claims.linked ?? []).map(({ claims }) => claims.role ?? "untold");
}

it.each<[string, (provider: IdentityProvider) => Promise<unknown>, readonly string[]]>([
  ["counts while nothing changes", async () => undefined, ["doctor"]],
  ["is forgotten when the provider is removed", ({ id }) => providers.remove(id, null), []],
  ["is forgotten when the provider is switched off", (one) => providers.replace({ ...one, enabled: false }, 1), []],
  ["is forgotten where it may not speak for it", (one) => providers.replace({ ...one, claims: [] }, 1), ["untold"]],
])("what a provider said, and a PCT stands for, %s", async (_, happen, roles) => {
  const { provider, pct } = await remembered();
  expect(await rolesBehind(pct)).toEqual(["doctor"]);
  await happen(provider);
  expect(await rolesBehind(pct)).toEqual(roles);
});
