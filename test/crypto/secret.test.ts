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

describe("letters", () => {
  it("are of their alphabet, each as likely as any other", () => {
    const alphabet = "BCDFGHJKLMNPQRSTVWXZ";
    const drawn = randomness.letters(alphabet, 200_000);
    expect(drawn).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{200000}$/);
    // Six standard deviations around four fifths. 256 is no multiple of 20: taken as it comes, a byte would favour the
    // first 16 letters, by 2,500 here.
    const first = [...drawn].filter((letter) => alphabet.indexOf(letter) < 16).length;
    expect(Math.abs(first - 160_000)).toBeLessThan(1_074);
  });

  it("are another word each time", () => {
    expect(randomness.letters("BCDF", 40)).not.toBe(randomness.letters("BCDF", 40));
  });
});
