import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { MAX_PCTS_PER_CLIENT } from "../../../src/shared/limits.ts";
import { D1AccountStore } from "../../../src/storage/d1/accounts.ts";
import { D1PctStore } from "../../../src/storage/d1/pcts.ts";
import { addressProof, givenAccount, START } from "../../support/workerd/people.ts";
import { freshId } from "../../support/workerd/records.ts";

const pcts = new D1PctStore(env.DB);
const DAY = 86_400;
const LIFE = 90 * DAY;

async function given(changes: object = {}) {
  const account = await givenAccount();
  const hash = freshId("hash");
  const pct = {
    clientId: "app",
    accountId: account.id,
    sealedClaims: "sealed",
    createdAt: START,
    expiresAt: START + LIFE,
  };
  await pcts.insert({ ...pct, ...changes }, hash);
  return { account, hash };
}

describe("a kept PCT", () => {
  it("is found by its own client, with what its account is now", async () => {
    const { account, hash } = await given();
    const address = `${freshId("ana").toLowerCase()}@example.org`;
    await new D1AccountStore(env.DB).addProof(account.id, addressProof(address));
    expect(await pcts.use(hash, "app", START)).toEqual({
      accountId: account.id,
      ownerId: account.ownerId,
      wrappedKey: account.wrappedKey,
      sealedName: account.sealedName,
      sealedClaims: "sealed",
      addresses: [address],
      identityIds: [],
    });
  });

  it("lives 90 days from its last use, and then no more", async () => {
    const { account, hash } = await given();
    expect(await pcts.use(hash, "app", START + LIFE - 1)).not.toBeNull();
    expect(await pcts.use(hash, "app", START + 2 * LIFE - 2)).not.toBeNull();
    expect(await pcts.use(hash, "app", START + 3 * LIFE)).toBeNull();
    expect(await pcts.list(account.id, START + 3 * LIFE)).toEqual([]);
    await pcts.removeExpired(START + 3 * LIFE);
    expect(await pcts.forgetAccount(account.id, null)).toBe(0);
  });

  it("is the one that was just made, of any number made in one second for one app", async () => {
    const { account } = await given();
    const made = { clientId: "app", accountId: account.id, sealedClaims: "sealed", createdAt: START };
    for (let round = 0; round < 3 * MAX_PCTS_PER_CLIENT; round += 1) {
      // Neither the order of keys nor that of time may decide.
      const hash = `${round % 2 === 0 ? "z" : "a"}${freshId("hash")}`;
      await pcts.insert({ ...made, expiresAt: START + LIFE }, hash);
      expect(await pcts.use(hash, "app", START)).not.toBeNull();
    }
    expect(await pcts.forgetAccount(account.id, "app")).toBe(MAX_PCTS_PER_CLIENT);
  });

  it("is noted as used once a day", async () => {
    const { account, hash } = await given();
    const usedAt = async () => (await pcts.list(account.id, START))[0]?.usedAt;
    expect(await usedAt()).toBeNull();
    for (const at of [0, 10, DAY - 1]) await pcts.use(hash, "app", START + at);
    expect(await usedAt()).toBe(START);
    await pcts.use(hash, "app", START + DAY);
    expect(await usedAt()).toBe(START + DAY);
  });

  it("ends in the hands of another client", async () => {
    const { hash } = await given();
    expect(await pcts.use(hash, "thief", START)).toBe("stolen");
    expect(await pcts.use(hash, "thief", START)).toBeNull();
    expect(await pcts.use(hash, "app", START)).toBeNull();
  });

  it("is one of five at most of an account and a client, and the oldest goes", async () => {
    const { account, hash } = await given();
    const others = Array.from({ length: 5 }, (_, index) => ({ hash: freshId("hash"), at: START + 1 + index }));
    for (const one of others) {
      const pct = { clientId: "app", accountId: account.id, sealedClaims: String(one.at), createdAt: one.at };
      await pcts.insert({ ...pct, expiresAt: START + LIFE }, one.hash);
    }
    expect(await pcts.use(hash, "app", START)).toBeNull();
    for (const one of others) expect(await pcts.use(one.hash, "app", START)).not.toBeNull();
    const listed = await pcts.list(account.id, START);
    expect(listed).toMatchObject([{ clientId: "app", sealedClaims: String(START + 5), createdAt: START + 5 }]);
  });

  it("is forgotten for one client, for all, or with its client", async () => {
    const { account, hash } = await given({ clientId: "one" });
    const pct = { clientId: "two", accountId: account.id, sealedClaims: "sealed", createdAt: START };
    await pcts.insert({ ...pct, expiresAt: START + LIFE }, freshId("hash"));
    expect(await pcts.forgetAccount(account.id, "one")).toBe(1);
    expect(await pcts.use(hash, "one", START)).toBeNull();
    expect(await pcts.forgetAccount(account.id, null)).toBe(1);
    const client = freshId("client");
    const left = await given({ clientId: client });
    expect(await pcts.remove(left.hash, "another")).toBe(false);
    expect(await pcts.forgetClient(client)).toBe(1);
    expect(await pcts.remove(left.hash, client)).toBe(false);
  });
});
