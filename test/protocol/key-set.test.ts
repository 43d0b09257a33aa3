import { describe, expect, it } from "vitest";
import { findCandidates, readKeySet } from "../../src/protocol/key-set.ts";
import { MAX_KEYS_PER_SET, MAX_KEYS_TRIED } from "../../src/shared/limits.ts";

/** Base64url of so many bytes. */
const bytes = (length: number) => "A".repeat(Math.ceil((length * 4) / 3));
const P256 = { kty: "EC", crv: "P-256", x: bytes(32), y: bytes(32) };
const P384 = { kty: "EC", crv: "P-384", x: bytes(48), y: bytes(48) };
const P521 = { kty: "EC", crv: "P-521", x: bytes(66), y: bytes(66) };
const ED25519 = { kty: "OKP", crv: "Ed25519", x: bytes(32) };
const RSA = { kty: "RSA", n: bytes(256), e: "AQAB" };

describe("a key set", () => {
  it.each([P256, P384, P521, ED25519, RSA, { ...RSA, n: bytes(1_024) }])("takes the key %j", (key) => {
    expect(readKeySet({ keys: [key] })).toEqual({ keys: [key] });
  });

  it.each([
    { kid: "one" },
    { kid: "" },
    { kid: "__proto__" },
    { kid: 'é"\\\n\u0000☃' },
    { use: "sig" },
    { alg: "ES256" },
    { key_ops: ["verify"] },
  ])("keeps what a key says of itself: %j", (said) => {
    expect(readKeySet({ keys: [{ ...P256, ...said }] })).toEqual({ keys: [{ ...P256, ...said }] });
  });

  it("leaves out what it does not know, in the set and in keys, and gives the same when it is read again", () => {
    const key = { ...P256, kid: "one", key_ops: ["verify", "sign"], x5c: ["AA"], x5t: "AA", nbf: 1, issuer: "x" };
    const read = readKeySet({ keys: [key], expires: 1 });
    expect(read).toEqual({ keys: [{ ...P256, kid: "one", key_ops: ["verify"] }] });
    expect(readKeySet(JSON.parse(JSON.stringify(read)))).toEqual(read);
  });

  it.each([
    ["text", "key"],
    ["nothing", null],
    ["a list", []],
    ["an empty object", {}],
    ["an unknown type", { kty: "AKP", alg: "ML-DSA-44", pub: "AA" }],
    ["a symmetric key", { kty: "oct", k: "AAAA" }],
    ["an unknown curve", { ...P256, crv: "secp256k1" }],
    ["a curve for key agreement", { ...ED25519, crv: "X25519" }],
    ["a coordinate too short", { ...P256, y: bytes(31) }],
    ["a coordinate too long", { ...P256, x: bytes(33) }],
    ["a coordinate that is no base64url", { ...P256, x: "+".repeat(43) }],
    ["a private key", { ...P256, d: bytes(32) }],
    ["a key for encryption", { ...P256, use: "enc" }],
    ["a key for signing only", { ...P256, key_ops: ["sign"] }],
    ["a key for no operation", { ...P256, key_ops: [] }],
    ["operations that are no list", { ...P256, key_ops: "verify" }],
    ["an algorithm that is not accepted", { ...RSA, alg: "RS512" }],
    ["an algorithm of another curve", { ...P256, alg: "ES384" }],
    ["an algorithm of another type", { ...RSA, alg: "ES256" }],
    ["a shared-key algorithm", { ...RSA, alg: "HS256" }],
    ["a kid that is a number", { ...P256, kid: 1 }],
    ["a kid that is null", { ...P256, kid: null }],
    ["a kid of 257 characters", { ...P256, kid: "k".repeat(257) }],
    ["an RSA key of 1,024 bits", { ...RSA, n: bytes(128) }],
    ["an RSA key of 16,384 bits", { ...RSA, n: bytes(2_048) }],
    ["an RSA key with a huge exponent", { ...RSA, e: bytes(256) }],
    ["an RSA key without exponent", { ...RSA, e: "" }],
  ])("ignores %s, and is none without another key", (_case, key) => {
    expect(readKeySet({ keys: [key] })).toBeNull();
    expect(readKeySet({ keys: [key, P256] })).toEqual({ keys: [P256] });
  });

  it.each([null, "text", 7, [], [P256], {}, { keys: null }, { keys: {} }, { keys: [] }, { KEYS: [P256] }])(
    "is not %j",
    (body) => {
      expect(readKeySet(body)).toBeNull();
    },
  );

  it("is not what a prototype claims to have", () => {
    expect(readKeySet(JSON.parse(`{"__proto__":{"keys":[${JSON.stringify(P256)}]}}`))).toBeNull();
    expect(readKeySet(JSON.parse('{"keys":[{"__proto__":{"kty":"EC"}}]}'))).toBeNull();
  });

  it("is looked at up to a number of keys that is enough for everybody", () => {
    const keys = Array.from({ length: 10_000 }, (_, number) => ({ ...P256, kid: `${number}` }));
    expect(readKeySet({ keys })?.keys).toHaveLength(MAX_KEYS_PER_SET);
    expect(readKeySet({ keys: [...Array(MAX_KEYS_PER_SET).fill({ kty: "EC" }), P256] })).toBeNull();
  });
});

describe("the keys that a signature may be of", () => {
  const candidates = (keys: readonly object[], header: object) => {
    const set = readKeySet({ keys });
    return set === null ? null : findCandidates(set, header);
  };

  it.each([
    ["ES256", P256],
    ["ES384", P384],
    ["ES512", P521],
    ["EdDSA", ED25519],
    ["Ed25519", ED25519],
    ["PS256", RSA],
    ["RS256", RSA],
  ])("fit its algorithm: %s", (alg, key) => {
    expect(candidates([P256, P384, P521, ED25519, RSA], { alg })).toEqual([key]);
  });

  it.each(["none", "HS256", "RS512", "toString", "__proto__", "", undefined, null, 1])(
    "are none for the algorithm %j",
    (alg) => {
      expect(candidates([P256, P384, P521, ED25519, RSA], { alg })).toEqual([]);
    },
  );

  it("are those of its algorithm where they name one", () => {
    expect(candidates([{ ...RSA, alg: "PS256" }], { alg: "RS256" })).toEqual([]);
  });

  it("have its kid, all of them where several do", () => {
    const [one, again, other] = [
      { ...P256, kid: "one" },
      { ...P256, kid: "one", y: bytes(32) },
      { ...P256, kid: "two" },
    ];
    expect(candidates([one, other, again, P256], { alg: "ES256", kid: "one" })).toEqual([one, again]);
  });

  it("are those without a kid where none has its kid, and all where it has none", () => {
    const named = { ...P256, kid: "one" };
    expect(candidates([named, P256], { alg: "ES256", kid: "other" })).toEqual([P256]);
    expect(candidates([named, P256], { alg: "ES256" })).toEqual([named, P256]);
    expect(candidates([named], { alg: "ES256", kid: "other" })).toEqual([]);
  });

  it.each([1, null, ["one"], {}])("are never chosen by a kid that is %j", (kid) => {
    expect(candidates([{ ...P256, kid: "one" }], { alg: "ES256", kid })).toEqual([]);
  });

  it("are tried up to a bound, however many a host publishes under one kid", () => {
    const keys = Array(MAX_KEYS_PER_SET).fill({ ...RSA, n: bytes(1_024), kid: "one" });
    expect(candidates(keys, { alg: "RS256", kid: "one" })).toHaveLength(MAX_KEYS_TRIED);
    expect(candidates(keys, { alg: "RS256" })).toHaveLength(MAX_KEYS_TRIED);
  });
});
