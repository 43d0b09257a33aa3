import { beforeEach, describe, expect, it } from "vitest";
import { VerificationFailed } from "../../src/crypto/key-sets.ts";
import type { KeySource } from "../../src/protocol/jwt.ts";
import {
  DOCUMENT_COOL_DOWN_SECONDS,
  DOCUMENT_FRESH_SECONDS,
  DOCUMENT_KEPT_SECONDS,
  DOCUMENT_MEMORY_SECONDS,
  DOCUMENT_SHARED_LAG_SECONDS,
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
    expect(hosts.asked).toEqual([url]);
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

  it.each(["not json", "[]", "null", '{"content":[],"fetchedAt":1}', '{"content":{}}'])(
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
    await expect(keySets.verify(await token(), source, end)).rejects.toThrow("fetch: its host cannot be reached");
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
  let issuer: string;
  let discoveryUrl: string;

  beforeEach(() => {
    issuer = freshHost();
    discoveryUrl = `${issuer}/.well-known/openid-configuration`;
  });

  const discovered = (name = issuer) => ({ jwks: null, jwksUri: null, issuer: name });

  it("finds where an issuer publishes its keys", async () => {
    hosts.serves(discoveryUrl, { issuer, jwks_uri: url });
    expect(await hosts.keySets().verify(await token(), discovered(), START)).toEqual(PAYLOAD);
  });

  it("takes the document at the issuer's path, whether or not the issuer ends in a slash", async () => {
    const tenant = `${issuer}/tenant/`;
    hosts.serves(`${tenant}.well-known/openid-configuration`, { issuer: tenant, jwks_uri: url });
    expect(await hosts.keySets().verify(await token(), discovered(tenant), START)).toEqual(PAYLOAD);
  });

  const bad: readonly (readonly [string, (issuer: string) => object])[] = [
    ["names another issuer", (name) => ({ issuer: `${name}/`, jwks_uri: url })],
    ["names no issuer", () => ({ jwks_uri: url })],
    ["names no key set", (name) => ({ issuer: name })],
    ["names a key set at a private host", (name) => ({ issuer: name, jwks_uri: "https://169.254.169.254/jwks" })],
    ["names a key set without encryption", (name) => ({ issuer: name, jwks_uri: "http://idp.example/jwks" })],
    ["names a key set by no URL", (name) => ({ issuer: name, jwks_uri: "jwks" })],
    ["names a key set with 3,000 characters", (name) => ({ issuer: name, jwks_uri: `${url}?${"x".repeat(3_000)}` })],
    ["names several key sets", (name) => ({ issuer: name, jwks_uri: [url] })],
    ["is an error", () => ({ error: "maintenance" })],
  ];

  it.each(bad)("refuses a document that %s", async (_case, document) => {
    hosts.serves(discoveryUrl, document(issuer));
    const verified = hosts.keySets().verify(await token(), discovered(), START);
    await expect(verified).rejects.toThrow(new VerificationFailed("fetch: no such document"));
    expect(hosts.asked).toEqual([discoveryUrl]);
  });

  it.each(bad)("goes on with the last good document when one %s", async (_case, document) => {
    const keySets = hosts.keySets();
    hosts.serves(discoveryUrl, { issuer, jwks_uri: url });
    await keySets.verify(await token(), discovered(), START);
    hosts.serves(discoveryUrl, document(issuer));
    const later = START + DOCUMENT_FRESH_SECONDS;
    expect(await keySets.verify(await token(), discovered(), later)).toEqual(PAYLOAD);
    expect(hosts.asked.filter((asked) => asked === discoveryUrl)).toHaveLength(2);
    expect(await hosts.keySets().verify(await token(), discovered(), later)).toEqual(PAYLOAD);
  });

  it.each(["fails", "serves the old keys"])("finds keys that have moved, while the old place %s", async (oldPlace) => {
    const keySets = hosts.keySets();
    hosts.serves(discoveryUrl, { issuer, jwks_uri: url });
    await keySets.verify(await token(), discovered(), START);
    const next = await Signer.create("two");
    const moved = `${freshHost()}/keys`;
    if (oldPlace === "fails") hosts.fails(url);
    hosts.serves(discoveryUrl, { issuer, jwks_uri: moved });
    hosts.serves(moved, { keys: [next.publicJwk] });
    const later = START + DOCUMENT_COOL_DOWN_SECONDS;
    expect(await keySets.verify(await token(next), discovered(), later)).toEqual(PAYLOAD);
    await expect(keySets.verify(await token(), discovered(), later)).rejects.toThrow(VerificationFailed);
  });

  it("finds keys that moved before any were fetched", async () => {
    const keySets = hosts.keySets();
    hosts.serves(discoveryUrl, { issuer, jwks_uri: `${freshHost()}/gone` });
    await expect(keySets.verify(await token(), discovered(), START)).rejects.toThrow(
      "fetch: its host cannot be reached",
    );
    hosts.serves(discoveryUrl, { issuer, jwks_uri: url });
    const later = START + DOCUMENT_COOL_DOWN_SECONDS;
    expect(await keySets.verify(await token(), discovered(), later)).toEqual(PAYLOAD);
  });

  it("is not asked by strangers more often than once per cool-down", async () => {
    const keySets = hosts.keySets();
    hosts.serves(discoveryUrl, { issuer, jwks_uri: url });
    const stranger = await Signer.create("stranger");
    for (let second = 0; second < 2 * DOCUMENT_COOL_DOWN_SECONDS; second += 1) {
      await expect(keySets.verify(await token(stranger), discovered(), START + second)).rejects.toThrow("ERR_JWKS");
    }
    expect(hosts.asked.toSorted()).toEqual([discoveryUrl, discoveryUrl, url, url].toSorted());
  });
});

describe("keys held here", () => {
  it("count whatever stands beside them", async () => {
    const odd = [{ kty: "AKP", alg: "ML-DSA-44", pub: "AA", kid: "one" }, { kty: "oct", k: "AAAA", kid: "one" }, {}];
    const held = { jwks: { keys: [...odd, signer.publicJwk] }, jwksUri: null };
    expect(await hosts.keySets().verify(await token(), held, START)).toEqual(PAYLOAD);
  });
});

describe("an answer that is no key set", () => {
  const answers: readonly (readonly [string, () => Response])[] = [
    ["an error with status 200", () => Response.json({ error: "maintenance" })],
    ["no keys", () => Response.json({ keys: [] })],
    ["keys for other purposes only", () => Response.json({ keys: [{ ...signer.publicJwk, use: "enc" }] })],
    ["a page", () => new Response("<html>")],
    ["a redirect", () => new Response(null, { status: 302, headers: { Location: "https://idp.example/login" } })],
  ];

  it.each(answers)("does not replace good keys: %s", async (_case, answer) => {
    const keySets = hosts.keySets();
    await keySets.verify(await token(), source, START);
    hosts.answers(url, answer);
    const stranger = await Signer.create("stranger");
    const soon = START + DOCUMENT_COOL_DOWN_SECONDS;
    await expect(keySets.verify(await token(stranger), source, soon)).rejects.toThrow("ERR_JWKS_NO_MATCHING_KEY");
    expect(hosts.asked).toEqual([url, url]);
    for (const now of [soon, START + DOCUMENT_FRESH_SECONDS, START + DOCUMENT_KEPT_SECONDS - 1]) {
      expect(await keySets.verify(await token(), source, now)).toEqual(PAYLOAD);
      expect(await hosts.keySets().verify(await token(), source, now)).toEqual(PAYLOAD);
    }
  });

  it("does not shut out a key set that comes after the cool-down", async () => {
    const keySets = hosts.keySets();
    hosts.serves(url, { error: "maintenance" });
    await expect(keySets.verify(await token(), source, START)).rejects.toThrow("fetch: no such document");
    publishes(signer);
    const later = START + DOCUMENT_COOL_DOWN_SECONDS;
    expect(await keySets.verify(await token(), source, later)).toEqual(PAYLOAD);
  });

  it("in KV counts for nothing", async () => {
    const shared = { find: async () => ({ content: { error: "x" }, fetchedAt: START }), keep: async () => undefined };
    expect(await hosts.keySets(shared).verify(await token(), source, START)).toEqual(PAYLOAD);
  });
});

describe("a key replaced under its kid", () => {
  it("is found at once when its first signature comes in", async () => {
    const keySets = hosts.keySets();
    await keySets.verify(await token(), source, START);
    const successor = await Signer.create("one");
    publishes(successor);
    const later = START + DOCUMENT_COOL_DOWN_SECONDS;
    expect(await keySets.verify(await token(successor), source, later)).toEqual(PAYLOAD);
    await expect(keySets.verify(await token(), source, later)).rejects.toThrow(VerificationFailed);
  });

  it("is found within a minute although strangers have the source looked at just before", async () => {
    const keySets = hosts.keySets();
    const stranger = await Signer.create("stranger");
    await expect(keySets.verify(await token(stranger), source, START)).rejects.toThrow(VerificationFailed);
    const successor = await Signer.create("one");
    publishes(successor);
    const accepted: number[] = [];
    for (let second = 0; second < 60; second += 1) {
      await keySets.verify(await token(stranger), source, START + second).catch(() => undefined);
      const verified = keySets.verify(await token(successor), source, START + second);
      await verified.then(() => accepted.push(second)).catch(() => undefined);
    }
    expect(accepted[0]).toBeLessThanOrEqual(DOCUMENT_COOL_DOWN_SECONDS);
    expect(hosts.asked.length).toBeLessThanOrEqual(2);
  });
});

describe("keys without a kid", () => {
  const without = ({ publicJwk: { kid: _kid, ...jwk } }: Signer) => jwk;
  let others: Signer[];

  beforeEach(async () => {
    others = [await Signer.create("a"), await Signer.create("b")];
    hosts.serves(url, { keys: [...others, signer].map(without) });
  });

  it("are tried one by one", async () => {
    const keySets = hosts.keySets();
    for (const by of [signer, ...others]) {
      expect(
        await keySets.verify(await by.sign(PAYLOAD, { kid: undefined as unknown as string }), source, START),
      ).toEqual(PAYLOAD);
      expect(await keySets.verify(await token(by), source, START)).toEqual(PAYLOAD);
    }
    expect(hosts.asked).toEqual([url]);
  });

  it("are looked at again when they have been replaced", async () => {
    const keySets = hosts.keySets();
    await keySets.verify(await token(), source, START);
    const next = await Signer.create("c");
    hosts.serves(url, { keys: [without(next)] });
    const later = START + DOCUMENT_COOL_DOWN_SECONDS;
    expect(await keySets.verify(await token(next), source, later)).toEqual(PAYLOAD);
  });

  it("are not tried in place of the one that is named", async () => {
    const named = await Signer.create("one");
    hosts.serves(url, { keys: [without(signer), named.publicJwk] });
    await expect(hosts.keySets().verify(await token(), source, START)).rejects.toThrow(VerificationFailed);
  });
});

describe("what an operator writes", () => {
  it("has the keys fetched afresh, and reaches other isolates within a minute", async () => {
    const [here, elsewhere] = [hosts.keySets(), hosts.keySets()];
    await elsewhere.verify(await token(), source, START);
    await here.verify(await token(), source, START);
    const next = await Signer.create("two");
    publishes(next);
    expect(await here.renew(source, START + 1)).toBeNull();
    hosts.fails(url);
    expect(await here.verify(await token(next), source, START + 1)).toEqual(PAYLOAD);
    const minute = START + DOCUMENT_MEMORY_SECONDS;
    await expect(elsewhere.verify(await token(), source, minute)).rejects.toThrow(VerificationFailed);
    expect(await elsewhere.verify(await token(next), source, minute)).toEqual(PAYLOAD);
    expect(DOCUMENT_MEMORY_SECONDS + DOCUMENT_SHARED_LAG_SECONDS).toBeLessThanOrEqual(60);
  });

  it("has them fetched by discovery, too", async () => {
    const issuer = freshHost();
    hosts.serves(`${issuer}/.well-known/openid-configuration`, { issuer, jwks_uri: url });
    const keySets = hosts.keySets();
    await keySets.renew({ jwks: null, jwksUri: null, issuer }, START);
    expect(hosts.asked).toEqual([`${issuer}/.well-known/openid-configuration`, url]);
    expect(await keySets.verify(await token(), { jwks: null, jwksUri: null, issuer }, START)).toEqual(PAYLOAD);
    expect(hosts.asked).toHaveLength(2);
  });

  it("leaves everything as it was when the host fails, and has it asked again by the first token", async () => {
    const keySets = hosts.keySets();
    hosts.fails(url);
    const unread = { document: "key set", url };
    expect(await keySets.renew(source, START)).toEqual({ ...unread, reason: "its host cannot be reached" });
    publishes(signer);
    expect(await keySets.verify(await token(), source, START)).toEqual(PAYLOAD);
    hosts.serves(url, { error: "maintenance" });
    expect(await keySets.renew(source, START + 1)).toEqual({ ...unread, reason: "no such document" });
    expect(await keySets.verify(await token(), source, START + 1)).toEqual(PAYLOAD);
  });

  it("has nothing fetched for keys held here", async () => {
    await hosts.keySets().renew({ jwks: { keys: [signer.publicJwk] }, jwksUri: null, issuer: freshHost() }, START);
    await hosts.keySets().renew({ jwks: null, jwksUri: null }, START);
    expect(hosts.asked).toEqual([]);
  });
});

describe("a hostile key set", () => {
  it("has several keys under one kid: each of them is tried", async () => {
    const others = [await Signer.create("one"), await Signer.create("one")];
    publishes(...others, signer);
    const keySets = hosts.keySets();
    for (const by of [signer, ...others]) {
      expect(await keySets.verify(await token(by), source, START)).toEqual(PAYLOAD);
    }
  });

  it("has keys that are no points of their curve beside the right one", async () => {
    const broken = { ...signer.publicJwk, x: "A".repeat(43) };
    hosts.serves(url, { keys: [broken, broken, signer.publicJwk] });
    expect(await hosts.keySets().verify(await token(), source, START)).toEqual(PAYLOAD);
  });

  it("has ten thousand keys, of which the first count", async () => {
    hosts.serves(url, { keys: [signer.publicJwk, ...Array(10_000).fill({ kty: "EC", kid: "one" })] });
    expect(await hosts.keySets().verify(await token(), source, START)).toEqual(PAYLOAD);
  });

  it.each(["é", '"', "\u0000", "../../x", "__proto__", "constructor", " ", ""])("has the kid %j", async (kid) => {
    hosts.serves(url, { keys: [{ ...signer.publicJwk, kid }] });
    const named = await signer.sign(PAYLOAD, { kid });
    expect(await hosts.keySets().verify(named, source, START)).toEqual(PAYLOAD);
    await expect(hosts.keySets().verify(await token(), source, START)).rejects.toThrow("ERR_JWKS_NO_MATCHING_KEY");
  });

  it("gives away its private key, which proves nothing any more", async () => {
    hosts.serves(url, { keys: [{ ...signer.publicJwk, d: "A".repeat(43) }] });
    await expect(hosts.keySets().verify(await token(), source, START)).rejects.toThrow("no such document");
  });
});
