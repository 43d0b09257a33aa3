import { KEY_ACTIVE_SECONDS, KEY_PUBLISH_AHEAD_SECONDS } from "../protocol/lifetimes.ts";
import { ID_TOKEN_ALGORITHMS, type IdTokenAlgorithm } from "../protocol/wire/identity.ts";
import type { WrappingSetting } from "./wrapping.ts";

/** JWS names of the algorithms that access tokens can be signed with (RFC 7518 §3.1, RFC 8037 §3.1). */
export const SIGNING_ALGORITHMS = ["ES256", "EdDSA", "RS256"] as const;
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

/**
 * ID Tokens have keys of their own, because their algorithm is each client's to choose and not the operator's (OpenID
 * Connect Core §15.1).
 */
export const ID_TOKEN_KEY_USES = {
  RS256: "identity_rs256",
  ES256: "identity_es256",
} as const satisfies Readonly<Record<IdTokenAlgorithm, string>>;

/** What signs: access tokens, and ID Tokens. */
export const SIGNING_USES = ["sign", ...Object.values(ID_TOKEN_KEY_USES)] as const;
export type SigningUse = (typeof SIGNING_USES)[number];

/** The others are for sealing statements, deriving pairwise subjects, and wrapping the keys of accounts. */
export const KEY_USES = [...SIGNING_USES, "seal", "pairwise", "vault"] as const;
export type KeyUse = (typeof KEY_USES)[number];

/**
 * Pairwise subjects must stay the same for ever (RFC 9068 §6), and an account lives until its person ends it: so neither
 * of these two secrets has a successor.
 */
export const ROTATING_USES = [...SIGNING_USES, "seal"] as const satisfies readonly KeyUse[];
export type RotatingUse = (typeof ROTATING_USES)[number];

/** Everything about a key of the ring but the key. Times are epoch seconds. */
export interface KeyDescription {
  readonly kid: string;
  readonly use: KeyUse;
  readonly alg: string;
  readonly useFrom: number;
  /** When its successor takes over; null while there is none. */
  readonly retireAt: number | null;
  /** When everything it made has expired. */
  readonly expiresAt: number | null;
}

/** A key as the operator sees it. */
export interface ListedKey extends KeyDescription {
  /** The settings whose secrets open it at rest; null when it is kept unsealed. */
  readonly sealedUnder: readonly WrappingSetting[] | null;
}

export interface RingKey extends KeyDescription {
  /** A private JWK as JSON for signing, 32 bytes in base64url for the other uses. */
  readonly material: string;
}

/** @param configured what access tokens are signed with */
export function signingAlgorithmOf(use: SigningUse, configured: SigningAlgorithm): SigningAlgorithm {
  return ID_TOKEN_ALGORITHMS.find((algorithm) => ID_TOKEN_KEY_USES[algorithm] === use) ?? configured;
}

export function isSigningUse(use: KeyUse): use is SigningUse {
  return SIGNING_USES.some((known) => known === use);
}

export function isExpired(key: KeyDescription, now: number): boolean {
  return key.expiresAt !== null && key.expiresAt <= now;
}

/**
 * The key of this use to work with: of those that have come into use, the latest. The very first key is made by
 * another machine's clock, so to a clock that is behind it no key may be in use yet; it is then the one.
 */
export function findActiveKey<K extends KeyDescription>(keys: readonly K[], use: KeyUse, now: number): K | null {
  const unexpired = keys.filter((key) => key.use === use && !isExpired(key, now)).toSorted(byUseFrom);
  return unexpired.findLast((key) => key.useFrom <= now) ?? unexpired[0] ?? null;
}

/** The key of this use that is published but not in use yet. */
export function findWaitingKey<K extends KeyDescription>(keys: readonly K[], use: KeyUse, now: number): K | null {
  return keys.filter((key) => key.use === use && key.useFrom > now).toSorted(byUseFrom)[0] ?? null;
}

/** Whether a successor should be made now, so that it takes over when the active key has served its time. */
export function isRotationDue(keys: readonly KeyDescription[], use: RotatingUse, now: number): boolean {
  const active = findActiveKey(keys, use, now);
  return active !== null && now >= active.useFrom + KEY_ACTIVE_SECONDS - KEY_PUBLISH_AHEAD_SECONDS;
}

function byUseFrom(one: KeyDescription, other: KeyDescription): number {
  return one.useFrom - other.useFrom;
}
