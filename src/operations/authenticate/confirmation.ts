import type { ClientCertificate } from "../../protocol/certificate.ts";
import { type Client, isPublic } from "../../protocol/client.ts";
import { isSameConfirmation } from "../../protocol/confirmation.ts";
import type { Choices } from "../../protocol/profile.ts";
import type { Confirmation } from "../../protocol/wire/confirmation.ts";
import { badProof, invalidRequest, ProtocolError } from "../../shared/error.ts";
import { countedCertificate } from "./certificate.ts";
import { type PresentedProof, type ProofServices, verifyProof } from "./proof.ts";

interface ConfirmationServices extends ProofServices {
  readonly config: {
    readonly profile: Pick<Choices, "dpopNonces" | "senderConstrainedTokens">;
    readonly clientCertificates: boolean;
  };
}

/** What a client sent beside its request for tokens, to have them bound to it. */
interface PresentedConfirmation {
  readonly client: Client;
  /** Null: there is none. */
  readonly proof: PresentedProof | null;
  /** With which the connection was made; null: there is none that counts. */
  readonly certificate: ClientCertificate | null;
}

interface Confirmed {
  /** What the tokens are to be bound to; null: nothing. */
  readonly confirmation: Confirmation | null;
  /** For the next proof, where the nonce of this one is about to be too old. */
  readonly nextNonce: string | null;
}

/**
 * What the tokens are bound to that a client asks for (RFC 9449 §5, RFC 8705 §3). Nothing that it presents is spent before.
 * @throws ProtocolError invalid_dpop_proof or use_dpop_nonce; also where there is no proof, and there has to be;
 *   invalid_request where a certificate has to be there
 */
export async function confirmTokens(
  services: ConfirmationServices,
  { client, proof, certificate }: PresentedConfirmation,
  now: number,
): Promise<Confirmed> {
  if (client.certificateBoundAccessTokens) {
    return {
      confirmation: confirmByCertificate(countedCertificate(services.config, certificate), proof),
      nextNonce: null,
    };
  }
  if (proof !== null) {
    const { jkt, nextNonce } = await verifyProof(services, proof, null, now);
    return { confirmation: { jkt }, nextNonce };
  }
  if (client.dpopBoundAccessTokens || services.config.profile.senderConstrainedTokens === "required") {
    const description = "send one in the DPoP header: what this client gets has to be bound to a key";
    throw badProof(description, { isAtResource: false, reason: "dpop_missing" });
  }
  return { confirmation: null, nextNonce: null };
}

/** A client whose tokens are bound to its certificate has none that are bound to something else. */
function confirmByCertificate(certificate: ClientCertificate | null, proof: PresentedProof | null): Confirmation {
  if (certificate === null) {
    const description =
      "what this client gets is bound to its certificate: connect with it, where this server asks for it";
    throw invalidRequest(description, "certificate_missing");
  }
  if (proof !== null) throw invalidRequest("what this client gets is bound to its certificate: send no DPoP proof");
  return { "x5t#S256": certificate.thumbprint };
}

/**
 * The refresh token of a public client is bound to what its access token is (RFC 9449 §5); a confidential client proves
 * itself already, so it may come with another key. What is bound never comes to be bound to nothing.
 * @param bound what the refresh token says.
 * @throws ProtocolError invalid_dpop_proof, invalid_grant; the refresh token stays good
 */
export function checkRefreshBinding(
  client: Client,
  bound: Confirmation | null,
  confirmation: Confirmation | null,
): void {
  if (bound === null) return;
  if (isPublic(client) ? isSameConfirmation(bound, confirmation) : confirmation !== null) return;
  if ("jkt" in bound) {
    throw badProof("the refresh token is bound to a key: send one of that key in the DPoP header", {
      isAtResource: false,
      reason: "refresh_bound",
    });
  }
  throw new ProtocolError("invalid_grant", "the refresh token is bound to a certificate: come with it", {
    reason: "refresh_bound",
  });
}
