import type { Account, Identity } from "../ports/account.ts";
import type { AccountSeals } from "../ports/account-seal.ts";
import type { IdentityProviderStore } from "../ports/identity-provider.ts";
import { openIdentity } from "./linked-identity.ts";

interface IdentityServices {
  readonly accountSeals: AccountSeals;
  readonly identityProviders: Pick<IdentityProviderStore, "find">;
}

/** What somebody is at a provider, as they recognise it. */
export interface LinkedIdentity {
  readonly id: string;
  /** What the provider is called; of one that is no longer one of ours, its host. */
  readonly provider: string;
  /** An address or a name that the provider told, if it may. */
  readonly hint: string | null;
  /** Epoch seconds. */
  readonly lastUsedAt: number;
}

/** What the person of an account has linked, the last used first. */
export async function describeIdentities(
  services: IdentityServices,
  account: Account,
  identities: readonly Identity[],
): Promise<readonly LinkedIdentity[]> {
  const described = await Promise.all(identities.map((identity) => describe(services, account, identity)));
  return described.toSorted((one, other) => other.lastUsedAt - one.lastUsedAt);
}

async function describe(services: IdentityServices, account: Account, identity: Identity): Promise<LinkedIdentity> {
  const { id, providerId, lastUsedAt } = identity;
  const [provider, opened] = await Promise.all([
    services.identityProviders.find(providerId),
    openIdentity(services, account, identity),
  ]);
  const { email, name } = opened?.party.claims ?? {};
  const hint = [email, name].find((text) => typeof text === "string") ?? null;
  const host = URL.parse(opened?.party.issuer ?? "")?.host ?? providerId;
  return { id, provider: provider?.name ?? host, hint, lastUsedAt };
}
