import {
  type IdentityProvider,
  needsKey,
  type ProviderCredentials,
  type PublicKey,
} from "../../protocol/identity-provider.ts";
import type { ProviderRegistration } from "../../protocol/identity-provider-registration.ts";
import { invalidRequest, ProtocolError } from "../../shared/error.ts";
import { MAX_IDENTITY_PROVIDERS } from "../../shared/limits.ts";
import type { Versioned } from "../../shared/versioned.ts";
import type { Warning } from "../../shared/warning.ts";
import { openCredentials, sealCredentials } from "../account/provider-credentials.ts";
import type { EventSink } from "../ports/event.ts";
import type { ClientKeys, IdentityProviderStore, OpenIdProviders } from "../ports/identity-provider.ts";
import type { Page } from "../ports/page.ts";
import type { Randomness } from "../ports/secret.ts";
import type { Vault } from "../ports/vault.ts";
import { reviewWrittenProvider } from "./review.ts";
import { changedMeanwhile, checkVersion, type Edited } from "./versions.ts";

interface ProviderServices {
  readonly identityProviders: IdentityProviderStore;
  readonly openIdProviders: OpenIdProviders;
  readonly clientKeys: ClientKeys;
  readonly vault: Vault;
  readonly randomness: Randomness;
  readonly events: EventSink;
}

/** An entry as it was just written, and what of it should be looked at again. */
export interface WrittenProvider extends Versioned<IdentityProvider> {
  readonly warnings: readonly Warning[];
}

/**
 * @throws ProtocolError conflict when this issuer has an entry already; quota_exceeded for one too many; invalid_request
 *   for one that authenticates with a secret and has none.
 */
export async function addProvider(
  services: ProviderServices,
  registration: ProviderRegistration,
  now: number,
): Promise<WrittenProvider> {
  const nothing = { publicKeys: [], credentials: { secret: null, keys: [] } };
  const provider = await makeProvider(services, services.randomness.id(), registration, nothing);
  if (!(await services.identityProviders.insert(provider))) {
    const { items } = await services.identityProviders.list(null, MAX_IDENTITY_PROVIDERS);
    throw items.some(({ issuer }) => issuer === provider.issuer)
      ? new ProtocolError("conflict", "this issuer has an entry already; replace that instead")
      : new ProtocolError("quota_exceeded", `at most ${MAX_IDENTITY_PROVIDERS} providers can be named: remove another`);
  }
  services.events.emit({ kind: "administered", what: "add_provider", subject: provider.id });
  return { value: provider, version: 1, warnings: await reviewWrittenProvider(services, provider, now) };
}

/**
 * A secret that is not said again is kept, and so are keys that still fit.
 * @throws ProtocolError not_found; precondition_failed or conflict when it is not the version that was decided on;
 *   invalid_request for another issuer identifier, or for a secret that is missing.
 */
export async function replaceProvider(
  services: ProviderServices,
  { id, expected }: Edited,
  registration: ProviderRegistration,
  now: number,
): Promise<WrittenProvider> {
  const { value: present, version } = await loadProvider(services, id);
  checkVersion(expected, version);
  if (present.issuer !== registration.issuer) {
    throw invalidRequest("issuer: cannot be changed, because people are known by it; add the other issuer instead");
  }
  const provider = await makeProvider(services, id, registration, await knownBy(services, present));
  if (!(await services.identityProviders.replace(provider, version))) throw changedMeanwhile(expected);
  services.events.emit({ kind: "administered", what: "replace_provider", subject: id });
  return { value: provider, version: version + 1, warnings: await reviewWrittenProvider(services, provider, now) };
}

/**
 * Changes our key at a provider in two steps: the first makes the next key and publishes it beside the present one, so
 * that the provider can learn of it; the second signs with it and drops the other.
 * @throws ProtocolError not_found; invalid_request where the provider knows us by no key; precondition_failed or conflict
 *   when it is not the version that was decided on.
 */
export async function renewProviderKey(
  services: ProviderServices,
  { id, expected }: Edited,
): Promise<Versioned<IdentityProvider>> {
  const { value: present, version } = await loadProvider(services, id);
  checkVersion(expected, version);
  if (!needsKey(present)) {
    throw invalidRequest("this provider knows us by no key: that takes private_key_jwt, or signed_requests");
  }
  const { publicKeys, credentials } = await knownBy(services, present);
  const keys = await nextKeys(services, present, { publicKeys, privateKeys: credentials.keys });
  const provider = await withKeys(services, present, credentials.secret, keys);
  if (!(await services.identityProviders.replace(provider, version))) throw changedMeanwhile(expected);
  services.events.emit({ kind: "administered", what: "renew_provider_key", subject: id });
  return { value: provider, version: version + 1 };
}

/**
 * From now on nobody signs in there, and what it said counts no more. Who is linked to it stays linked, for when the same
 * issuer comes back.
 * @throws ProtocolError not_found; precondition_failed when it is not the version that was decided on
 */
export async function removeProvider(services: ProviderServices, { id, expected }: Edited): Promise<void> {
  if (await services.identityProviders.remove(id, typeof expected === "number" ? expected : null)) {
    return services.events.emit({ kind: "administered", what: "remove_provider", subject: id });
  }
  await loadProvider(services, id);
  throw changedMeanwhile(expected);
}

export function listProviders(
  { identityProviders }: Pick<ProviderServices, "identityProviders">,
  cursor: string | null,
  limit: number,
): Promise<Page<IdentityProvider>> {
  return identityProviders.list(cursor, limit);
}

/** @throws ProtocolError not_found */
export async function loadProvider(
  { identityProviders }: Pick<ProviderServices, "identityProviders">,
  id: string,
): Promise<Versioned<IdentityProvider>> {
  const provider = await identityProviders.findCurrent(id);
  if (provider === null) throw unknownProvider();
  return provider;
}

/** The refusal of an id that no identity provider has. */
export function unknownProvider(): ProtocolError {
  return new ProtocolError("not_found", "there is no identity provider of this id");
}

/** By what a provider knows us. */
interface Known {
  readonly publicKeys: readonly PublicKey[];
  readonly credentials: ProviderCredentials;
}

interface Keys {
  readonly publicKeys: readonly PublicKey[];
  readonly privateKeys: readonly PublicKey[];
}

async function knownBy(services: ProviderServices, { publicKeys, sealedCredentials }: IdentityProvider) {
  return { publicKeys, credentials: await openCredentials(services, sealedCredentials) };
}

async function makeProvider(
  services: ProviderServices,
  id: string,
  { clientSecret, ...registration }: ProviderRegistration,
  { publicKeys, credentials }: Known,
): Promise<IdentityProvider> {
  const secret = registration.authenticationMethod === "private_key_jwt" ? null : (clientSecret ?? credentials.secret);
  if (secret === null && registration.authenticationMethod !== "private_key_jwt") {
    throw invalidRequest(`client_secret: is needed for ${registration.authenticationMethod}`);
  }
  const keys = await fittingKeys(services, registration, { publicKeys, privateKeys: credentials.keys });
  return withKeys(services, { ...registration, id, publicKeys: [], sealedCredentials: "" }, secret, keys);
}

/** Keys of another algorithm sign nothing that the provider would take. */
async function fittingKeys(
  services: ProviderServices,
  registration: Pick<IdentityProvider, "authenticationMethod" | "signsRequests" | "signingAlgorithm">,
  present: Keys,
): Promise<Keys> {
  if (!needsKey(registration)) return { publicKeys: [], privateKeys: [] };
  if (present.publicKeys[0]?.alg === registration.signingAlgorithm && present.privateKeys.length > 0) return present;
  const { publicKey, privateKey } = await services.clientKeys.make(registration.signingAlgorithm);
  return { publicKeys: [publicKey], privateKeys: [privateKey] };
}

async function nextKeys(services: ProviderServices, provider: IdentityProvider, present: Keys): Promise<Keys> {
  if (present.privateKeys.length > 1) {
    return { publicKeys: present.publicKeys.slice(1), privateKeys: present.privateKeys.slice(1) };
  }
  const { publicKey, privateKey } = await services.clientKeys.make(provider.signingAlgorithm);
  return { publicKeys: [...present.publicKeys, publicKey], privateKeys: [...present.privateKeys, privateKey] };
}

async function withKeys(
  services: ProviderServices,
  provider: IdentityProvider,
  secret: string | null,
  { publicKeys, privateKeys }: Keys,
): Promise<IdentityProvider> {
  const sealedCredentials = await sealCredentials(services, { secret, keys: privateKeys });
  return { ...provider, publicKeys, sealedCredentials };
}
