import type { SigningKey } from "../keys/working-key.ts";
import { encodeBase64url } from "../shared/base64url.ts";

const encoder = new TextEncoder();

/**
 * In compact form (RFC 7515 §3.1). Signed with Web Crypto itself: jose clones and checks claims that were made here.
 * @param typ what keeps it from passing for another kind of JWT (RFC 8725 §3.11)
 */
export async function signJwt({ alg, kid, privateKey }: SigningKey, typ: string, claims: object): Promise<string> {
  const text = `${encodeJson({ alg, typ, kid })}.${encodeJson(claims)}`;
  const { name } = privateKey.algorithm;
  const signature = await crypto.subtle.sign({ name, hash: "SHA-256" }, privateKey, encoder.encode(text));
  return `${text}.${encodeBase64url(new Uint8Array(signature))}`;
}

function encodeJson(value: object): string {
  return encodeBase64url(encoder.encode(JSON.stringify(value)));
}
