import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";
import { createAccountSeals } from "../../../src/crypto/account-seals.ts";
import { createVault } from "../../../src/crypto/vault.ts";
import { readAccountClaims } from "../../../src/operations/account/account-claims.ts";
import { keptIdentity } from "../../../src/operations/account/linked-identity.ts";
import type { Account } from "../../../src/operations/ports/account.ts";
import type { IdentityProvider } from "../../../src/protocol/identity-provider.ts";
import type { UpstreamIdentity } from "../../../src/protocol/upstream-identity.ts";
import { D1AccountStore } from "../../../src/storage/d1/accounts.ts";
import { D1IdentityProviderStore } from "../../../src/storage/d1/identity-providers.ts";
import { Leased } from "../../../src/storage/d1/leased.ts";
import { D1SessionStore } from "../../../src/storage/d1/sessions.ts";
import {
  addressProof,
  givenAccount,
  insertAccount,
  passkeyProof,
  START,
  someAccount,
  someSession,
} from "../../support/workerd/people.ts";
import { freshId, someProvider } from "../../support/workerd/records.ts";
import { TestRing } from "../../support/workerd/test-ring.ts";

const accountSeals = createAccountSeals(
  createVault(new TestRing().cache(), "https://as.example", () => START),
  "https://as.example",
);
const identityProviders = new D1IdentityProviderStore(env.DB, new Leased({ seconds: 0 }));
const [accounts, sessions] = [new D1AccountStore(env.DB), new D1SessionStore(env.DB)];
const services = {
  config: { issuer: "https://as.example" },
  accountSeals,
  identityProviders,
};
const NOW = START + 60;

const providers: string[] = [];
afterEach(async () => {
  for (const id of providers.splice(0)) await identityProviders.remove(id, null);
});

async function givenProvider(changes: Partial<IdentityProvider> = {}): Promise<IdentityProvider> {
  const provider = someProvider({ claims: "all", emailDomains: "all", ...changes });
  expect(await identityProviders.insert(provider)).toBe(true);
  providers.push(provider.id);
  return provider;
}

/** An account whose key opens what it seals. */
async function givenPerson(): Promise<Account> {
  const account = someAccount({ wrappedKey: await accountSeals.newKey() });
  await insertAccount(account, passkeyProof());
  return account;
}

/** What a provider said of somebody at a sign-in. */
const said = ({ issuer }: { readonly issuer: string }, subject: string, issuedAt = START): UpstreamIdentity => ({
  party: {
    issuer,
    subject,
    claims: { sub: subject, role: "doctor", email: "ana@example.com", email_verified: true },
    authenticatedAt: issuedAt,
    issuedAt,
  },
  acr: "high",
  amr: [],
});

async function link(account: Account, provider: IdentityProvider, identity: UpstreamIdentity): Promise<void> {
  const kept = await keptIdentity({ accountSeals }, account, provider.id, identity, START);
  expect(await accounts.addProof(account.id, { kind: "identity", identity: kept })).toBe(true);
}

/** Claims of whoever is signed in, as a page that needs them finds out. */
async function claimsOf(account: Account, now = NOW, session = someSession(account)) {
  const hash = freshId("hash");
  await sessions.insert(session, hash, null, null);
  const person = await sessions.find(hash, START);
  if (person === null) throw new Error("nobody is signed in");
  return readAccountClaims(services, person, now);
}

const linkedOf = async (account: Account, now = NOW) => (await claimsOf(account, now)).claims.linked ?? [];

describe("what is said of an account", () => {
  it("is who it is and when its person signed in, from this server", async () => {
    const account = await givenAccount();
    expect(await claimsOf(account, NOW, someSession(account, { authenticatedAt: START + 5 }))).toEqual({
      claims: {
        issuer: "https://as.example",
        subject: account.id,
        claims: { sub: account.id },
        authenticatedAt: START + 5,
        issuedAt: NOW,
        linked: [],
      },
      trustedUntil: Number.POSITIVE_INFINITY,
    });
  });

  it("holds every address that was verified here, and nobody else's", async () => {
    const [one, other, stranger] = ["a", "b", "c"].map(
      (name) => `${name}-${freshId("person").toLowerCase()}@example.org`,
    );
    const account = await givenAccount(addressProof(one ?? ""));
    await accounts.addProof(account.id, addressProof(other ?? ""));
    await givenAccount(addressProof(stranger ?? ""));
    const { claims } = await claimsOf(account);
    expect(claims.claims.email).toHaveLength(2);
    expect(claims.claims.email).toEqual(expect.arrayContaining([one, other]));
  });
});

describe("what identity providers say of an account", () => {
  it("is what they said at the last sign-in there, each for itself", async () => {
    const [one, other, account] = [await givenProvider(), await givenProvider(), await givenPerson()];
    const [atOne, atOther] = [said(one, freshId("ana"), START), said(other, freshId("ana"), START + 1)];
    await link(account, one, atOne);
    await link(account, other, atOther);
    expect(await linkedOf(account)).toEqual([atOther.party, atOne.party]);
  });

  it("is no more than they may speak for now", async () => {
    const [provider, account] = [await givenProvider(), await givenPerson()];
    const identity = said(provider, freshId("ana"));
    await link(account, provider, identity);
    await identityProviders.replace({ ...provider, claims: ["email", "role"], emailDomains: ["other.example"] }, 1);
    const narrowed = { sub: identity.party.subject, role: "doctor" };
    expect(await linkedOf(account)).toMatchObject([{ claims: narrowed }]);
    expect((await linkedOf(account))[0]?.claims).toEqual(narrowed);
  });

  it("counts while it is fresh, and is to be looked at again when it ends", async () => {
    const [provider, account] = [await givenProvider({ maxClaimsAge: 100 }), await givenPerson()];
    await link(account, provider, said(provider, freshId("ana")));
    expect((await claimsOf(account, START + 99)).trustedUntil).toBeLessThanOrEqual(START + 100);
    expect(await linkedOf(account, START + 99)).toHaveLength(1);
    expect(await linkedOf(account, START + 100)).toEqual([]);
  });

  it.each([
    ["removed", (provider: IdentityProvider) => identityProviders.remove(provider.id, null)],
    ["switched off", (provider: IdentityProvider) => identityProviders.replace({ ...provider, enabled: false }, 1)],
  ])("counts no more once the provider is %s", async (_, change) => {
    const [provider, account] = [await givenProvider(), await givenPerson()];
    await link(account, provider, said(provider, freshId("ana")));
    await change(provider);
    expect(await linkedOf(account)).toEqual([]);
  });

  it("is nothing where it was sealed for another account", async () => {
    const [provider, account, other] = [await givenProvider(), await givenPerson(), await givenPerson()];
    await link(account, provider, said(provider, freshId("ana")));
    await env.DB.prepare("UPDATE identities SET account_id = ? WHERE account_id = ?").bind(other.id, account.id).run();
    expect(await linkedOf(other)).toEqual([]);
  });

  it("is of the four who spoke last", async () => {
    const [provider, account] = [await givenProvider(), await givenPerson()];
    for (let at = 0; at < 6; at += 1) await link(account, provider, said(provider, freshId("ana"), START + at));
    expect((await linkedOf(account)).map(({ issuedAt }) => issuedAt - START)).toEqual([5, 4, 3, 2]);
  });
});
