import type { ProviderWords } from "../../ledger/ports.ts";
import type { Discovery } from "../../protocol/discovery.ts";
import type {
  ClientSigningAlgorithm,
  IdentityProvider,
  ProviderCredentials,
  PublicKey,
} from "../../protocol/identity-provider.ts";
import type { UnreadDocument } from "../../protocol/public-document.ts";
import type { UpstreamFault } from "../../protocol/upstream-fault.ts";
import type { UpstreamRequest } from "../../protocol/upstream-flow.ts";
import type { UpstreamIdentity } from "../../protocol/upstream-identity.ts";
import type { Versioned } from "../../shared/versioned.ts";
import type { Page } from "./page.ts";

/** Registered identity providers. `find` and the like may be up to one lease old; a change is answered after that. */
export interface IdentityProviderStore extends ProviderWords {
  find(id: string): Promise<IdentityProvider | null>;
  /** Public halves of our keys for any of them. */
  listPublicKeys(): Promise<readonly PublicKey[]>;
  /** Those that people can sign in at, oldest first. */
  listEnabled(): Promise<readonly IdentityProvider[]>;
  /** As it stands now, for whoever decides on a change of it. */
  findCurrent(id: string): Promise<Versioned<IdentityProvider> | null>;
  list(cursor: string | null, limit: number): Promise<Page<IdentityProvider>>;
  /** @returns false when that issuer has an entry already, or there are as many as can be. */
  insert(provider: IdentityProvider): Promise<boolean>;
  /** @returns false when there is no such entry in this version. */
  replace(provider: IdentityProvider, version: number): Promise<boolean>;
  /**
   * @param version the only one to be removed; null: any.
   * @returns false when there is no such entry in this version.
   */
  remove(id: string, version: number | null): Promise<boolean>;
}

/** Keys of ours by which providers know us. */
export interface ClientKeys {
  /** @returns a private JWK with kid, use and alg, and what others may see of it. */
  make(algorithm: ClientSigningAlgorithm): Promise<{ readonly privateKey: PublicKey; readonly publicKey: PublicKey }>;
}

/** A provider, and what proves there who we are. */
export interface KnownProvider {
  readonly provider: IdentityProvider;
  readonly credentials: ProviderCredentials;
}

/** `detail` is for the operator only: it may say what a host answered. It holds no token and no value of a claim. */
export type Upstream<Value> =
  | { readonly outcome: "done"; readonly value: Value }
  | { readonly outcome: "failed"; readonly fault: UpstreamFault; readonly detail: string };

/** OpenID Providers at which people sign in (OIDC Core §3.1). Never throws for what others answer. */
export interface OpenIdProviders {
  /** Where to send the browser. */
  authorizationUrl(known: KnownProvider, request: UpstreamRequest, now: number): Promise<Upstream<string>>;
  /** @param answer the parameters that the browser brought back. */
  complete(
    known: KnownProvider,
    request: UpstreamRequest,
    answer: URLSearchParams,
    now: number,
  ): Promise<Upstream<UpstreamIdentity>>;
  /** Fetches afresh what a provider says of itself, and its keys, for an operator. */
  inspect(issuer: string, now: number): Promise<Discovery | UnreadDocument>;
}
