import type { PartyClaims } from "../../protocol/claims.ts";
import type { AccountStore } from "../ports/account.ts";
import type { SignedIn } from "../ports/session.ts";

interface AccountClaimsServices {
  readonly config: { readonly issuer: string };
  readonly accounts: Pick<AccountStore, "proofs">;
}

/** What is said of an account as a requesting party, and until when it counts without another look: epoch seconds. */
export interface AccountClaims {
  readonly claims: PartyClaims;
  readonly trustedUntil: number;
}

/**
 * What this server says of whoever is signed in: that it is the same account, when its person last proved who they are,
 * and which addresses they verified here. One round trip.
 */
export async function readAccountClaims(
  { config, accounts }: AccountClaimsServices,
  { account, session }: SignedIn,
  now: number,
): Promise<AccountClaims> {
  const { addresses } = await accounts.proofs(account.id);
  const email = addresses.map(({ address }) => address);
  const claims: PartyClaims = {
    issuer: config.issuer,
    subject: account.id,
    claims: { sub: account.id, ...(email.length === 0 ? {} : { email }) },
    authenticatedAt: session.authenticatedAt,
    issuedAt: now,
    linked: [],
  };
  return { claims, trustedUntil: Number.POSITIVE_INFINITY };
}
