import { decodeProtectedHeader, jwtVerify } from "jose";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createSigner } from "../../src/crypto/signer.ts";
import type { Signer } from "../../src/operations/ports/signer.ts";
import { START } from "../support/pure/signer.ts";
import { TestRing } from "../support/workerd/test-ring.ts";

const CLAIMS = { iss: "https://usher.example", says: "this" };
let ring: TestRing;
let now: number;
let signer: Signer;

function at(seconds: number): void {
  now = seconds;
  vi.setSystemTime(seconds * 1000);
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  at(START);
  ring = new TestRing();
  signer = createSigner(ring.cache(), () => now);
});

afterEach(() => {
  vi.useRealTimers();
});

it("says under its type what it is told to, and names its key", async () => {
  const jwt = await signer.sign("token-introspection+jwt", CLAIMS);
  const { kid, typ, alg } = decodeProtectedHeader(jwt);
  expect({ typ, keyId: kid, algorithm: alg }).toEqual({ typ: "token-introspection+jwt", ...(await signer.current()) });
  const key = await ring.cache().verificationKey(String(kid), now);
  expect((await jwtVerify(jwt, key?.publicKey as CryptoKey)).payload).toEqual(CLAIMS);
});
