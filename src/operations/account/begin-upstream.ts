import { UPSTREAM_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import { flowStatement, type UpstreamPurpose, type UpstreamRequest } from "../../protocol/upstream-flow.ts";
import { problemOfFault, type UpstreamProblem } from "../../protocol/upstream-problem.ts";
import { openContinuation } from "./continuation.ts";
import { findKnownProvider, type UpstreamServices } from "./upstream-services.ts";

/** Somebody who wants to go to a provider. */
export interface UpstreamWish {
  readonly providerId: string;
  readonly purpose: UpstreamPurpose;
  /** Hash of the visit of their browser. */
  readonly visit: string;
}

export type BegunUpstream =
  /** What the browser keeps until it comes back, and where it goes now. */
  | { readonly outcome: "begun"; readonly flow: string; readonly url: string; readonly provider: string }
  | { readonly outcome: "failed"; readonly problem: UpstreamProblem; readonly provider: string | null };

/** Begins a sign-in at a provider. Nothing is stored: the browser keeps it, sealed. */
export async function beginUpstream(
  services: UpstreamServices,
  { providerId, purpose, visit }: UpstreamWish,
  now: number,
): Promise<BegunUpstream> {
  const known = await findKnownProvider(services, providerId);
  if (known === null) return { outcome: "failed", problem: "gone", provider: null };
  const { name } = known.provider;
  const request = await requestFor(services, purpose, now);
  const url = await services.openIdProviders.authorizationUrl(known, request, now);
  if (url.outcome === "failed") {
    const { fault, detail } = url;
    services.events.emit({ kind: "upstream_failed", providerId, fault, detail });
    return { outcome: "failed", problem: problemOfFault(fault), provider: name };
  }
  const flow = { providerId, request, purpose, visit, expiresAt: now + UPSTREAM_LIFETIME_SECONDS };
  const sealed = await services.sealer.seal("upstream", flowStatement(flow));
  return { outcome: "begun", flow: sealed, url: url.value, provider: name };
}

/** Whoever links an identity has just signed in here; what they are there is asked for as it comes. */
async function requestFor(services: UpstreamServices, purpose: UpstreamPurpose, now: number): Promise<UpstreamRequest> {
  const { randomness, secrets } = services;
  const sealed = purpose.kind === "sign_in" ? purpose.continuation : null;
  const continuation = sealed === null ? null : await openContinuation(services, sealed, now);
  return {
    state: randomness.id(),
    nonce: randomness.id(),
    codeVerifier: secrets.random(),
    authenticatedSince: continuation?.demand.authenticatedSince ?? null,
    loginHint: continuation?.demand.loginHint ?? null,
  };
}
