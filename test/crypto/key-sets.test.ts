import { beforeEach, describe, expect, it } from "vitest";
import { VerificationFailed } from "../../src/crypto/key-sets.ts";
import type { KeySource } from "../../src/protocol/jwt.ts";
import {
  DOCUMENT_COOL_DOWN_SECONDS,
  DOCUMENT_FRESH_SECONDS,
  DOCUMENT_KEPT_SECONDS,
} from "../../src/protocol/public-document.ts";
import { KvPublicDocuments } from "../../src/storage/kv/public-documents.ts";
import { Signer, START } from "../support/pure/signer.ts";
import { freshHost, KeyHosts } from "../support/workerd/key-hosts.ts";

let hosts: KeyHosts;
let url: string;
let source: KeySource;
let signer: Signer;

beforeEach(async () => {
  hosts = new KeyHosts();
  url = `${freshHost()}/jwks`;
  source = { jwks: null, jwksUri: url };
  signer = await Signer.create("one");
  hosts.serves(url, { keys: [signer.publicJwk] });
});

const PAYLOAD = { sub: "bob" };
const token = (by = signer) => by.sign(PAYLOAD);
const publishes = (...signers: Signer[]) => hosts.serves(url, { keys: signers.map(({ publicJwk }) => publicJwk) });

/** KV while it is down. */
const brokenNamespace = {
  get: () => Promise.reject(new Error("KV GET failed: 500")),
  put: () => Promise.reject(new Error("KV PUT failed: 500")),
} as unknown as KVNamespace;

describe("key sets", () => {
  it("verify with keys held here and fetch nothing", async () => {
    const held = { jwks: { keys: [signer.publicJwk] }, jwksUri: url };
    expect(await hosts.keySets().verify(await token(), held, START)).toEqual(PAYLOAD);
    expect(hosts.asked).toEqual([]);
  });

  it("are fetched once and then served from memory", async () => {
    const keySets = hosts.keySets();
    for (let second = 0; second < DOCUMENT_FRESH_SECONDS; second += 60) {
      expect(await keySets.verify(await token(), source, START + second)).toEqual(PAYLOAD);
    }
    expect(hosts.asked).toEqual([url]);
  });

  it("are there for all requests that come together before the first answer", async () => {
    const keySets = hosts.keySets();
    const pushed = await token();
    const all = await Promise.all(Array.from({ length: 5 }, () => keySets.verify(pushed, source, START)));
    expect(all).toEqual(Array.from({ length: 5 }, () => PAYLOAD));
  });

  it("are shared with other isolates through KV", async () => {
    await hosts.keySets().verify(await token(), source, START);
    expect(await hosts.keySets().verify(await token(), source, START + 60)).toEqual(PAYLOAD);
    expect(hosts.asked).toEqual([url]);
  });

  it("are fetched when KV is down", async () => {
    const keySets = hosts.keySets(new KvPublicDocuments(brokenNamespace));
    expect(await keySets.verify(await token(), source, START)).toEqual(PAYLOAD);
    expect(await keySets.verify(await token(), source, START + 60)).toEqual(PAYLOAD);
    expect(hosts.asked).toEqual([url]);
  });

  it.each(["not json", "[]", "null", '{"body":[],"fetchedAt":1}', '{"body":{}}'])(
    "are fetched when KV holds %j instead",
    async (junk) => {
      const namespace = { get: async () => JSON.parse(junk), put: async () => undefined } as unknown as KVNamespace;
      const keySets = hosts.keySets(new KvPublicDocuments(namespace));
      expect(await keySets.verify(await token(), source, START)).toEqual(PAYLOAD);
    },
  );
});

describe("rotation at the source", () => {
  it("is noticed by an unknown kid, with one fetch", async () => {
    const keySets = hosts.keySets();
    await keySets.verify(await token(), source, START);
    const next = await Signer.create("two");
    publishes(signer, next);
    const later = START + DOCUMENT_COOL_DOWN_SECONDS;
    expect(await keySets.verify(await token(next), source, later)).toEqual(PAYLOAD);
    expect(await keySets.verify(await token(), source, later)).toEqual(PAYLOAD);
    expect(hosts.asked).toEqual([url, url]);
  });

  it("leaves the source alone between looks, however many unknown kids come in", async () => {
    const keySets = hosts.keySets();
    await keySets.verify(await token(), source, START);
    const stranger = await Signer.create("stranger");
    for (let second = 0; second < 2 * DOCUMENT_COOL_DOWN_SECONDS; second += 1) {
      await expect(keySets.verify(await token(stranger), source, START + second)).rejects.toThrow("ERR_JWKS");
    }
    expect(hosts.asked).toEqual([url, url]);
  });

  it("ends the use of a key that was taken back, when the copy is no longer fresh", async () => {
    const keySets = hosts.keySets();
    await keySets.verify(await token(), source, START);
    publishes(await Signer.create("two"));
    const later = keySets.verify(await token(), source, START + DOCUMENT_FRESH_SECONDS);
    await expect(later).rejects.toThrow(VerificationFailed);
  });
});

describe("an outage at the source", () => {
  it("is bridged with the last copy for a day", async () => {
    const keySets = hosts.keySets();
    await keySets.verify(await token(), source, START);
    hosts.fails(url);
    const end = START + DOCUMENT_KEPT_SECONDS;
    expect(await keySets.verify(await token(), source, end - 1)).toEqual(PAYLOAD);
    await expect(keySets.verify(await token(), source, end)).rejects.toThrow("fetch: unavailable");
  });

  it("is bridged by an isolate that has only the copy in KV", async () => {
    await hosts.keySets().verify(await token(), source, START);
    hosts.fails(url);
    expect(await hosts.keySets().verify(await token(), source, START + DOCUMENT_KEPT_SECONDS - 1)).toEqual(PAYLOAD);
  });

  it("does not make every request wait: the source is asked once per cool-down", async () => {
    hosts.fails(url);
    const keySets = hosts.keySets();
    for (let second = 0; second < 2 * DOCUMENT_COOL_DOWN_SECONDS; second += 1) {
      await expect(keySets.verify(await token(), source, START + second)).rejects.toThrow(VerificationFailed);
    }
    expect(hosts.asked).toEqual([url, url]);
  });
});

describe("what does not count as a key set", () => {
  it.each([
    ["an empty object", {}],
    ["no list", { keys: {} }],
    ["a list of texts", { keys: ["key"] }],
    ["no keys", { keys: [] }],
    ["a symmetric key", { keys: [{ kty: "oct", k: "AAAA", kid: "one" }] }],
    ["an encryption key", { keys: [{ kty: "EC", crv: "P-256", use: "enc", x: "AA", y: "AA", kid: "one" }] }],
    ["a key that is no point of its curve", { keys: [{ kty: "EC", crv: "P-256", x: "AA", y: "AA", kid: "one" }] }],
  ])("is %s", async (_case, document) => {
    hosts.serves(url, document);
    await expect(hosts.keySets().verify(await token(), source, START)).rejects.toThrow(VerificationFailed);
  });

  it("is a key of another algorithm than the token's", async () => {
    const rsa = await Signer.create("one", "RS256");
    publishes(rsa);
    await expect(hosts.keySets().verify(await token(), source, START)).rejects.toThrow(VerificationFailed);
  });

  it("is nothing at all", async () => {
    const none = { jwks: null, jwksUri: null };
    await expect(hosts.keySets().verify(await token(), none, START)).rejects.toThrow("no keys");
  });
});

describe("discovery", () => {
  it("finds where an issuer publishes its keys", async () => {
    const issuer = freshHost();
    hosts.serves(`${issuer}/.well-known/openid-configuration`, { issuer, jwks_uri: url });
    expect(await hosts.keySets().discover(issuer, START)).toBe(url);
  });

  it("takes the document at the issuer's path, whether or not the issuer ends in a slash", async () => {
    const issuer = `${freshHost()}/tenant/`;
    hosts.serves(`${issuer}.well-known/openid-configuration`, { issuer, jwks_uri: url });
    expect(await hosts.keySets().discover(issuer, START)).toBe(url);
  });

  it.each([
    ["names another issuer", (issuer: string) => ({ issuer: `${issuer}/`, jwks_uri: "https://idp.example/jwks" })],
    ["names no issuer", () => ({ jwks_uri: "https://idp.example/jwks" })],
    ["names no key set", (issuer: string) => ({ issuer })],
  ])("refuses a document that %s", async (_case, document) => {
    const issuer = freshHost();
    hosts.serves(`${issuer}/.well-known/openid-configuration`, document(issuer));
    await expect(hosts.keySets().discover(issuer, START)).rejects.toThrow(VerificationFailed);
  });

  it("refuses a key set at a private host", async () => {
    const inside = { jwks: null, jwksUri: "https://169.254.169.254/jwks" };
    await expect(hosts.keySets().verify(await token(), inside, START)).rejects.toThrow(VerificationFailed);
    expect(hosts.asked).toEqual([]);
  });
});
