import { env } from "cloudflare:workers";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { readConfig } from "../../src/config.ts";
import { createSigner } from "../../src/crypto/signer.ts";
import { publishMetadata } from "../../src/operations/publish-metadata.ts";
import { START } from "../support/pure/signer.ts";
import { TestRing } from "../support/workerd/test-ring.ts";

let ring: TestRing;
let now: number;

function at(seconds: number): void {
  now = seconds;
  vi.setSystemTime(seconds * 1000);
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  at(START);
  ring = new TestRing();
});

afterEach(() => {
  vi.useRealTimers();
});

const services = () => ({ config: readConfig(env), signer: createSigner(ring.cache(), () => now) });
const keyOf = ({ signed_metadata }: Readonly<Record<string, unknown>>) =>
  String(decodeProtectedHeader(String(signed_metadata)).kid);

it("is described and signed once, for everybody who asks", async () => {
  const isolate = services();
  const first = await publishMetadata(isolate);
  expect(await publishMetadata(isolate)).toBe(first);
  expect(await publishMetadata(services())).not.toBe(first);
});

it("is signed anew by the key that took over", async () => {
  const isolate = services();
  const before = keyOf(await publishMetadata(isolate));
  await ring.rotate();
  at(START + 3_600);
  const after = await publishMetadata(isolate);
  expect(keyOf(after)).not.toBe(before);
  const key = await ring.cache().verificationKey(keyOf(after), now);
  const { payload } = await jwtVerify(String(after.signed_metadata), key?.publicKey as CryptoKey);
  const { signed_metadata: _, ...said } = after;
  expect(payload).toEqual({ iss: said.issuer, ...said });
});
