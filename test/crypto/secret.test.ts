import { describe, expect, it } from "vitest";
import { randomness, secrets } from "../../src/crypto/secret.ts";

describe("secrets", () => {
  it("are kept as SHA-256 in base64url", async () => {
    expect(await secrets.hash("abc")).toBe("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
  });

  it("match their hash and no other", async () => {
    const secret = secrets.random();
    const hash = await secrets.hash(secret);
    expect(await secrets.matches(secret, hash)).toBe(true);
    expect(await secrets.matches(`${secret}A`, hash)).toBe(false);
    expect(await secrets.matches("", hash)).toBe(false);
  });

  it.each(["", "abc", "é", "A".repeat(1_000), "A".repeat(44)])("match nothing where the hash is %j", async (hash) => {
    expect(await secrets.matches("abc", hash)).toBe(false);
  });

  it("are long and never the same", () => {
    const ids = Array.from({ length: 200 }, () => randomness.id());
    const made = Array.from({ length: 200 }, () => secrets.random());
    expect(new Set([...ids, ...made]).size).toBe(400);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/);
    for (const secret of made) expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });
});
