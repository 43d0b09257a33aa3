import type { Client } from "../../protocol/client.ts";
import {
  type ClientChoices,
  mayUseConnections,
  reviewClient,
  UNUSABLE_CONNECTION,
} from "../../protocol/client-review.ts";
import type { IdentityProvider } from "../../protocol/identity-provider.ts";
import { reviewProvider, reviewProviderMetadata } from "../../protocol/identity-provider-review.ts";
import { reviewIssuer } from "../../protocol/issuer-review.ts";
import type { Choices } from "../../protocol/profile.ts";
import { describeUnread, type UnreadDocument } from "../../protocol/public-document.ts";
import { keySourceOf, type TrustedIssuer } from "../../protocol/trusted-issuer.ts";
import type { Warning } from "../../shared/warning.ts";
import type { ConnectionStore } from "../ports/connection.ts";
import type { OpenIdProviders } from "../ports/identity-provider.ts";
import type { TrustedIssuerStore } from "../ports/issuer.ts";
import type { PublishedKeys } from "../ports/published-keys.ts";

interface ReviewServices {
  readonly config: ClientChoices;
  readonly connections: Pick<ConnectionStore, "listByClient">;
  readonly publishedKeys: PublishedKeys;
  readonly trustedIssuers: Pick<TrustedIssuerStore, "listTrusted">;
}

export interface WrittenIssuerServices {
  readonly config: { readonly profile: Pick<Choices, "claimTokens"> };
  readonly publishedKeys: PublishedKeys;
}

/**
 * What an entry that was just written should be looked at again for. Its keys are fetched on the way; where they cannot
 * be, the entry stands all the same, since its host may have yet to start.
 */
export async function reviewWrittenIssuer(
  { config, publishedKeys }: WrittenIssuerServices,
  trusted: TrustedIssuer,
): Promise<readonly Warning[]> {
  return [
    ...reviewIssuer(trusted, config.profile),
    ...reviewKeys(trusted, await publishedKeys.renew(keySourceOf(trusted, null))),
  ];
}

/** The same of a client, which its present connections may need for more than it says. */
export async function reviewWrittenClient(services: ReviewServices, client: Client): Promise<readonly Warning[]> {
  const issuers = Object.keys(client.issuerClientIds);
  const [unread, trusted, connections] = await Promise.all([
    services.publishedKeys.renew(client),
    issuers.length === 0 ? [] : services.trustedIssuers.listTrusted(issuers),
    mayUseConnections(client) ? [] : services.connections.listByClient(client.id, 1),
  ]);
  const unusable = connections.length === 0 ? [] : [UNUSABLE_CONNECTION];
  return [...reviewClient(client, trusted, services.config), ...unusable, ...reviewKeys(client, unread)];
}

/** The same of an identity provider: what it says of itself is read on the way, and held against the entry. */
export async function reviewWrittenProvider(
  { openIdProviders }: { readonly openIdProviders: Pick<OpenIdProviders, "inspect"> },
  provider: IdentityProvider,
  now: number,
): Promise<readonly Warning[]> {
  const found = await openIdProviders.inspect(provider.issuer, now);
  const unread = "document" in found;
  const metadata = unread ? reviewKeys({ jwksUri: null }, found) : reviewProviderMetadata(provider, found);
  return [...reviewProvider(provider), ...metadata];
}

function reviewKeys({ jwksUri }: Pick<Client, "jwksUri">, unread: UnreadDocument | null): readonly Warning[] {
  if (unread === null) return [];
  return [{ path: jwksUri === null ? "issuer" : "jwks_uri", message: describeUnread(unread) }];
}
