import { env } from "cloudflare:workers";
import type { Account, Passkey, Proof } from "../../../src/operations/ports/account.ts";
import type { Session } from "../../../src/operations/ports/session.ts";
import { createFoundation, createServices } from "../../../src/services.ts";
import { D1AccountStore } from "../../../src/storage/d1/accounts.ts";
import { freshId } from "./records.ts";

/** Accounts and what belongs to them, for the tests of stores. */

export const START = 1_700_000_000;

export function somePasskey(changes: Partial<Passkey> = {}): Passkey {
  return {
    id: freshId("passkey"),
    publicKey: "a-key",
    signCount: 0,
    transports: ["internal"],
    sealedName: "sealed",
    createdAt: START,
    lastUsedAt: null,
    ...changes,
  };
}

export function passkeyProof(changes: Partial<Passkey> = {}): Extract<Proof, { kind: "passkey" }> {
  return { kind: "passkey", passkey: somePasskey(changes) };
}

export function addressProof(address: string): Extract<Proof, { kind: "address" }> {
  return { kind: "address", address: { address, verifiedAt: START } };
}

export function identityProof(id = freshId("identity")): Extract<Proof, { kind: "identity" }> {
  const seen = { createdAt: START, lastUsedAt: START };
  return { kind: "identity", identity: { id, providerId: "provider", sealedStatement: "sealed", ...seen } };
}

export function someAccount(changes: Partial<Account> = {}): Account {
  const id = freshId("account");
  return { id, ownerId: `owner-of-${id}`, wrappedKey: "key", sealedName: "name", createdAt: START, ...changes };
}

/** An account that is there, with one way in. */
export async function givenAccount(proof: Proof = passkeyProof()): Promise<Account> {
  const account = someAccount();
  await insertAccount(account, proof);
  return account;
}

/** An account whose own key is real, so that its person can sign in. */
export async function givenPerson(proof: Proof, name = "Ana"): Promise<Account> {
  const { accountSeals } = createServices(env, createFoundation(env));
  const wrappedKey = await accountSeals.newKey();
  const account = someAccount({ wrappedKey, sealedName: await accountSeals.seal(wrappedKey, "name", name) });
  await insertAccount(account, proof);
  return account;
}

export function insertAccount(account: Account, proof: Proof): Promise<boolean> {
  const { ownerId: id, createdAt } = account;
  return new D1AccountStore(env.DB).insert(account, { id, kind: "person", name: "", ledger: id, createdAt }, proof);
}

export function someSession(account: Account, changes: Partial<Session> = {}): Session {
  return {
    id: freshId("session"),
    accountId: account.id,
    authenticatedAt: START,
    methods: ["passkey"],
    sealedPlace: "sealed",
    createdAt: START,
    lastSeenAt: START,
    expiresAt: START + 1_000,
    ...changes,
  };
}
