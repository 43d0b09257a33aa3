import { expect, it } from "vitest";
import { createVault } from "../../src/crypto/vault.ts";
import type { VaultPurpose } from "../../src/operations/ports/vault.ts";
import { ISSUER, START } from "../support/pure/signer.ts";
import { TestRing } from "../support/workerd/test-ring.ts";

const ring = new TestRing();
const vault = (issuer = ISSUER, of = ring) => createVault(of.cache(), issuer, () => START);
const PURPOSE = "provider_credentials";

it("what was sealed is read again by any isolate, and says nothing to anybody else", async () => {
  const sealed = await vault().seal(PURPOSE, { secret: "s3cret" });
  expect(await vault().open(PURPOSE, sealed)).toEqual({ secret: "s3cret" });
  expect(atob(sealed.replaceAll("-", "+").replaceAll("_", "/"))).not.toContain("s3cret");
});

it("opens for its purpose, its server and its ring alone", async () => {
  const sealed = await vault().seal(PURPOSE, 1);
  expect(await vault().open("another" as VaultPurpose, sealed)).toBeNull();
  expect(await vault("https://other.example").open(PURPOSE, sealed)).toBeNull();
  expect(await vault(ISSUER, new TestRing()).open(PURPOSE, sealed)).toBeNull();
  expect(await vault().open(PURPOSE, "text")).toBeNull();
});
