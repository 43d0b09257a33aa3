import type { ClientCertificate } from "../../protocol/certificate.ts";
import { isSameConfirmation } from "../../protocol/confirmation.ts";
import type { Confirmation } from "../../protocol/wire/confirmation.ts";
import { badProof, ProtocolError } from "../../shared/error.ts";
import { countedCertificate } from "./certificate.ts";
import { type PresentedProof, type ProofServices, verifyProof } from "./proof.ts";

export interface PossessionServices extends ProofServices {
  readonly config: ProofServices["config"] & { readonly clientCertificates: boolean };
}

/** An access token as it was sent to one of our own endpoints (RFC 6750 §2.1, RFC 9449 §7.1). */
export interface PresentedToken {
  readonly scheme: "Bearer" | "DPoP";
  readonly accessToken: string;
  /** Null: there is none. */
  readonly proof: PresentedProof | null;
  /** With which the connection was made; null: there is none that counts. */
  readonly certificate: ClientCertificate | null;
}

/**
 * Whether whoever sent a good access token may: what it is bound to has to be proved beside it.
 * @param confirmation what the token is bound to; null: nothing.
 * @param scope what is asked of a token here, for the challenge.
 * @returns a nonce for the next proof, where that one is about to be too old
 * @throws ProtocolError invalid_token, invalid_dpop_proof or use_dpop_nonce, all with 401
 */
export async function checkPossession(
  services: PossessionServices,
  presented: PresentedToken,
  confirmation: Confirmation | null,
  scope: string,
  now: number,
): Promise<string | null> {
  if (confirmation !== null && "jkt" in confirmation) {
    return checkKey(services, presented, confirmation, scope, now);
  }
  checkBearer(services, presented, confirmation, scope);
  return null;
}

/** A token that is bound to a certificate is sent as Bearer, too (RFC 8705 §3). */
function checkBearer(
  { config }: PossessionServices,
  presented: PresentedToken,
  confirmation: Confirmation | null,
  scope: string,
): void {
  if (presented.scheme === "DPoP") {
    throw notBearers("the access token is bound to no key: send it as Authorization: Bearer", scope);
  }
  const certificate = countedCertificate(config, presented.certificate);
  const shown = certificate && { "x5t#S256": certificate.thumbprint };
  if (confirmation === null || isSameConfirmation(confirmation, shown)) return;
  throw notBearers("the access token is bound to a certificate: connect with it", scope);
}

async function checkKey(
  services: PossessionServices,
  { scheme, accessToken, proof }: PresentedToken,
  confirmation: Confirmation,
  scope: string,
  now: number,
): Promise<string | null> {
  if (scheme === "Bearer") {
    throw notBearers("the access token is bound to a key: send it as Authorization: DPoP, with a proof", scope);
  }
  if (proof === null) throw badProof("send one in the DPoP header", { isAtResource: true, reason: "dpop_missing" });
  const checkThumbprint = (jkt: string) => {
    if (!isSameConfirmation(confirmation, { jkt })) throw notBearers("the access token is bound to another key", scope);
  };
  return (await verifyProof(services, proof, { accessToken, checkKey: checkThumbprint }, now)).nextNonce;
}

function notBearers(description: string, scope: string): ProtocolError {
  return new ProtocolError("invalid_token", description, { scope, reason: "token_bound" });
}
