import { parseUpstreamIdentity, type UpstreamIdentity } from "../../protocol/upstream-identity.ts";
import { identityIdOf } from "../identity-id.ts";
import type { Account, Identity } from "../ports/account.ts";
import type { AccountSeals } from "../ports/account-seal.ts";

interface IdentityServices {
  readonly accountSeals: AccountSeals;
}

/** An identity as it is kept with an account that its person has just signed in to by it. */
export async function keptIdentity(
  { accountSeals }: IdentityServices,
  account: Account,
  providerId: string,
  identity: UpstreamIdentity,
  now: number,
): Promise<Identity> {
  return {
    id: await identityIdOf(identity.party),
    providerId,
    sealedStatement: await accountSeals.seal(account.wrappedKey, "identity", identity),
    createdAt: now,
    lastUsedAt: now,
  };
}

/** What a provider said when its person signed in last. @returns null when it cannot be read any more. */
export async function openIdentity(
  { accountSeals }: IdentityServices,
  account: Account,
  { sealedStatement }: Identity,
): Promise<UpstreamIdentity | null> {
  return parseUpstreamIdentity(await accountSeals.open(account.wrappedKey, "identity", sealedStatement));
}
