import { expect, it } from "vitest";
import { sha256 } from "../../src/shared/sha-256.ts";

it.each([
  ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  ["é", "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"],
])("digests %j in UTF-8", async (text, digest) => {
  expect((await sha256(text)).toHex()).toBe(digest);
});
