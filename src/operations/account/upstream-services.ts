import type { AccountStore } from "../ports/account.ts";
import type { AccountSeals } from "../ports/account-seal.ts";
import type { EventSink } from "../ports/event.ts";
import type { FailureLimiter } from "../ports/failure.ts";
import type { IdentityProviderStore, KnownProvider, OpenIdProviders } from "../ports/identity-provider.ts";
import type { ReplayGuard } from "../ports/replay.ts";
import type { Sealer } from "../ports/seal.ts";
import type { Randomness, Secrets } from "../ports/secret.ts";
import type { Vault } from "../ports/vault.ts";
import { openCredentials } from "./provider-credentials.ts";

/** What signing in at identity providers asks for. */
export interface UpstreamServices {
  readonly identityProviders: IdentityProviderStore;
  readonly openIdProviders: OpenIdProviders;
  readonly vault: Vault;
  readonly sealer: Sealer;
  readonly replayGuard: ReplayGuard;
  readonly accounts: AccountStore;
  readonly accountSeals: AccountSeals;
  readonly randomness: Randomness;
  readonly secrets: Pick<Secrets, "random">;
  readonly failures: Pick<FailureLimiter, "penalty" | "record">;
  readonly events: EventSink;
}

/** A provider that people can sign in at now, and what proves there who we are. @returns null when it is none. */
export async function findKnownProvider(services: UpstreamServices, id: string): Promise<KnownProvider | null> {
  const provider = await services.identityProviders.find(id);
  if (provider === null || !provider.enabled) return null;
  return { provider, credentials: await openCredentials(services, provider.sealedCredentials) };
}

/**
 * Takes what was begun once. What is spent names itself, so its first letter chooses among as many guards as there are
 * letters: each holds so many that live (storage/durable/replay-guard.ts).
 * @returns false for what was taken before.
 */
export function spendUpstream({ replayGuard }: UpstreamServices, id: string, expiresAt: number): Promise<boolean> {
  return replayGuard.claim(`upstream:${id.slice(0, 1)}`, id, expiresAt);
}
