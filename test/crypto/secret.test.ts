import { describe, expect, it } from "vitest";
import { hashSecret, matchesSecret, randomId, randomSecret } from "../../src/crypto/secret.ts";

describe("secrets", () => {
  it("are kept as SHA-256 in base64url", async () => {
    expect(await hashSecret("abc")).toBe("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
  });

  it("match their hash and no other", async () => {
    const secret = randomSecret();
    const hash = await hashSecret(secret);
    expect(await matchesSecret(secret, hash)).toBe(true);
    expect(await matchesSecret(`${secret}A`, hash)).toBe(false);
    expect(await matchesSecret("", hash)).toBe(false);
  });

  it.each(["", "abc", "é", "A".repeat(1_000), "A".repeat(44)])("match nothing where the hash is %j", async (hash) => {
    expect(await matchesSecret("abc", hash)).toBe(false);
  });

  it("are long and never the same", () => {
    const ids = Array.from({ length: 200 }, randomId);
    const secrets = Array.from({ length: 200 }, randomSecret);
    expect(new Set([...ids, ...secrets]).size).toBe(400);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });
});
