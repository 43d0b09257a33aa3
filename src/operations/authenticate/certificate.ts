import type { Config } from "../../config.ts";
import type { ClientCertificate } from "../../protocol/certificate.ts";

/** Certificates count where the operator has the edge ask for them, and knows which authorities it trusts. */
export function countedCertificate(
  { clientCertificates }: Pick<Config, "clientCertificates">,
  certificate: ClientCertificate | null,
): ClientCertificate | null {
  return clientCertificates ? certificate : null;
}
