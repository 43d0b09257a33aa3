import type { LedgerDirectory } from "../../ledger/contract.ts";
import { parsePersonName } from "../../protocol/person-name.ts";
import { parseUpstreamOffer } from "../../protocol/upstream-flow.ts";
import type { UpstreamFailure, UpstreamSignIn } from "./complete-upstream.ts";
import { countNewAccount } from "./count-new-account.ts";
import { createAccount } from "./create-account.ts";
import { keptIdentity } from "./linked-identity.ts";
import { findKnownProvider, spendUpstream, type UpstreamServices } from "./upstream-services.ts";

type JoinServices = UpstreamServices & { readonly ledgers: LedgerDirectory };

/** Somebody who takes an account that was offered. */
export interface JoinWish {
  /** What the page was made with, sealed. */
  readonly offer: string;
  /** What they want to be called; what is no name counts as none. */
  readonly name: string;
  /** Hash of the visit of their browser. */
  readonly visit: string;
  /** Where it came from, as the edge saw it. */
  readonly source: string;
}

/**
 * Makes an account whose first way in is what its person is at a provider; once for each sign-in there.
 * @throws ProtocolError too_many_requests where too many accounts were made of late.
 */
export async function joinFromUpstream(
  services: JoinServices,
  { offer: sealed, name, visit, source }: JoinWish,
  now: number,
): Promise<UpstreamSignIn | UpstreamFailure> {
  const offer = parseUpstreamOffer(await services.sealer.open("upstream", sealed), visit, now);
  if (offer === null) return { outcome: "failed", problem: "notBegun", provider: null, purpose: null };
  const { identity, providerId, continuation } = offer;
  const purpose = { kind: "sign_in", continuation } as const;
  const known = await findKnownProvider(services, providerId);
  if (known === null) return { outcome: "failed", problem: "gone", provider: null, purpose };
  const again: UpstreamFailure = { outcome: "failed", problem: "notBegun", provider: known.provider.name, purpose };
  await countNewAccount(services, source);
  if (!(await spendUpstream(services, offer.id, offer.expiresAt))) return again;
  const account = await createAccount(
    services,
    { id: services.randomness.id(), name: parsePersonName(name) ?? "", location: null },
    async (made) => ({ kind: "identity", identity: await keptIdentity(services, made, providerId, identity, now) }),
    now,
  );
  // Made meanwhile in another tab: there they are signed in already.
  if (account === null) return again;
  return { outcome: "signed_in", account, authenticatedAt: offer.authenticatedAt, continuation };
}
