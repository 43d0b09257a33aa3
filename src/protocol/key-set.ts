import * as v from "valibot";
import { MAX_KEYS_PER_SET, MAX_KEYS_TRIED, MAX_WORD_CHARACTERS } from "../shared/limits.ts";
import { nonEmptyListOf } from "../shared/parse.ts";
import { ACCEPTED_ALGORITHMS } from "./algorithm.ts";
import type { JwtHeader } from "./jwt.ts";

/** Members of private and symmetric keys (RFC 7518 §6.2.2, §6.3.2, §6.4, RFC 8037 §2): nobody should send us those. */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/** Bytes of a coordinate (RFC 7518 §6.2.1.2, RFC 8037 §2), by curve. */
const COORDINATE_BYTES = { "P-256": 32, "P-384": 48, "P-521": 66 } as const;
const ED25519_BYTES = 32;
/** 2,048 bits are required (RFC 7518 §3.3); with 8,192 and a small exponent one verification stays under a millisecond. */
const MODULUS_BYTES = { least: 256, most: 1_024 };
const EXPONENT_BYTES = { least: 1, most: 4 };

/** What the key of an algorithm must be: its type, and its curve if it has one. */
const KEY_OF_ALGORITHM = {
  ES256: { kty: "EC", crv: "P-256" },
  ES384: { kty: "EC", crv: "P-384" },
  ES512: { kty: "EC", crv: "P-521" },
  EdDSA: { kty: "OKP", crv: "Ed25519" },
  Ed25519: { kty: "OKP", crv: "Ed25519" },
  PS256: { kty: "RSA", crv: undefined },
  RS256: { kty: "RSA", crv: undefined },
} as const satisfies Readonly<Record<(typeof ACCEPTED_ALGORITHMS)[number], object>>;

/** Base64url (RFC 7515 §2) of so many bytes. */
function bytes({ least, most }: { readonly least: number; readonly most: number }) {
  return v.pipe(
    v.string(),
    v.minLength(charactersOf(least)),
    v.maxLength(charactersOf(most)),
    v.regex(/^[A-Za-z0-9_-]+$/),
  );
}

function charactersOf(byteLength: number): number {
  return Math.ceil((byteLength * 4) / 3);
}

const exactly = (length: number) => bytes({ least: length, most: length });

/** RFC 7517 §4: a key that says what it is for must be for verifying, with an algorithm that we accept. */
const PURPOSE = {
  kid: v.exactOptional(v.pipe(v.string(), v.maxLength(MAX_WORD_CHARACTERS))),
  use: v.exactOptional(v.literal("sig")),
  key_ops: v.exactOptional(
    v.pipe(
      v.array(v.string()),
      v.check((operations) => operations.includes("verify")),
      v.transform((): string[] => ["verify"]),
    ),
  ),
  alg: v.exactOptional(v.picklist(ACCEPTED_ALGORITHMS)),
};

function ellipticKey<const Curve extends keyof typeof COORDINATE_BYTES>(crv: Curve) {
  const coordinate = exactly(COORDINATE_BYTES[crv]);
  return v.object({ kty: v.literal("EC"), crv: v.literal(crv), x: coordinate, y: coordinate, ...PURPOSE });
}

const UsableKey = v.pipe(
  v.looseObject({}),
  v.check(isPublic),
  v.variant("kty", [
    v.variant("crv", [ellipticKey("P-256"), ellipticKey("P-384"), ellipticKey("P-521")]),
    v.object({ kty: v.literal("OKP"), crv: v.literal("Ed25519"), x: exactly(ED25519_BYTES), ...PURPOSE }),
    v.object({ kty: v.literal("RSA"), n: bytes(MODULUS_BYTES), e: bytes(EXPONENT_BYTES), ...PURPOSE }),
  ]),
  v.check((key) => key.alg === undefined || fits(key, key.alg)),
);

/** A public key with which we can verify, and the members of it that matter. */
export type VerificationKey = v.InferOutput<typeof UsableKey>;

export interface VerificationKeySet {
  readonly keys: readonly VerificationKey[];
}

const AnySet = v.object({ keys: v.array(v.unknown()) });

/**
 * The keys of a JWK Set with which we can verify. Whatever else stands in it is ignored (RFC 7517 §5), and so is a key
 * that was published with its private half; only the first keys are looked at, since a stranger may publish any number.
 * @returns null when that is no JWK Set, or one without such a key.
 */
export function readKeySet(body: unknown): VerificationKeySet | null {
  const set = v.safeParse(AnySet, body);
  if (!set.success) return null;
  const keys = set.output.keys.slice(0, MAX_KEYS_PER_SET).flatMap(usableKey);
  return keys.length === 0 ? null : { keys };
}

function usableKey(key: unknown): readonly VerificationKey[] {
  const usable = readVerificationKey(key);
  return usable === null ? [] : [usable];
}

/** @returns null for what is no key with which we can verify, or has its private half beside it. */
export function readVerificationKey(key: unknown): VerificationKey | null {
  const usable = v.safeParse(UsableKey, key, { abortEarly: true, abortPipeEarly: true });
  return usable.success ? usable.output : null;
}

/** A JWK Set as an operator registers it. A private key is a mistake that has to be told; the rest is as published. */
export const RegisteredKeySet = v.pipe(
  v.looseObject({
    keys: nonEmptyListOf(v.pipe(v.looseObject({}), v.check(isPublic, "must be a public key")), MAX_KEYS_PER_SET),
  }),
  v.rawTransform(({ dataset, addIssue, NEVER }): VerificationKeySet => {
    const usable = readKeySet(dataset.value);
    if (usable !== null) return usable;
    addIssue({ message: "must have a key for a signature algorithm that is accepted" });
    return NEVER;
  }),
);

/**
 * The keys that a signature may be of. The key id is a hint (RFC 7515 §4.1.4): it chooses among keys that have one, and
 * keys without one are tried in turn.
 */
export function findCandidates({ keys }: VerificationKeySet, { alg, kid }: JwtHeader): readonly VerificationKey[] {
  const fitting = keys.filter((key) => (key.alg === undefined || key.alg === alg) && fits(key, alg));
  return chosenBy(kid, fitting).slice(0, MAX_KEYS_TRIED);
}

function chosenBy(kid: unknown, keys: readonly VerificationKey[]): readonly VerificationKey[] {
  if (kid === undefined) return keys;
  const named = keys.filter((key) => key.kid !== undefined && key.kid === kid);
  return named.length > 0 ? named : keys.filter((key) => key.kid === undefined);
}

function fits(key: { readonly kty: string; readonly crv?: string }, algorithm: unknown): boolean {
  const needed = Object.entries(KEY_OF_ALGORITHM).find(([name]) => name === algorithm)?.[1];
  return needed !== undefined && key.kty === needed.kty && key.crv === needed.crv;
}

function isPublic(key: Readonly<Record<string, unknown>>): boolean {
  return !PRIVATE_MEMBERS.some((member) => Object.hasOwn(key, member));
}
