import * as v from "valibot";
import { encodeBase64url } from "../shared/base64url.ts";

/** A client's certificate whose key it has shown to hold, and that an authority which the edge knows has signed. */
export interface ClientCertificate {
  /** SHA-256 of the certificate, in base64url (RFC 8705 §3.1). */
  readonly thumbprint: string;
  /** The distinguished name of its subject (RFC 4514), as the edge writes it. */
  readonly subject: string;
}

/** What the edge says of a connection: a certificate counts if it was verified, and was not revoked since. */
const VerifiedConnection = v.object({
  certPresented: v.literal("1"),
  certVerified: v.literal("SUCCESS"),
  certRevoked: v.literal("0"),
  certFingerprintSHA256: v.pipe(v.string(), v.regex(/^[0-9A-Fa-f]{64}$/)),
  certSubjectDNRFC2253: v.pipe(v.string(), v.nonEmpty()),
});

/**
 * @param connection what the platform says about the TLS connection of a request.
 * @returns null where no certificate was verified
 */
export function readClientCertificate(connection: unknown): ClientCertificate | null {
  const parsed = v.safeParse(VerifiedConnection, connection);
  if (!parsed.success) return null;
  const { certFingerprintSHA256, certSubjectDNRFC2253: subject } = parsed.output;
  return { thumbprint: encodeBase64url(bytesOf(certFingerprintSHA256)), subject };
}

function bytesOf(hexadecimal: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hexadecimal.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
