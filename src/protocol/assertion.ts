import { MAX_JTI_CHARACTERS, MAX_SUBJECT_CHARACTERS } from "../shared/limits.ts";
import type { ClaimTokenFault } from "./claim-token-fault.ts";
import { isProven } from "./confirmation.ts";
import { audienceOf, findAgeFault, findHeaderFault, findTimeFault, type JwtHeader, type JwtPayload } from "./jwt.ts";
import { ASSERTION_GRANT_LIFETIME_MAX_SECONDS, CLOCK_SKEW_SECONDS } from "./lifetimes.ts";
import type { Choices } from "./profile.ts";
import type { AssertionKind, TrustedIssuer } from "./trusted-issuer.ts";
import type { Confirmation } from "./wire/confirmation.ts";
import { ENDPOINTS } from "./wire/endpoints.ts";

/** The type of an identity assertion (draft-ietf-oauth-identity-assertion-authz-grant). */
const ID_JAG_TYPE = "oauth-id-jag+jwt";

/** By its type an assertion says what it is; the revision of RFC 7523 makes one for those that had none. */
const TYPES: Readonly<Record<AssertionKind, readonly string[]>> = {
  jwt: ["jwt", "authorization-grant+jwt"],
  id_jag: [ID_JAG_TYPE],
};

/**
 * Claims of what the same issuer signs with the same key for somebody else, or to be pushed with one ticket and no other
 * (RFC 8725 §3.12). In `typ` and `token_use` some say what kind of token it is, and none of these kinds is an assertion.
 */
const FOREIGN_CLAIMS = [
  ...["nonce", "at_hash", "c_hash", "events", "token_introspection"],
  ...["ticket_hash", "typ", "token_use"],
];

/** What keeps an assertion from being traded; names for the operator, with words for the client. */
export type AssertionFault =
  | "form"
  | "issuer"
  | "kind"
  | "signature"
  | "keys"
  | "sub"
  | "aud"
  | "client_id"
  | "bound"
  | "jti"
  | "lifetime"
  | "scope"
  | "resource"
  | Extract<ClaimTokenFault, "alg" | "crit" | "typ" | "iss" | "exp" | "iat" | "nbf" | "age">;

/** Who presents an assertion, and to whom. */
export interface AssertionContext {
  readonly kind: AssertionKind;
  /** The entry that the signature was verified under. */
  readonly trusted: Pick<TrustedIssuer, "issuer" | "maxTokenAge">;
  readonly clientId: string;
  /** What may stand for this server. */
  readonly audiences: readonly string[];
  /** What the client proved beside its request; null: nothing. */
  readonly confirmation: Confirmation | null;
}

/** What kind of assertion a header makes it; what is no kind of ours has a fault. */
export function readAssertionKind(
  header: JwtHeader,
  algorithms: readonly string[],
): AssertionKind | { readonly fault: AssertionFault } {
  const isIdJag = findHeaderFault(header, algorithms, TYPES.id_jag) === null && header.typ !== undefined;
  const kind = isIdJag ? "id_jag" : "jwt";
  const fault = findHeaderFault(header, algorithms, TYPES[kind]);
  return fault === null ? kind : { fault };
}

/** What keeps a payload of good signature from being an assertion for this client (RFC 7523 §3); null when nothing does. */
export function findAssertionFault(payload: JwtPayload, context: AssertionContext, now: number): AssertionFault | null {
  if (payload.iss !== context.trusted.issuer) return "iss";
  if (FOREIGN_CLAIMS.some((name) => name in payload)) return "kind";
  return (
    findSubjectFault(payload) ??
    findAudienceFault(payload, context) ??
    findClientFault(payload, context) ??
    findBoundsFault(payload) ??
    findTimeFault(payload, now) ??
    (context.trusted.maxTokenAge === null ? null : findAgeFault(payload, context.trusted.maxTokenAge, now)) ??
    findSpendingFault(payload, now)
  );
}

function findSubjectFault({ sub, iss }: JwtPayload): AssertionFault | null {
  const fits = typeof sub === "string" && sub !== "" && sub.length <= MAX_SUBJECT_CHARACTERS;
  return fits && sub !== iss ? null : "sub";
}

/** Whoever else it names could present it here. */
function findAudienceFault(payload: JwtPayload, { audiences }: AssertionContext): AssertionFault | null {
  const presented = audienceOf(payload);
  return presented.length > 0 && presented.every((value) => audiences.includes(value)) ? null : "aud";
}

/** An identity assertion names its client here, and any may; one that names a key is for whoever has that. */
function findClientFault(payload: JwtPayload, context: AssertionContext): AssertionFault | null {
  const { client_id: clientId, cnf } = payload;
  if (clientId === undefined ? context.kind === "id_jag" : clientId !== context.clientId) return "client_id";
  return cnf === undefined || isProven(cnf, context.confirmation) ? null : "bound";
}

/** What it says that it is good for must be understood: else it would bound nothing (RFC 6749 §3.3, RFC 8707 §2). */
function findBoundsFault({ scope, resource }: JwtPayload): AssertionFault | null {
  if (scope !== undefined && typeof scope !== "string") return "scope";
  const resources: readonly unknown[] = Array.isArray(resource) ? resource : [resource];
  const isNamed = resources.length > 0 && resources.every((one) => typeof one === "string");
  return resource === undefined || isNamed ? null : "resource";
}

/** It is good once, so it must say which it is, and not for so long that its use has to be remembered for ever. */
function findSpendingFault({ jti, exp }: JwtPayload, now: number): AssertionFault | null {
  if (typeof jti !== "string" || jti === "" || jti.length > MAX_JTI_CHARACTERS) return "jti";
  return Number(exp) <= now + ASSERTION_GRANT_LIFETIME_MAX_SECONDS + CLOCK_SKEW_SECONDS ? null : "lifetime";
}

/** What may stand for this server in an assertion (RFC 7523 §3); an identity assertion names its issuer alone. */
export function audiencesOf(
  kind: AssertionKind,
  issuer: string,
  { assertionAudience }: Pick<Choices, "assertionAudience">,
): readonly string[] {
  return kind === "id_jag" || assertionAudience === "issuer" ? [issuer] : [issuer, issuer + ENDPOINTS.token];
}

/** The scopes that an assertion without fault is good for at most; null: it says nothing of any. */
export function scopesSaid({ scope }: JwtPayload): readonly string[] | null {
  return typeof scope === "string" ? scope.split(" ").filter((one) => one !== "") : null;
}

/** Epoch seconds from which it would be refused as expired. */
export function endOfAssertion({ exp }: JwtPayload): number {
  return Math.ceil(Number(exp)) + CLOCK_SKEW_SECONDS;
}

const WORDS: Readonly<Record<AssertionFault, string>> = {
  form: "it is not a signed JWT in compact form",
  issuer: "its issuer is not trusted here for assertions of this kind",
  kind: "it is another kind of token than an assertion",
  signature: "its signature does not verify with the keys of its issuer",
  keys: "the keys of its issuer cannot be had at present",
  alg: "its header names no algorithm that is accepted",
  crit: "its header has critical extensions (crit), of which none is known here",
  typ: "its header gives it another type than that of an assertion",
  iss: "its iss is not the issuer that signed it",
  sub: "its sub is missing, too long, or the issuer itself",
  aud: "its aud must be the issuer identifier of this server and name nobody else",
  client_id: "its client_id is not this client",
  bound: "it is bound to a key, and the request proves no such key",
  exp: "it has expired, or has no exp",
  iat: "its iat is missing where it has to say how old it is, or lies in the future",
  age: "it was issued longer ago than is accepted of its issuer",
  nbf: "its nbf lies in the future",
  jti: `its jti is required, with at most ${MAX_JTI_CHARACTERS} characters`,
  scope: "its scope is no text of scopes with blanks between",
  resource: "its resource is no URI, nor a list of some",
  lifetime: `its exp must lie within ${ASSERTION_GRANT_LIFETIME_MAX_SECONDS} seconds`,
};

/** Why an assertion is not good, in words that can follow "the assertion is not good:". */
export function describeAssertionFault(fault: AssertionFault): string {
  return WORDS[fault];
}
