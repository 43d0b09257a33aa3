import { beforeEach, expect, it } from "vitest";
import { createAccountSeals } from "../../src/crypto/account-seals.ts";
import { createVault } from "../../src/crypto/vault.ts";
import type { AccountSeals } from "../../src/operations/ports/account-seal.ts";
import { ISSUER, START } from "../support/pure/signer.ts";
import { TestRing } from "../support/workerd/test-ring.ts";

let ring: TestRing;
let seals: AccountSeals;

const sealsOf = (issuer: string) =>
  createAccountSeals(
    createVault(ring.cache(), issuer, () => START),
    issuer,
  );

beforeEach(() => {
  ring = new TestRing();
  seals = sealsOf(ISSUER);
});

it("opens what was sealed under the account's key, for the same purpose", async () => {
  const key = await seals.newKey();
  const sealed = await seals.seal(key, "name", "Ana");
  expect(await seals.open(key, "name", sealed)).toBe("Ana");
  expect(await seals.open(key, "pct", sealed)).toBeNull();
  expect(sealed).not.toContain("Ana");
});

it("opens nothing under another account's key, at another issuer, or altered", async () => {
  const [mine, theirs] = [await seals.newKey(), await seals.newKey()];
  const sealed = await seals.seal(mine, "name", "Ana");
  const elsewhere = sealsOf("https://another.example");
  expect(await seals.open(theirs, "name", sealed)).toBeNull();
  expect(await elsewhere.open(mine, "name", sealed)).toBeNull();
  expect(await seals.open("", "name", sealed)).toBeNull();
  expect(await seals.open(mine, "name", `${sealed.slice(0, -2)}AA`)).toBeNull();
});

it("seals nothing under a key that does not open", async () => {
  await expect(seals.seal("gone", "name", "Ana")).rejects.toThrow("does not open");
});
