import { describeServer, type ServerDocuments } from "../protocol/metadata.ts";

/** What the server says of itself to whoever asks (RFC 8414 §3). */
export function publishMetadata(services: {
  readonly config: { readonly issuer: string; readonly documents: ServerDocuments };
}): Readonly<Record<string, unknown>> {
  return describeServer(services.config.issuer, services.config.documents);
}
