import { type PartyClaims, parsePartyClaims } from "../protocol/claims.ts";
import { GATHERED_CLAIMS_LIFETIME_SECONDS } from "../protocol/lifetimes.ts";
import { joinClaims } from "../protocol/party.ts";
import type { RedeemRequest } from "./contract.ts";
import type { ClaimsSealer, TrustedIssuers } from "./ports.ts";
import type { GatheredClaims, Processes } from "./processes.ts";

/** Who the requesting party is, as far as this process knows, with the sealed copy to keep. */
export interface KnownParty {
  readonly claims: PartyClaims | null;
  readonly sealed: string | null;
  readonly reference: string;
}

/** What tells who a requesting party is: what was gathered, the seal on it, and whose word counts. */
interface PartySources {
  readonly processes: Processes;
  readonly sealer: ClaimsSealer;
  readonly trustedIssuers: TrustedIssuers;
}

/** Joins what the process gathered before with what was pushed now; opens and seals, so it comes before the block. */
export async function knowParty(
  { ticket, pushed, anonymousReference }: RedeemRequest,
  sources: PartySources,
  now: number,
): Promise<KnownParty> {
  const gathered = ticket.step > 0 ? sources.processes.find(ticket.processId) : null;
  const kept = gathered && (await openKept(gathered, sources, now));
  if (!kept && pushed) return { claims: pushed.claims, sealed: pushed.sealed, reference: pushed.partyReference };
  const claims = joinClaims(kept, pushed?.claims ?? null);
  if (!gathered || !claims) return { claims: null, sealed: null, reference: anonymousReference };
  const sealed = await sources.sealer.seal("claims", claims);
  return { claims, sealed, reference: pushed?.partyReference ?? gathered.partyReference };
}

/** Kept claims count while their issuer is trusted and they are not too old for it (Grant §3.3.4). */
async function openKept(
  { sealedClaims }: GatheredClaims,
  { sealer, trustedIssuers }: PartySources,
  now: number,
): Promise<PartyClaims | null> {
  const kept = parsePartyClaims(await sealer.open("claims", sealedClaims));
  const issuer = kept && (await trustedIssuers.findByIssuer(kept.issuer));
  if (!kept || !issuer) return null;
  const lifetime = Math.min(issuer.maxTokenAge ?? Number.POSITIVE_INFINITY, GATHERED_CLAIMS_LIFETIME_SECONDS);
  return kept.issuedAt + lifetime > now ? kept : null;
}
