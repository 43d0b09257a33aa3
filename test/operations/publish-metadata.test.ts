import { env } from "cloudflare:workers";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { beforeEach, expect, it } from "vitest";
import { readConfig } from "../../src/config.ts";
import { createSigner } from "../../src/crypto/signer.ts";
import { publishMetadata } from "../../src/operations/publish-metadata.ts";
import { START } from "../support/pure/signer.ts";
import { StoppedClock } from "../support/workerd/stopped-clock.ts";
import { TestRing } from "../support/workerd/test-ring.ts";

const clock = StoppedClock.forEachTest();
let ring: TestRing;

beforeEach(() => {
  ring = new TestRing();
});

const services = () => ({ config: readConfig(env), signer: createSigner(ring.cache(), () => clock.now) });
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
  clock.set(START + 3_600);
  const after = await publishMetadata(isolate);
  expect(keyOf(after)).not.toBe(before);
  const key = await ring.cache().verificationKey(keyOf(after), clock.now);
  const { payload } = await jwtVerify(String(after.signed_metadata), key?.publicKey as CryptoKey);
  const { signed_metadata: _, ...said } = after;
  expect(payload).toEqual({ iss: said.issuer, ...said });
});
