import { type Client, isVouchedFor } from "./client.ts";

/**
 * The hosts at which a client is at home: that of its home page, or else of where its people are sent back. Of a client
 * that registered itself only the latter counts, as it could name any page as its home; of one that nobody registered the
 * former, which is the host of its id.
 * @param redirectUris where they are or may be sent back to
 * @returns null for an app on somebody's own device
 */
export function homeOf(
  client: Pick<Client, "provenance" | "clientUri">,
  redirectUris: readonly string[],
): string | null {
  const isVerified = isVouchedFor(client);
  const isAtHome = isVerified || client.provenance === "document";
  const home = isAtHome ? hostOf(client.clientUri) : null;
  return home ?? hostsOf(redirectUris, isVerified);
}

/** Of a client that nobody vouches for all of them are told: it chooses their order. */
function hostsOf(uris: readonly string[], isVerified: boolean): string | null {
  const hosts = [...new Set(uris.map(hostOf).filter((host) => host !== null))];
  return (isVerified ? hosts[0] : hosts.join(", ")) || null;
}

/** The one thing about an app that cannot be made up. @returns null for an app on somebody's own device */
export function hostOf(uri: string | null): string | null {
  const url = uri === null ? null : new URL(uri);
  return url?.protocol === "https:" ? url.host : null;
}
