import * as v from "valibot";
import type { ClientCertificate } from "../../protocol/certificate.ts";
import { encodeBase64url } from "../../shared/base64url.ts";

/** What the edge says of a connection: a certificate counts if it was verified, and was not revoked since. */
const VerifiedConnection = v.object({
  certPresented: v.literal("1"),
  certVerified: v.literal("SUCCESS"),
  certRevoked: v.literal("0"),
  certFingerprintSHA256: v.pipe(v.string(), v.regex(/^[0-9A-Fa-f]{64}$/)),
  certSubjectDNRFC2253: v.pipe(v.string(), v.nonEmpty()),
});

/**
 * The certificate of a connection (RFC 8705). Only what the edge says counts: a header is the sender's own word.
 * @returns null where none was verified
 */
export function certificateOf(request: Request): ClientCertificate | null {
  const parsed = v.safeParse(VerifiedConnection, request.cf?.tlsClientAuth);
  if (!parsed.success) return null;
  const { certFingerprintSHA256, certSubjectDNRFC2253: subject } = parsed.output;
  return { thumbprint: encodeBase64url(Uint8Array.fromHex(certFingerprintSHA256)), subject };
}
