import { readmitClaims } from "../protocol/admissible-claims.ts";
import { type PartyClaims, parsePartyClaims } from "../protocol/claims.ts";
import { GATHERED_CLAIMS_LIFETIME_SECONDS } from "../protocol/lifetimes.ts";
import { joinClaims, oldestOf } from "../protocol/party.ts";
import type { RedeemRequest } from "./contract.ts";
import type { ClaimsSealer, LeasedIssuer, TrustedIssuers } from "./ports.ts";
import type { GatheredClaims, Processes } from "./processes.ts";
import { Unavailable } from "./unavailable.ts";

/** Who the requesting party is, as far as this process knows. */
export interface KnownParty {
  readonly claims: PartyClaims | null;
  readonly reference: string;
  /** Until when its issuers are known to be trusted, epoch seconds: decided before then, or looked up again. */
  readonly trustedUntil: number;
}

/** A known party with the sealed copy of its claims that is kept; null when there are none. */
export interface PartyOnRecord extends KnownParty {
  readonly sealed: string | null;
}

/** What tells who a requesting party is: what was gathered, the seal on it, and whose word counts. */
interface PartySources {
  readonly processes: Processes;
  readonly sealer: ClaimsSealer;
  readonly trustedIssuers: TrustedIssuers;
}

/** Claims that count until their issuer's lease ends, epoch seconds. */
interface TrustedClaims {
  readonly claims: PartyClaims;
  readonly until: number;
}

/**
 * Joins what the process gathered before with what was pushed now; opens and asks, so it comes before the block.
 *
 * @throws Unavailable when kept claims cannot be opened, or nobody can say whose word counts
 */
export async function knowParty(
  { ticket, pushed, anonymousReference }: RedeemRequest,
  sources: PartySources,
  now: number,
): Promise<KnownParty> {
  const gathered = ticket.step > 0 ? sources.processes.find(ticket.processId) : null;
  const kept = gathered && (await openKept(gathered, sources, now));
  const fresh = pushed && (await recheckPushed(pushed, sources, now));
  const claims = joinClaims(kept?.claims ?? null, fresh?.claims ?? null);
  const reference = fresh ? pushed?.partyReference : kept && gathered?.partyReference;
  if (claims === null || reference == null) {
    return { claims: null, reference: anonymousReference, trustedUntil: Number.POSITIVE_INFINITY };
  }
  const leases = [kept, fresh].map((trusted) => trusted?.until ?? Number.POSITIVE_INFINITY);
  return { claims, reference, trustedUntil: Math.min(...leases) };
}

/** Claims that were just verified count under the lease they were verified under; after that their issuer is looked up. */
async function recheckPushed(
  { claims, trustedUntil }: NonNullable<RedeemRequest["pushed"]>,
  sources: PartySources,
  now: number,
): Promise<TrustedClaims | null> {
  if (now < trustedUntil) return { claims, until: trustedUntil };
  const leased = await findIssuer(claims.issuer, sources);
  return leased && { claims: readmitClaims(leased.issuer, claims), until: leased.until };
}

/** Kept claims count as far as their issuer is still trusted for them, and not too old for it (Grant §3.3.4). */
async function openKept(
  { sealedClaims }: GatheredClaims,
  sources: PartySources,
  now: number,
): Promise<TrustedClaims | null> {
  const statement = await sources.sealer.open("claims", sealedClaims).catch((cause: unknown) => {
    throw new Unavailable("claims_unopened", { cause });
  });
  const kept = parsePartyClaims(statement);
  const leased = kept && (await findIssuer(kept.issuer, sources));
  if (!kept || !leased) return null;
  const lifetime = Math.min(leased.issuer.maxTokenAge ?? Number.POSITIVE_INFINITY, GATHERED_CLAIMS_LIFETIME_SECONDS);
  if (oldestOf(kept) + lifetime <= now) return null;
  return { claims: readmitClaims(leased.issuer, kept), until: leased.until };
}

async function findIssuer(issuer: string, { trustedIssuers }: PartySources): Promise<LeasedIssuer | null> {
  return trustedIssuers.findLeased(issuer).catch((cause: unknown) => {
    throw new Unavailable("record_unreachable", { cause });
  });
}
