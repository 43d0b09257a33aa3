import { type ProofClaims, type ProofFault, readProofClaims } from "../../protocol/dpop.ts";
import { DPOP_NONCE_SECONDS } from "../../protocol/lifetimes.ts";
import type { Choices } from "../../protocol/profile.ts";
import { encodeBase64url } from "../../shared/base64url.ts";
import { badProof, type ProtocolError } from "../../shared/error.ts";
import { sha256 } from "../../shared/sha-256.ts";
import type { Proofs } from "../ports/proof.ts";
import type { ReplayGuard } from "../ports/replay.ts";
import type { Sealer } from "../ports/seal.ts";
import { ageOfNonce, makeNonce } from "./dpop-nonce.ts";

export interface ProofServices {
  readonly config: { readonly profile: Pick<Choices, "dpopNonces"> };
  readonly proofs: Proofs;
  readonly sealer: Pick<Sealer, "seal" | "open">;
  readonly replayGuard: ReplayGuard;
}

/** A proof of possession, and the request that it came with. */
export interface PresentedProof {
  /** What the DPoP header says. */
  readonly text: string;
  readonly method: string;
  readonly url: string;
}

/** The access token that a proof came with. */
interface ProvenToken {
  readonly accessToken: string;
  /** Throws where the key is not the one that the token is bound to. */
  readonly checkKey: (jkt: string) => void;
}

/** Whose proof it was. */
export interface ProvenKey {
  /** The key's thumbprint. */
  readonly jkt: string;
  /** For the next proof, where the nonce of this one is about to be too old; null: it will do. */
  readonly nextNonce: string | null;
}

const FAULTS: Readonly<Record<ProofFault, string>> = {
  form: "it must be one JWT of the type dpop+jwt, of an algorithm that is accepted, with its public key as jwk",
  signature: "its signature does not verify with its jwk",
  jti: "jti is required, a new one for each request",
  htm: "htm must be the method of the request",
  htu: "htu must be the URL of the request, without query and fragment",
  iat: "iat must be the time at which it was made, which is now",
  ath: "ath must be the hash of the access token",
  nonce: "nonce must be a text",
};

/**
 * Verifies a proof of possession (RFC 9449 §4.3). Its jti is spent last, when nothing else can fail, in a guard of the
 * key's own. One round trip.
 * @param token null: the proof came without one, as at the token endpoint.
 * @throws ProtocolError invalid_dpop_proof or use_dpop_nonce; whatever `checkKey` throws.
 */
export async function verifyProof(
  services: ProofServices,
  proof: PresentedProof,
  token: ProvenToken | null,
  now: number,
): Promise<ProvenKey> {
  const isAtResource = token !== null;
  const signed = await services.proofs.verify(proof.text);
  if (typeof signed === "string") throw refused(signed, isAtResource);
  const tokenHash = token && encodeBase64url(await sha256(token.accessToken));
  const claims = readProofClaims(signed.payload, { method: proof.method, url: proof.url, tokenHash }, now);
  if (typeof claims === "string") throw refused(claims, isAtResource);
  token?.checkKey(signed.jkt);
  const nextNonce = await checkNonce(services, claims, isAtResource, now);
  if (await services.replayGuard.claim(`dpop:${signed.jkt}`, claims.jti, claims.expiresAt)) {
    return { jkt: signed.jkt, nextNonce };
  }
  throw badProof("its jti was used before: make a new one for each request", { isAtResource, reason: "dpop_replayed" });
}

/**
 * RFC 9449 §8 and §9. Where nonces are not asked for, none is handed out, and what a proof says for one is not looked at.
 * @returns a nonce for the next proof, before this one is too old (§8.2)
 */
async function checkNonce(
  { config, sealer }: ProofServices,
  { nonce }: ProofClaims,
  isAtResource: boolean,
  now: number,
): Promise<string | null> {
  if (config.profile.dpopNonces !== "required") return null;
  const age = nonce === null ? null : await ageOfNonce(sealer, nonce, now);
  if (age === null) {
    throw badProof("make it with the nonce of the DPoP-Nonce header", {
      isAtResource,
      nonce: await makeNonce(sealer, now),
    });
  }
  return age < DPOP_NONCE_SECONDS / 2 ? null : makeNonce(sealer, now);
}

function refused(fault: ProofFault, isAtResource: boolean): ProtocolError {
  return badProof(FAULTS[fault], { isAtResource, reason: `dpop_${fault}` });
}
