import { type ClientCertificate, readClientCertificate } from "../../protocol/certificate.ts";

/** The certificate of a connection (RFC 8705). Only what the edge says counts: a header is the sender's own word. */
export function certificateOf(request: Request): ClientCertificate | null {
  return readClientCertificate(request.cf?.tlsClientAuth);
}
