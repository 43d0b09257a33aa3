import { type PartyClaims, parsePartyClaims } from "../protocol/claims.ts";
import { GATHERED_CLAIMS_LIFETIME_SECONDS } from "../protocol/lifetimes.ts";
import { joinClaims, partyKey } from "../protocol/party.ts";
import type { PartyCard } from "../protocol/party-card.ts";
import type { HeardParty } from "./contract.ts";
import type { SealedCard } from "./parties.ts";
import type { ClaimsSealer, IssuerWords } from "./ports.ts";
import type { GatheredClaims, Processes } from "./processes.ts";
import { type ReadmittedParty, readmitParty } from "./readmitted-party.ts";
import { Unavailable } from "./unavailable.ts";

/** Who the requesting party is, as far as this process knows. */
export interface KnownParty {
  readonly claims: PartyClaims | null;
  readonly reference: string;
  /** Until when its issuers are known to be trusted, epoch seconds: decided before then, or looked up again. */
  readonly trustedUntil: number;
  /** Who that is, for the owner to read; null where this step did not bring it. */
  readonly card: PartyCard | null;
}

/** A known party with what is kept of it, sealed: a copy of its claims, and its card; null where there is none. */
export interface PartyOnRecord extends Omit<KnownParty, "card"> {
  readonly sealed: string | null;
  readonly card: SealedCard | null;
}

/** What tells who a requesting party is: what was gathered, the seal on it, and whose word counts. */
export interface PartySources {
  readonly processes: Processes;
  readonly sealer: ClaimsSealer;
  readonly trustedIssuers: IssuerWords;
  readonly inPerson: IssuerWords;
}

/** Whom a step of a process is about, as far as the process or whoever takes the step says. */
export interface PartyQuestion {
  /** Null: the first step, before which nothing can have been gathered. */
  readonly processId: string | null;
  /** What was kept of the party from before the process, and brought with this step. */
  readonly remembered: HeardParty | null;
  /** What was verified for this step. */
  readonly heard: HeardParty | null;
  readonly anonymousReference: string;
}

interface Known extends ReadmittedParty {
  readonly reference: string;
}

/**
 * Joins what is remembered, what the process gathered before and what is heard now, in this order; opens and asks, so it
 * comes before the block.
 *
 * @throws Unavailable when kept claims cannot be opened, or nobody can say whose word counts
 */
export async function knowParty(question: PartyQuestion, sources: PartySources, now: number): Promise<KnownParty> {
  const gathered = question.processId === null ? null : sources.processes.find(question.processId);
  const kept = gathered && (await openKept(gathered, sources, now));
  const [remembered, heard] = await Promise.all(
    [question.remembered, question.heard].map((one) => one && recheck(one, sources, now)),
  );
  const known = join(join(remembered ?? null, kept), heard ?? null);
  if (known === null) {
    const trustedUntil = Number.POSITIVE_INFINITY;
    return { claims: null, reference: question.anonymousReference, trustedUntil, card: null };
  }
  const { claims, reference, until: trustedUntil } = known;
  return { claims, reference, trustedUntil, card: cardOf(reference, question) };
}

/** INVARIANT: a reference gets the card of whoever it stands for, and nobody else's. */
function cardOf(reference: string, { heard, remembered }: PartyQuestion): PartyCard | null {
  return [heard, remembered].find((party) => party?.partyReference === reference)?.card ?? null;
}

function join(before: Known | null, next: Known | null): Known | null {
  const claims = joinClaims(before?.claims ?? null, next?.claims ?? null);
  if (claims === null || before === null || next === null) return next ?? before;
  const { reference } = partyKey(claims) === partyKey(next.claims) ? next : before;
  return { claims, reference, until: Math.min(before.until, next.until) };
}

/** What was just looked at counts under the lease it was looked at; after that its issuers are looked up. */
async function recheck(heard: HeardParty, sources: PartySources, now: number): Promise<Known | null> {
  const { partyReference: reference, trustedUntil } = heard;
  const claims = tellOwner(heard);
  if (now < trustedUntil) return { claims, reference, until: trustedUntil };
  const readmitted = await readmitParty(claims, sources, null);
  return readmitted && { ...readmitted, reference };
}

/** INVARIANT: of whose things are whose only this call speaks, never what somebody had remembered or sealed elsewhere. */
function tellOwner({ claims: { isOwner: _said, ...claims }, isOwner = false }: HeardParty): PartyClaims {
  return isOwner ? { ...claims, isOwner } : claims;
}

/** Kept claims count as far as their issuer is still trusted for them, and not too old for it (Grant §3.3.4). */
async function openKept(
  { sealedClaims, partyReference: reference }: GatheredClaims,
  sources: PartySources,
  now: number,
): Promise<Known | null> {
  const statement = await sources.sealer.open("claims", sealedClaims).catch((cause: unknown) => {
    throw new Unavailable("claims_unopened", { cause });
  });
  const kept = parsePartyClaims(statement);
  const readmitted = kept && (await readmitParty(kept, sources, { now, lifetime: GATHERED_CLAIMS_LIFETIME_SECONDS }));
  return readmitted && { ...readmitted, reference };
}
