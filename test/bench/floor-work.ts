/** The least work of each kind that a request to an authorization server takes. */
import { decryptText, encryptText } from "../../src/shared/aes-gcm.ts";
import { encodeBase64url } from "../../src/shared/base64url.ts";
import { sha256 } from "../../src/shared/sha-256.ts";

const SECRET = "s".repeat(43);
const TOKEN = "t".repeat(400);
/** What clients of the floor send. */
export const FLOOR_CREDENTIALS = `Basic ${btoa(`client:${SECRET}`)}`;
export const FLOOR_TOKEN = `Bearer ${TOKEN}`;
const HEADER = btoa(JSON.stringify({ alg: "ES256", typ: "at+jwt", kid: "k".repeat(22) }));
const ES256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

interface FloorKeys {
  readonly sealing: CryptoKey;
  readonly signing: CryptoKey;
  readonly secretHash: Uint8Array;
  readonly tokens: ReadonlySet<string>;
}

let keys: FloorKeys | undefined;

async function loadKeys(): Promise<FloorKeys> {
  const pair = (await crypto.subtle.generateKey(ES256, false, ["sign", "verify"])) as CryptoKeyPair;
  const sealing = await crypto.subtle.importKey("raw", new Uint8Array(32), "AES-GCM", false, ["encrypt", "decrypt"]);
  keys ??= { sealing, signing: pair.privateKey, secretHash: await sha256(SECRET), tokens: new Set([FLOOR_TOKEN]) };
  return keys;
}

export async function readForm(request: Request): Promise<URLSearchParams> {
  return new URLSearchParams(await request.text());
}

/** Whether the secret is right, by its hash. */
export async function authenticateClient(request: Request): Promise<boolean> {
  const [, encoded = ""] = (request.headers.get("authorization") ?? "").split(" ");
  const [, secret = ""] = atob(encoded).split(":");
  const { secretHash } = keys ?? (await loadKeys());
  return crypto.subtle.timingSafeEqual(await sha256(secret), secretHash);
}

/** Whether it brings an access token whose signature was found good before. */
export async function isKnownToken(request: Request): Promise<boolean> {
  const { tokens } = keys ?? (await loadKeys());
  return tokens.has(request.headers.get("authorization") ?? "");
}

export async function seal(statement: unknown): Promise<string> {
  const { sealing } = keys ?? (await loadKeys());
  return encryptText(sealing, JSON.stringify(statement), "floor");
}

/** @throws Error for what was not sealed here. */
export async function open(sealed: string): Promise<unknown> {
  const { sealing } = keys ?? (await loadKeys());
  return JSON.parse((await decryptText(sealing, sealed, "floor")) ?? "");
}

export async function sign(claims: object): Promise<string> {
  const { signing } = keys ?? (await loadKeys());
  const encoder = new TextEncoder();
  const text = `${HEADER}.${encodeBase64url(encoder.encode(JSON.stringify(claims)))}`;
  const signature = await crypto.subtle.sign(ES256, signing, encoder.encode(text));
  return `${text}.${encodeBase64url(new Uint8Array(signature))}`;
}
