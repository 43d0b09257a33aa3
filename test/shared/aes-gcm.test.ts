import { beforeAll, describe, expect, it } from "vitest";
import { decryptText, encryptText } from "../../src/shared/aes-gcm.ts";

const CONTEXT = "claims|https://as.example";
/** Made with OpenSSL: a key of 32 sevens, an IV of 12 nines. What stands in storage and in tokens has this form. */
const KNOWN = "CQkJCQkJCQkJCQkJXKdHPZzK8Bw1SQQvMmhDvOiQJ1hOgiX7";

const keyOf = (byte: number) =>
  crypto.subtle.importKey("raw", new Uint8Array(32).fill(byte), "AES-GCM", false, ["encrypt", "decrypt"]);

let key: CryptoKey;

beforeAll(async () => {
  key = await keyOf(7);
});

describe("a text under AES-GCM", () => {
  it("opens from IV and ciphertext, with its context as additional data", async () => {
    expect(await decryptText(key, KNOWN, CONTEXT)).toBe('{"é":1}');
  });

  it("comes back, and never looks the same twice", async () => {
    const [one, other] = [await encryptText(key, "same", CONTEXT), await encryptText(key, "same", CONTEXT)];
    expect(one).not.toBe(other);
    expect([await decryptText(key, one, CONTEXT), await decryptText(key, other, CONTEXT)]).toEqual(["same", "same"]);
  });

  it("opens under no other key and for no other context", async () => {
    expect(await decryptText(await keyOf(8), KNOWN, CONTEXT)).toBeNull();
    expect(await decryptText(key, KNOWN, "ticket|https://as.example")).toBeNull();
  });

  it.each(["", "A", "é", KNOWN.slice(0, 36), KNOWN.slice(0, -4), `A${KNOWN.slice(1)}`, `${KNOWN}=`])(
    "does not open from %j",
    async (text) => {
      expect(await decryptText(key, text, CONTEXT)).toBeNull();
    },
  );
});
