import { decodeJwt, decodeProtectedHeader, type JWTPayload, SignJWT } from "jose";
import { Signer } from "./signer.ts";

/** Where a forger would have keys fetched from. */
export const FORGERS_HOST = "https://forger.example";

/** A JWT that must not count, and how it was made. */
export type Forgery = readonly [how: string, jwt: string];

/**
 * What can be made of a good JWT without the key that signed it (RFC 8725 §2). One that has its key in its header keeps
 * that, and anybody may put another there.
 * @param publicJwk the key that verifies the good one, which everybody may know.
 */
export async function forge(good: string, publicJwk: object): Promise<readonly Forgery[]> {
  const claims = decodeJwt(good);
  const { alg, ...header } = decodeProtectedHeader(good);
  const { kid } = header;
  const stranger = await Signer.create(kid ?? "k1");
  return [
    ["no signature", `${encode({ ...header, alg: "none" })}.${encode(claims)}.`],
    ["no signature, in another case", `${encode({ ...header, alg: "nOnE" })}.${encode(claims)}.`],
    ["alg none over the good signature", withHeader(good, { ...header, alg: "none" })],
    ["an unknown alg", withHeader(good, { ...header, alg: "ES999" })],
    ["the alg of another kind of key", withHeader(good, { ...header, alg: "RS256" })],
    ["the public key as a shared secret", await signedWithPublicKey(claims, header, publicJwk)],
    ["an edited payload", withPayload(good, { ...claims, jti: "another" })],
    ["the key of somebody else", await stranger.sign(claims, header)],
    ...(header.jwk ? [] : [await withOwnKey(claims, header, stranger)]),
    ["a place to fetch keys from", await stranger.sign(claims, { ...header, jku: `${FORGERS_HOST}/jwks` })],
    ["a place to fetch a certificate from", await stranger.sign(claims, { ...header, x5u: `${FORGERS_HOST}/x5u` })],
    ["a critical extension", withHeader(good, { ...header, alg, crit: ["exp"], exp: 1 })],
  ];
}

async function withOwnKey(claims: JWTPayload, header: object, stranger: Signer): Promise<Forgery> {
  return ["a key in its own header", await stranger.sign(claims, { ...header, jwk: stranger.publicJwk })];
}

function signedWithPublicKey(claims: JWTPayload, header: object, publicJwk: object): Promise<string> {
  const secret = new TextEncoder().encode(JSON.stringify(publicJwk));
  return new SignJWT(claims).setProtectedHeader({ ...header, alg: "HS256" }).sign(secret);
}

function withHeader(jwt: string, header: object): string {
  const [, payload, signature] = jwt.split(".");
  return [encode(header), payload, signature].join(".");
}

function withPayload(jwt: string, payload: JWTPayload): string {
  const [header, , signature] = jwt.split(".");
  return [header, encode(payload), signature].join(".");
}

function encode(part: object): string {
  return btoa(JSON.stringify(part)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
