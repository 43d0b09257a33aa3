import { decodeProtectedHeader, jwtVerify } from "jose";
import { beforeEach, expect, it } from "vitest";
import { createSigner } from "../../src/crypto/signer.ts";
import type { Signer } from "../../src/operations/ports/signer.ts";
import { StoppedClock } from "../support/workerd/stopped-clock.ts";
import { TestRing } from "../support/workerd/test-ring.ts";

const CLAIMS = { iss: "https://usher.example", says: "this" };
const clock = StoppedClock.forEachTest();
let ring: TestRing;
let signer: Signer;

beforeEach(async () => {
  ring = new TestRing();
  signer = createSigner(ring.cache(), () => clock.now);
});

it("says under its type what it is told to, and names its key", async () => {
  const jwt = await signer.sign("token-introspection+jwt", CLAIMS);
  const { kid, typ, alg } = decodeProtectedHeader(jwt);
  expect({ typ, keyId: kid, algorithm: alg }).toEqual({ typ: "token-introspection+jwt", ...(await signer.current()) });
  const key = await ring.cache().verificationKey(String(kid), clock.now);
  expect((await jwtVerify(jwt, key?.publicKey as CryptoKey)).payload).toEqual(CLAIMS);
});
