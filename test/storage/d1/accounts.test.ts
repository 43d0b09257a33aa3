import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { MAX_PROOFS_OF_A_KIND } from "../../../src/shared/limits.ts";
import { D1AccountStore } from "../../../src/storage/d1/accounts.ts";
import { D1AdministratorStore } from "../../../src/storage/d1/administrators.ts";
import { D1OwnerStore } from "../../../src/storage/d1/owners.ts";
import {
  addressProof,
  givenAccount,
  identityProof,
  insertAccount,
  passkeyProof,
  START,
  someAccount,
} from "../../support/workerd/people.ts";
import { freshId } from "../../support/workerd/records.ts";

const accounts = new D1AccountStore(env.DB);

describe("an account", () => {
  it("is made with its owner, its administrator and its first way in", async () => {
    const proof = passkeyProof();
    const account = await givenAccount(proof);
    expect(await accounts.find(account.id)).toEqual(account);
    expect(await accounts.findByPasskey(proof.passkey.id)).toEqual({ account, passkey: proof.passkey });
    const owner = await new D1OwnerStore(env.DB).find(account.ownerId);
    expect(owner?.value).toMatchObject({ kind: "person", name: "" });
    const acts = await new D1AdministratorStore(env.DB).listByOwner(account.ownerId, START);
    expect(acts).toMatchObject([{ accountId: account.id, role: "administrator", endsAt: null, invitedBy: null }]);
  });

  it("is not made at all when its way in is somebody's", async () => {
    const proof = addressProof(`${freshId("taken")}@example.com`);
    const first = await givenAccount(proof);
    const second = someAccount();
    expect(await insertAccount(second, proof)).toBe(false);
    expect(await accounts.find(second.id)).toBeNull();
    expect(await new D1OwnerStore(env.DB).find(second.ownerId)).toBeNull();
    expect(await accounts.findByAddress(proof.address.address)).toEqual(first);
  });

  it("is found by address and by identity, and by nobody else's", async () => {
    const identity = identityProof();
    const account = await givenAccount(identity);
    expect(await accounts.findByIdentity(identity.identity.id)).toEqual(account);
    expect(await accounts.findByIdentity("another")).toBeNull();
    expect(await accounts.findByAddress("nobody@example.com")).toBeNull();
    expect(await accounts.findByPasskey("no-passkey")).toBeNull();
  });
});

describe("ways in", () => {
  it("are listed", async () => {
    const [passkey, address, identity] = [passkeyProof(), addressProof(`${freshId("a")}@example.com`), identityProof()];
    const { id } = await givenAccount(passkey);
    expect(await accounts.addProof(id, address)).toBe(true);
    expect(await accounts.addProof(id, identity)).toBe(true);
    await accounts.replaceRecoveryCodes(id, [freshId("h"), freshId("h")], START);
    expect(await accounts.proofs(id)).toEqual({
      passkeys: [passkey.passkey],
      addresses: [address.address],
      identities: [identity.identity],
      recoveryCodes: 2,
    });
  });

  it("are not taken from another account", async () => {
    const address = addressProof(`${freshId("a")}@example.com`);
    const [theirs, mine] = [await givenAccount(address), await givenAccount()];
    expect(await accounts.addProof(mine.id, address)).toBe(false);
    expect(await accounts.removeProof(mine.id, "address", address.address.address)).toBe(false);
    expect(await accounts.findByAddress(address.address.address)).toEqual(theirs);
  });

  it("of one kind have a limit", async () => {
    const { id } = await givenAccount();
    const added = await Promise.all(
      Array.from({ length: MAX_PROOFS_OF_A_KIND + 5 }, () => accounts.addProof(id, passkeyProof())),
    );
    expect(added.filter(Boolean)).toHaveLength(MAX_PROOFS_OF_A_KIND - 1);
  });

  it("go all but one, however many are removed at once", async () => {
    const [first, second] = [passkeyProof(), passkeyProof()];
    const { id } = await givenAccount(first);
    await accounts.addProof(id, second);
    const removals = [first, second].map(({ passkey }) => accounts.removeProof(id, "passkey", passkey.id));
    expect((await Promise.all(removals)).filter(Boolean)).toHaveLength(1);
    expect((await accounts.proofs(id)).passkeys).toHaveLength(1);
  });

  it("a passkey signs in once for each count", async () => {
    const proof = passkeyProof({ signCount: 3 });
    await givenAccount(proof);
    const uses = await Promise.all([1, 2].map(() => accounts.usePasskey(proof.passkey, 4, START + 5)));
    expect(uses.filter(Boolean)).toHaveLength(1);
    const found = await accounts.findByPasskey(proof.passkey.id);
    expect(found?.passkey).toMatchObject({ signCount: 4, lastUsedAt: START + 5 });
  });

  it("a recovery code finds its account once, and new ones replace the old", async () => {
    const account = await givenAccount();
    const [one, two, three] = [freshId("hash"), freshId("hash"), freshId("hash")];
    await accounts.replaceRecoveryCodes(account.id, [one, two], START);
    const taken = await Promise.all([1, 2, 3].map(() => accounts.takeRecoveryCode(one)));
    expect(taken.filter((found) => found !== null)).toEqual([account]);
    await accounts.replaceRecoveryCodes(account.id, [three], START);
    expect(await accounts.takeRecoveryCode(two)).toBeNull();
    expect((await accounts.proofs(account.id)).recoveryCodes).toBe(1);
  });

  it("an identity tells what its provider said last", async () => {
    const { identity } = identityProof();
    const { id } = await givenAccount({ kind: "identity", identity });
    const later = { ...identity, sealedStatement: "newer", lastUsedAt: START + 9 };
    expect(await accounts.useIdentity(id, later)).toBe(true);
    expect((await accounts.proofs(id)).identities).toEqual([later]);
    expect(await accounts.useIdentity("another", later)).toBe(false);
  });

  it("and names can be changed", async () => {
    const proof = passkeyProof();
    const { id } = await givenAccount(proof);
    await accounts.rename(id, "another");
    expect(await accounts.renamePasskey(id, proof.passkey.id, "laptop")).toBe(true);
    expect(await accounts.renamePasskey("another", proof.passkey.id, "mine")).toBe(false);
    expect((await accounts.find(id))?.sealedName).toBe("another");
    expect((await accounts.proofs(id)).passkeys[0]?.sealedName).toBe("laptop");
  });
});
