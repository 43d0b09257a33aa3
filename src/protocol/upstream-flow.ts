import * as v from "valibot";
import { parseUpstreamIdentity, type UpstreamIdentity } from "./upstream-identity.ts";

/** What a sign-in at a provider is asked for with, and its answer held against. */
export interface UpstreamRequest {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** When the person must have signed in at the earliest, epoch seconds; null: no matter when. */
  readonly authenticatedSince: number | null;
  readonly loginHint: string | null;
}

/** What somebody went to a provider for: to sign in here, or to link what they are there to an account of theirs. */
export type UpstreamPurpose =
  /** With the sealed continuation; null: to the account. */
  | { readonly kind: "sign_in"; readonly continuation: string | null }
  | { readonly kind: "link"; readonly accountId: string };

/**
 * A sign-in at a provider while its person is there. The browser keeps it, sealed: nobody else can finish it, nor make
 * anything else of it than was begun (RFC 9700 §4.4, §4.7).
 */
export interface UpstreamFlow {
  readonly providerId: string;
  readonly request: UpstreamRequest;
  readonly purpose: UpstreamPurpose;
  /** Hash of the visit in which it was begun. */
  readonly visit: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/** Somebody who signed in at a provider and has no account here yet: what a page asks about, and its form brings back. */
export interface UpstreamOffer {
  /** Names it, so that it is taken once. */
  readonly id: string;
  readonly providerId: string;
  readonly identity: UpstreamIdentity;
  /** When they signed in there, epoch seconds; 0: it is not known. */
  readonly authenticatedAt: number;
  readonly continuation: string | null;
  readonly visit: string;
  readonly expiresAt: number;
}

const Flow = v.object({
  kind: v.literal("flow"),
  providerId: v.string(),
  request: v.object({
    state: v.string(),
    nonce: v.string(),
    codeVerifier: v.string(),
    authenticatedSince: v.nullable(v.number()),
    loginHint: v.nullable(v.string()),
  }),
  purpose: v.variant("kind", [
    v.object({ kind: v.literal("sign_in"), continuation: v.nullable(v.string()) }),
    v.object({ kind: v.literal("link"), accountId: v.string() }),
  ]),
  visit: v.string(),
  expiresAt: v.number(),
});

const Offer = v.object({
  kind: v.literal("offer"),
  id: v.string(),
  providerId: v.string(),
  identity: v.unknown(),
  authenticatedAt: v.number(),
  continuation: v.nullable(v.string()),
  visit: v.string(),
  expiresAt: v.number(),
});

/** What is sealed of a flow; its kind keeps it from passing for an offer. */
export const flowStatement = (flow: UpstreamFlow): unknown => ({ kind: "flow", ...flow });
export const offerStatement = (offer: UpstreamOffer): unknown => ({ kind: "offer", ...offer });

/**
 * @param statement what the seal gave, null when it did not open.
 * @param visit hash of the visit of the browser that brings it.
 * @returns null also for one that has expired, or was begun in another browser.
 */
export function parseUpstreamFlow(statement: unknown, visit: string, now: number): UpstreamFlow | null {
  const parsed = v.safeParse(Flow, statement);
  return parsed.success && isGood(parsed.output, visit, now) ? parsed.output : null;
}

/** As `parseUpstreamFlow`. */
export function parseUpstreamOffer(statement: unknown, visit: string, now: number): UpstreamOffer | null {
  const parsed = v.safeParse(Offer, statement);
  if (!parsed.success || !isGood(parsed.output, visit, now)) return null;
  const identity = parseUpstreamIdentity(parsed.output.identity);
  return identity === null ? null : { ...parsed.output, identity };
}

function isGood(one: Pick<UpstreamFlow, "visit" | "expiresAt">, visit: string, now: number): boolean {
  return one.visit === visit && now < one.expiresAt;
}
