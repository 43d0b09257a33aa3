import type { Config } from "../config.ts";
import { type DescribedServer, describeServer } from "../protocol/metadata.ts";
import type { Signer } from "./ports/signer.ts";

interface PublishMetadataServices {
  readonly config: Omit<DescribedServer, "signingAlgorithms"> & Pick<Config, "signingAlgorithm">;
  readonly signer: Signer;
}

type Metadata = Readonly<Record<string, unknown>>;

/** What an isolate's settings led to under one key, which is the same for whoever asks. */
const published = new WeakMap<object, { readonly keyId: string; readonly metadata: Metadata }>();

/** What the server says of itself to whoever asks (RFC 8414 §3), and the same once more under its signature (§2.1). */
export async function publishMetadata({ config, signer }: PublishMetadataServices): Promise<Metadata> {
  const { keyId, algorithm } = await signer.current();
  const known = published.get(config);
  if (known?.keyId === keyId) return known.metadata;
  // An algorithm that was set just now takes over when its first key has been published for long enough.
  const metadata = describeServer({ ...config, signingAlgorithms: [...new Set([algorithm, config.signingAlgorithm])] });
  const signed = await signer.sign("JWT", { iss: config.issuer, ...metadata });
  const whole = { ...metadata, signed_metadata: signed };
  published.set(config, { keyId, metadata: whole });
  return whole;
}
