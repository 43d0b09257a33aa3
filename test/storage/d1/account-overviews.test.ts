import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { D1AccountOverviewStore } from "../../../src/storage/d1/account-overviews.ts";
import { D1AccountStore } from "../../../src/storage/d1/accounts.ts";
import { D1SessionStore } from "../../../src/storage/d1/sessions.ts";
import { countHops } from "../../support/workerd/hops.ts";
import {
  addressProof,
  givenAccount,
  identityProof,
  passkeyProof,
  START,
  someSession,
} from "../../support/workerd/people.ts";
import { freshId } from "../../support/workerd/records.ts";

const overviews = new D1AccountOverviewStore(env.DB);
const accounts = new D1AccountStore(env.DB);
const sessions = new D1SessionStore(env.DB);

/** Somebody with two sessions and every kind of way in. */
async function givenSignedIn() {
  const [passkey, address, identity] = [
    passkeyProof(),
    addressProof(`${freshId("a").toLowerCase()}@b.example`),
    identityProof(),
  ];
  const account = await givenAccount(passkey);
  for (const proof of [address, identity]) await accounts.addProof(account.id, proof);
  await accounts.replaceRecoveryCodes(account.id, [freshId("code"), freshId("code")], START);
  const [older, newer] = [someSession(account), someSession(account, { createdAt: START + 5 })];
  const hash = freshId("hash");
  await sessions.insert(older, hash, null, null);
  await sessions.insert(newer, freshId("hash"), null, null);
  return { account, hash, older, newer, passkey, address, identity };
}

describe("the overview of an account", () => {
  it("is everything of whoever is signed in, and nothing of others", async () => {
    await givenSignedIn();
    const { account, hash, older, newer, passkey, address, identity } = await givenSignedIn();
    expect(await overviews.find(hash, START)).toEqual({
      signedIn: { session: older, account },
      proofs: {
        passkeys: [passkey.passkey],
        addresses: [address.address],
        identities: [identity.identity],
        recoveryCodes: 2,
      },
      sessions: [newer, older],
      administered: [expect.objectContaining({ ownerId: account.ownerId, ownerName: null })],
      connections: 0,
      remembered: 0,
    });
  });

  it("counts the apps that are connected to what the person owns", async () => {
    const { account, hash } = await givenSignedIn();
    const insert = env.DB.prepare(
      "INSERT INTO connections (owner_id, client_id, scopes, generation, active) VALUES (?, ?, '[]', 1, ?)",
    );
    await env.DB.batch([1, 1, 0].map((active) => insert.bind(account.ownerId, freshId("client"), active)));
    expect((await overviews.find(hash, START))?.connections).toBe(2);
  });

  it("counts the apps for which something is remembered still", async () => {
    const { account, hash } = await givenSignedIn();
    const insert = env.DB.prepare("INSERT INTO pcts VALUES (?, ?, ?, 'sealed', 0, NULL, ?)");
    const [app, other] = [freshId("client"), freshId("client")];
    await env.DB.batch(
      [
        [app, START + 1],
        [app, START + 2],
        [other, START],
      ].map(([client, end]) => insert.bind(freshId("pct"), client, account.id, end)),
    );
    expect((await overviews.find(hash, START))?.remembered).toBe(1);
  });

  it("is none for a session that has ended, and leaves out others that have", async () => {
    const { hash, older, newer, account } = await givenSignedIn();
    expect(await overviews.find(freshId("hash"), START)).toBeNull();
    expect(await overviews.find(hash, older.expiresAt)).toBeNull();
    const long = someSession(account, { expiresAt: newer.expiresAt + 1_000 });
    const longHash = freshId("hash");
    await sessions.insert(long, longHash, null, null);
    expect((await overviews.find(longHash, newer.expiresAt))?.sessions).toEqual([long]);
  });

  it("takes one round trip", async () => {
    const { hash } = await givenSignedIn();
    expect(await countHops(() => overviews.find(hash, START))).toEqual(["d1"]);
  });
});
