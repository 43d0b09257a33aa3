import { UPSTREAM_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import { offerStatement, parseUpstreamFlow, type UpstreamFlow } from "../../protocol/upstream-flow.ts";
import type { UpstreamIdentity } from "../../protocol/upstream-identity.ts";
import { problemOfFault, type UpstreamProblem } from "../../protocol/upstream-problem.ts";
import { checkPenalty, recordFailure } from "../failures.ts";
import { identityIdOf } from "../identity-id.ts";
import type { Account } from "../ports/account.ts";
import type { KnownProvider } from "../ports/identity-provider.ts";
import type { SignedIn } from "../ports/session.ts";
import { linkIdentity } from "./link-identity.ts";
import { keptIdentity } from "./linked-identity.ts";
import { findKnownProvider, spendUpstream, type UpstreamServices } from "./upstream-services.ts";

/** A browser that comes back from a provider. */
export interface UpstreamReturn {
  /** What it kept, sealed; null: nothing. */
  readonly flow: string | null;
  /** What the provider let it bring. */
  readonly answer: URLSearchParams;
  /** Hash of its visit. */
  readonly visit: string;
  /** Who is signed in there. */
  readonly signedIn: SignedIn | null;
  /** Where it comes from, as the edge saw it. */
  readonly source: string;
}

/** Somebody who has an account, and where they go on. */
export interface UpstreamSignIn {
  readonly outcome: "signed_in";
  readonly account: Account;
  /** When they signed in at the provider, epoch seconds. */
  readonly authenticatedAt: number;
  /** Sealed; null: to the account. */
  readonly continuation: string | null;
}

/** Somebody who has none yet: what the page asks about, and its form brings back. */
export interface UpstreamNewcomer {
  readonly outcome: "newcomer";
  readonly offer: string;
  readonly provider: { readonly id: string; readonly name: string };
  /** What the provider calls them, if it may. */
  readonly name: string | null;
  readonly continuation: string | null;
}

export interface UpstreamFailure {
  readonly outcome: "failed";
  readonly problem: UpstreamProblem;
  /** What people call the provider; null: it is not known which one it was. */
  readonly provider: string | null;
  /** What it was for; null: not known. */
  readonly purpose: UpstreamFlow["purpose"] | null;
}

export type CompletedUpstream = UpstreamSignIn | UpstreamNewcomer | UpstreamFailure | { readonly outcome: "linked" };

/**
 * Completes a sign-in at a provider, once, for the browser that began it.
 * INVARIANT: nobody is taken for the person of an account but by issuer and subject, which that person linked (docs/design.md,
 * decision 7): an equal address says nothing.
 * @throws ProtocolError too_many_requests where too many came to nothing of late.
 */
export async function completeUpstream(
  services: UpstreamServices,
  back: UpstreamReturn,
  now: number,
): Promise<CompletedUpstream> {
  const statement = back.flow === null ? null : await services.sealer.open("upstream", back.flow);
  const flow = parseUpstreamFlow(statement, back.visit, now);
  if (flow === null) return { outcome: "failed", problem: "notBegun", provider: null, purpose: null };
  const known = await findKnownProvider(services, flow.providerId);
  if (known === null) return failed("gone", flow, null);
  const identity = await readIdentity(services, known, flow, back, now);
  if ("problem" in identity) return identity;
  if (!(await spendUpstream(services, flow.request.state, flow.expiresAt))) return failed("notBegun", flow, known);
  return flow.purpose.kind === "link"
    ? completeLink(services, { known, flow, identity }, back.signedIn, now)
    : completeSignIn(services, { known, flow, identity }, flow.purpose.continuation, back.signedIn, now);
}

/** Each answer makes us ask the provider in our own name, so whoever brings many that come to nothing has to wait. */
async function readIdentity(
  services: UpstreamServices,
  known: KnownProvider,
  flow: UpstreamFlow,
  { answer, source }: UpstreamReturn,
  now: number,
): Promise<UpstreamIdentity | UpstreamFailure> {
  const { providerId, request } = flow;
  const attempt = { subject: `provider:${providerId}`, source };
  checkPenalty(services.failures, attempt, FAILED);
  const read = await services.openIdProviders.complete(known, request, answer, now);
  if (read.outcome === "done") return read.value;
  const { fault, detail } = read;
  services.events.emit({ kind: "upstream_failed", providerId, fault, detail });
  await recordFailure(services.failures, attempt, FAILED);
  return failed(problemOfFault(fault), flow, known);
}

const FAILED = "sign-ins that came to nothing";

interface Proven {
  readonly known: KnownProvider;
  readonly flow: UpstreamFlow;
  readonly identity: UpstreamIdentity;
}

async function completeSignIn(
  services: UpstreamServices,
  { known, flow, identity }: Proven,
  continuation: string | null,
  signedIn: SignedIn | null,
  now: number,
): Promise<CompletedUpstream> {
  const account = await services.accounts.findByIdentity(await identityIdOf(identity.party));
  if (account !== null) {
    const kept = await keptIdentity(services, account, flow.providerId, identity, now);
    // It may have been unlinked between the two.
    if (!(await services.accounts.useIdentity(account.id, kept))) return failed("notBegun", flow, known);
    return { outcome: "signed_in", account, authenticatedAt: authenticationOf(flow, identity, now), continuation };
  }
  if (signedIn !== null) return failed("notLinked", flow, known);
  return offerAccount(services, { known, flow, identity }, continuation, now);
}

/**
 * When the person signed in at the provider, epoch seconds. Where that is not told, nobody knows how long ago it was, and it
 * is recent enough for nothing; what was found recent enough is so by our clock, too.
 */
function authenticationOf({ request }: UpstreamFlow, { party }: UpstreamIdentity, now: number): number {
  return Math.min(Math.max(party.authenticatedAt ?? 0, request.authenticatedSince ?? 0), now);
}

async function offerAccount(
  { randomness, sealer }: UpstreamServices,
  { known: { provider }, flow, identity }: Proven,
  continuation: string | null,
  now: number,
): Promise<UpstreamNewcomer> {
  const offer = {
    id: randomness.id(),
    providerId: provider.id,
    identity,
    authenticatedAt: authenticationOf(flow, identity, now),
    continuation,
    visit: flow.visit,
    expiresAt: now + UPSTREAM_LIFETIME_SECONDS,
  };
  const { name } = identity.party.claims;
  return {
    outcome: "newcomer",
    offer: await sealer.seal("upstream", offerStatement(offer)),
    provider: { id: provider.id, name: provider.name },
    name: typeof name === "string" ? name : null,
    continuation,
  };
}

async function completeLink(
  services: UpstreamServices,
  { known, flow, identity }: Proven,
  signedIn: SignedIn | null,
  now: number,
): Promise<CompletedUpstream> {
  const isWhoBegan = flow.purpose.kind === "link" && signedIn?.account.id === flow.purpose.accountId;
  if (signedIn === null || !isWhoBegan) return failed("someoneElse", flow, known);
  const kept = await keptIdentity(services, signedIn.account, flow.providerId, identity, now);
  const problem = await linkIdentity(services, signedIn.account, kept);
  return problem === null ? { outcome: "linked" } : failed(problem, flow, known);
}

function failed(problem: UpstreamProblem, { purpose }: UpstreamFlow, known: KnownProvider | null): UpstreamFailure {
  return { outcome: "failed", problem, provider: known?.provider.name ?? null, purpose };
}
