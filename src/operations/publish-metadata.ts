import type { Config } from "../config.ts";
import { type DescribedServer, describeServer } from "../protocol/metadata.ts";
import type { Signer } from "./ports/signer.ts";

interface PublishMetadataServices {
  readonly config: Omit<DescribedServer, "signingAlgorithms"> & Pick<Config, "signingAlgorithm">;
  readonly signer: Pick<Signer, "signLasting" | "algorithm">;
}

/** What the server says of itself to whoever asks (RFC 8414 §3), and the same once more under its signature (§2.1). */
export async function publishMetadata({
  config,
  signer,
}: PublishMetadataServices): Promise<Readonly<Record<string, unknown>>> {
  // One that was set just now takes over when its first key has been published for long enough.
  const signingAlgorithms = [...new Set([await signer.algorithm(), config.signingAlgorithm])];
  const { issuer } = config;
  const metadata = describeServer({ ...config, signingAlgorithms });
  return { ...metadata, signed_metadata: await signer.signLasting("JWT", { iss: issuer, ...metadata }) };
}
