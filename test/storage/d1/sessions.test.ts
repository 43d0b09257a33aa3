import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { MAX_SESSIONS } from "../../../src/shared/limits.ts";
import { D1AccountStore } from "../../../src/storage/d1/accounts.ts";
import { D1SessionStore } from "../../../src/storage/d1/sessions.ts";
import { addressProof, givenAccount, identityProof, START, someSession } from "../../support/workerd/people.ts";
import { freshId } from "../../support/workerd/records.ts";

const sessions = new D1SessionStore(env.DB);

async function givenSession(changes: Parameters<typeof someSession>[1] = {}) {
  const account = await givenAccount();
  const session = someSession(account, changes);
  const hash = freshId("hash");
  await sessions.insert(session, hash, null, null);
  return { account, session, hash };
}

describe("a session", () => {
  it("is found with its account, and what that is known by, until it ends", async () => {
    const { account, session, hash } = await givenSession();
    const [address, identity] = [addressProof(`${freshId("a").toLowerCase()}@b.example`), identityProof()];
    for (const proof of [address, identity]) await new D1AccountStore(env.DB).addProof(account.id, proof);
    await givenAccount(identityProof());
    const known = { addresses: [address.address], identities: [identity.identity] };
    expect(await sessions.find(hash, session.expiresAt - 1)).toEqual({ session, account, ...known });
    expect(await sessions.find(hash, session.expiresAt)).toBeNull();
    expect(await sessions.find("another", START)).toBeNull();
  });

  it("ends the one that the browser had before", async () => {
    const { account, hash } = await givenSession();
    await sessions.insert(someSession(account), freshId("hash"), hash, null);
    expect(await sessions.find(hash, START)).toBeNull();
  });

  it("ends the oldest of its account where that has as many as it may, and nobody else's", async () => {
    const [other, { account, hash }] = [await givenSession(), await givenSession()];
    for (let n = 1; n < MAX_SESSIONS; n += 1) {
      await sessions.insert(someSession(account, { createdAt: START + 1 }), freshId("hash"), null, null);
    }
    expect(await sessions.find(hash, START)).not.toBeNull();
    const newest = freshId("hash");
    await sessions.insert(someSession(account, { createdAt: START + 1 }), newest, null, null);
    expect(await sessions.find(hash, START)).toBeNull();
    expect(await sessions.find(newest, START)).not.toBeNull();
    expect(await sessions.list(account.id, START)).toHaveLength(MAX_SESSIONS);
    expect(await sessions.find(other.hash, START)).not.toBeNull();
  });

  it("lasts longer when it is used", async () => {
    const { hash, session } = await givenSession();
    await sessions.touch(hash, START + 500, START + 5_000);
    const found = await sessions.find(hash, START + 2_000);
    expect(found?.session).toEqual({ ...session, lastSeenAt: START + 500, expiresAt: START + 5_000 });
  });

  it("is ended one by one, by its own account only", async () => {
    const { account, session, hash } = await givenSession();
    const another = await givenAccount();
    expect(await sessions.end(another.id, session.id)).toBe(false);
    expect(await sessions.end(account.id, session.id)).toBe(true);
    expect(await sessions.find(hash, START)).toBeNull();
  });

  it("is ended with all the others but the present one", async () => {
    const { account, session, hash } = await givenSession();
    const second = someSession(account, { createdAt: START + 1 });
    await sessions.insert(second, freshId("hash"), null, null);
    expect(await sessions.list(account.id, START)).toEqual([second, session]);
    await sessions.endAll(account.id, session.id);
    expect(await sessions.list(account.id, START)).toEqual([session]);
    await sessions.endAll(account.id, null);
    expect(await sessions.find(hash, START)).toBeNull();
  });

  it("is dropped once it has ended", async () => {
    const { account, hash } = await givenSession({ expiresAt: START + 1 });
    await sessions.removeExpired(START + 1);
    expect(await sessions.list(account.id, 0)).toEqual([]);
    await sessions.endByHash(hash);
  });
});
