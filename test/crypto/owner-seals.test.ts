import { beforeEach, expect, it } from "vitest";
import { createOwnerSeals } from "../../src/crypto/owner-seals.ts";
import { createVault } from "../../src/crypto/vault.ts";
import { ISSUER, START } from "../support/pure/signer.ts";
import { TestRing } from "../support/workerd/test-ring.ts";

let seals: ReturnType<typeof createOwnerSeals>;

beforeEach(() => {
  const vault = createVault(new TestRing().cache(), ISSUER, () => START);
  seals = createOwnerSeals(vault, ISSUER);
});

it("opens what was sealed under the owner's key, for the same purpose", async () => {
  const key = await seals.newKey();
  const sealed = await (await seals.unlock(key)).seal("party_card", "Ana");
  const again = await seals.unlock(key);
  expect(await again.open("party_card", sealed)).toBe("Ana");
  expect(await again.open("request", sealed)).toBeNull();
  expect(sealed).not.toContain("Ana");
});

it("opens nothing under another owner's key, or altered", async () => {
  const [mine, theirs] = [await seals.unlock(await seals.newKey()), await seals.unlock(await seals.newKey())];
  const sealed = await mine.seal("party_card", "Ana");
  expect(await theirs.open("party_card", sealed)).toBeNull();
  expect(await mine.open("party_card", `${sealed.slice(0, -2)}AA`)).toBeNull();
});

it("unlocks nothing that is no key", async () => {
  await expect(seals.unlock("gone")).rejects.toThrow("does not open");
});
