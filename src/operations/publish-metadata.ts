import { type DescribedServer, describeServer } from "../protocol/metadata.ts";

/** What the server says of itself to whoever asks (RFC 8414 §3). */
export function publishMetadata({ config }: { readonly config: DescribedServer }): Readonly<Record<string, unknown>> {
  return describeServer(config);
}
