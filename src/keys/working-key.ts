import { decodeBase64url } from "../shared/base64url.ts";
import { isSigningUse, type KeyDescription, type RingKey, type SigningUse } from "./key.ts";
import { signingParameters } from "./material.ts";

export interface SigningKey<U extends SigningUse = SigningUse> extends KeyDescription {
  readonly use: U;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** As published in the JWK Set (RFC 7517 §4). */
  readonly publicJwk: JsonWebKey & { readonly kid: string };
}

/** A secret key: AES-256-GCM for sealing and wrapping, HMAC-SHA-256 for pairwise subjects. */
export interface SecretKey<U extends "seal" | "pairwise" | "vault"> extends KeyDescription {
  readonly use: U;
  readonly key: CryptoKey;
}

export type WorkingKey =
  | { readonly [U in SigningUse]: SigningKey<U> }[SigningUse]
  | SecretKey<"seal">
  | SecretKey<"pairwise">
  | SecretKey<"vault">;

/** Public members by key type: a list of what may be shown, so that no private member is ever shown by oversight. */
const PUBLIC_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  EC: ["kty", "crv", "x", "y"],
  OKP: ["kty", "crv", "x"],
  RSA: ["kty", "n", "e"],
};

/** Turns a key as the ring hands it out into one that Web Crypto works with; done once per isolate and key. */
export async function importKey(key: RingKey): Promise<WorkingKey> {
  const { material, ...description } = key;
  const { use } = description;
  if (isSigningUse(use)) return (await importSigningKey({ ...description, use }, JSON.parse(material))) as WorkingKey;
  if (description.use === "seal" || description.use === "vault") {
    const key = await importSecret(material, "AES-GCM", ["encrypt", "decrypt"]);
    return { ...description, use: description.use, key } as SecretKey<"seal"> | SecretKey<"vault">;
  }
  const hmac = { name: "HMAC", hash: "SHA-256" };
  return { ...description, use: "pairwise", key: await importSecret(material, hmac, ["sign"]) };
}

async function importSigningKey(
  description: KeyDescription & { readonly use: SigningUse },
  jwk: JsonWebKey,
): Promise<SigningKey> {
  const algorithm = signingParameters(description.alg);
  const publicMembers = publicPart(jwk);
  return {
    ...description,
    privateKey: await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["sign"]),
    publicKey: await crypto.subtle.importKey("jwk", publicMembers, algorithm, false, ["verify"]),
    publicJwk: { ...publicMembers, kid: description.kid, use: "sig", alg: description.alg },
  };
}

function publicPart(jwk: JsonWebKey): JsonWebKey {
  const members = PUBLIC_MEMBERS[jwk.kty ?? ""] ?? [];
  return Object.fromEntries(Object.entries(jwk).filter(([name]) => members.includes(name))) as JsonWebKey;
}

async function importSecret(
  material: string,
  algorithm: string | { readonly name: string; readonly hash: string },
  usages: string[],
): Promise<CryptoKey> {
  const bytes = decodeBase64url(material);
  if (!bytes) throw new Error("the key ring handed out a secret that is not base64url");
  return crypto.subtle.importKey("raw", bytes, algorithm, false, usages);
}
