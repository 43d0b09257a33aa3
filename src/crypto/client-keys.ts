import { exportJWK, generateKeyPair } from "jose";
import type { ClientKeys } from "../operations/ports/identity-provider.ts";
import type { PublicKey } from "../protocol/identity-provider.ts";
import { encodeBase64url } from "../shared/base64url.ts";

const KID_BYTES = 9;

/** Members that stay here (RFC 7518 §6.2.2, §6.3.2). */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi"];

/** Makes keys that know their algorithm and what they are for (RFC 7517 §4). */
export const clientKeys: ClientKeys = {
  async make(algorithm) {
    const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
    const kid = encodeBase64url(crypto.getRandomValues(new Uint8Array(KID_BYTES)));
    const jwk = { ...(await exportJWK(privateKey)), kid, use: "sig", alg: algorithm };
    const members = Object.entries(jwk).filter((member): member is [string, string] => typeof member[1] === "string");
    return { privateKey: Object.fromEntries(members), publicKey: publicPart(members) };
  },
};

function publicPart(members: readonly (readonly [string, string])[]): PublicKey {
  return Object.fromEntries(members.filter(([name]) => !PRIVATE_MEMBERS.includes(name)));
}
