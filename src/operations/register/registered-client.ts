import { renderClientMetadata } from "../../protocol/client-metadata.ts";
import { ENDPOINTS } from "../../protocol/wire/endpoints.ts";
import type { MadeClient } from "../make-client.ts";

/** A client that registered itself, and the token by which it manages its registration (RFC 7592 §3). */
export interface RegisteredClient extends MadeClient {
  readonly accessToken: string;
  /** The software statement that it is registered by; null: none. */
  readonly statement: string | null;
}

/** RFC 7591 §3.2.1: secrets do not expire here. */
const NEVER = 0;

/**
 * What such a client is told of itself. Of its secret only the hash is kept, so it is told once, when it is made
 * (RFC 7592 §3 lets it be left out).
 */
export function describeRegistered(
  { config }: { readonly config: { readonly issuer: string } },
  { client, madeSecret, accessToken, statement }: RegisteredClient,
): Readonly<Record<string, unknown>> {
  return {
    ...renderClientMetadata(client),
    ...(madeSecret === null ? {} : { client_secret: madeSecret }),
    ...(client.secretHash === null ? {} : { client_secret_expires_at: NEVER }),
    ...(statement === null ? {} : { software_statement: statement }),
    registration_client_uri: `${config.issuer}${ENDPOINTS.registration}/${client.id}`,
    registration_access_token: accessToken,
  };
}
