import type { Client } from "../../protocol/client.ts";
import type { Account } from "../ports/account.ts";
import type { ClientStore } from "../ports/client.ts";
import type { EventSink } from "../ports/event.ts";
import type { IdentityConsentStore, ListedIdentityConsent } from "../ports/identity-consent.ts";

interface SignInAppServices {
  readonly identityConsents: Pick<IdentityConsentStore, "list" | "remove">;
  readonly clients: Pick<ClientStore, "find">;
  readonly events: EventSink;
}

/** An app that somebody signs in to, and what it may learn of them. */
export interface SignInApp extends ListedIdentityConsent {
  /** Null: it is not registered any more. */
  readonly client: Client | null;
}

/** The apps that somebody signs in to with their account here, the newest first. */
export async function listSignInApps(
  { identityConsents, clients }: Omit<SignInAppServices, "events">,
  account: Pick<Account, "id">,
): Promise<readonly SignInApp[]> {
  const consents = await identityConsents.list(account.id);
  return Promise.all(consents.map(async (consent) => ({ ...consent, client: await clients.find(consent.clientId) })));
}

/**
 * Has an app learn nothing more about somebody: neither its access tokens nor the ID Tokens that it has count from now on.
 *
 * @returns whether it might have
 */
export async function takeBackIdentity(
  { identityConsents, events }: Pick<SignInAppServices, "identityConsents" | "events">,
  { id: accountId }: Pick<Account, "id">,
  clientId: string,
): Promise<boolean> {
  const isRemoved = await identityConsents.remove(accountId, clientId);
  if (isRemoved) events.emit({ kind: "identity_taken_back", clientId, accountId });
  return isRemoved;
}
