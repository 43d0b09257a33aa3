import type { ProviderWords } from "../../ledger/ports.ts";
import { readmitClaims } from "../../protocol/admissible-claims.ts";
import type { PartyClaims, PartyStatement } from "../../protocol/claims.ts";
import { MAX_LINKED_STATEMENTS } from "../../shared/limits.ts";
import type { Account, Identity } from "../ports/account.ts";
import type { AccountSeals } from "../ports/account-seal.ts";
import type { KnownPerson } from "../ports/session.ts";
import { openIdentity } from "./linked-identity.ts";

export interface AccountClaimsServices {
  readonly config: { readonly issuer: string };
  readonly accountSeals: AccountSeals;
  readonly identityProviders: ProviderWords;
}

/** What is said of an account as a requesting party, and until when it counts without another look: epoch seconds. */
export interface AccountClaims {
  readonly claims: PartyClaims;
  readonly trustedUntil: number;
}

/** An account, and when its person last proved who they are. */
interface Vouched extends Pick<KnownPerson, "account" | "addresses" | "identities"> {
  readonly session: Pick<KnownPerson["session"], "authenticatedAt">;
}

/**
 * What is said of whoever is signed in. By this server: that it is the same account, when its person last proved who they
 * are, and which addresses they verified here. By each identity provider that the account is linked to: what it said at
 * the last sign-in there, as far as it may still speak for it, and while that is fresh.
 */
export async function readAccountClaims(
  services: AccountClaimsServices,
  { account, session, addresses, identities }: Vouched,
  now: number,
): Promise<AccountClaims> {
  const email = addresses.map(({ address }) => address);
  const heard = await Promise.all(identities.map((identity) => hear(services, account, identity, now)));
  const linked = heard
    .filter((one) => one !== null)
    .toSorted((one, other) => other.statement.issuedAt - one.statement.issuedAt)
    .slice(0, MAX_LINKED_STATEMENTS);
  const claims: PartyClaims = {
    issuer: services.config.issuer,
    subject: account.id,
    claims: { sub: account.id, ...(email.length === 0 ? {} : { email }) },
    authenticatedAt: session.authenticatedAt,
    issuedAt: now,
    linked: linked.map(({ statement }) => statement),
  };
  return { claims, trustedUntil: Math.min(Number.POSITIVE_INFINITY, ...linked.map(({ until }) => until)) };
}

/** @returns null where a provider's word counts no more: it may speak no longer, or said it too long ago. */
async function hear(
  services: AccountClaimsServices,
  account: Account,
  identity: Identity,
  now: number,
): Promise<{ readonly statement: PartyStatement; readonly until: number } | null> {
  const opened = await openIdentity(services, account, identity);
  const word = opened && (await services.identityProviders.findLeased(opened.party.issuer));
  if (opened === null || word === null) return null;
  const end = opened.party.issuedAt + (word.issuer.maxTokenAge ?? Number.POSITIVE_INFINITY);
  if (end <= now) return null;
  return { statement: readmitClaims(word.issuer, opened.party), until: Math.min(word.until, end) };
}
