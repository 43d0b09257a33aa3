import { MAX_SUBJECT_CHARACTERS } from "../shared/limits.ts";
import type { IdTokenFault } from "./claim-token-fault.ts";
import type { TrustedIssuer } from "./claims.ts";
import type { Client } from "./client.ts";
import { audienceOf, findTimeFault, isTime, type JwtPayload } from "./jwt.ts";
import { CLOCK_SKEW_SECONDS } from "./lifetimes.ts";

/** An ID Token says `JWT` or nothing in its header; at+jwt, logout+jwt and the like are other things. */
export const ID_TOKEN_TYPES: readonly string[] = ["jwt"];

/** Claims by which some issuers say in the payload what kind of token it is, and what an ID Token says there. */
const KIND_OF_TOKEN: Readonly<Record<string, string>> = { typ: "ID", token_use: "id" };
/** Claims that only other kinds of JWT have: logout and security event tokens, introspection answers. */
const FOREIGN_CLAIMS = ["events", "token_introspection"];

interface IdTokenContext {
  readonly trusted: TrustedIssuer;
  /** The client that pushed it. */
  readonly client: Client;
  /** Our own issuer identifier. */
  readonly issuer: string;
}

/** The client's name at the trusted issuer, under which ID Tokens are issued to it. */
function clientIdAt({ trusted, client }: IdTokenContext): string {
  const { issuerClientIds } = client;
  return (Object.hasOwn(issuerClientIds, trusted.issuer) ? issuerClientIds[trusted.issuer] : undefined) ?? client.id;
}

/**
 * What keeps a payload of good signature from being an ID Token that this client may push (OIDC Core §3.1.3.7, Grant
 * §5.7); null when nothing does.
 */
export function findIdTokenFault(payload: JwtPayload, context: IdTokenContext, now: number): IdTokenFault | null {
  if (payload.iss !== context.trusted.issuer) return "iss";
  return (
    findSubjectFault(payload) ??
    findKindFault(payload) ??
    findAudienceFault(payload, context) ??
    findTimeFault(payload, now) ??
    findAgeFault(payload, context.trusted.maxTokenAge, now)
  );
}

/** A subject that is the issuer itself makes a client assertion (RFC 7523 §3). */
function findSubjectFault(payload: JwtPayload): IdTokenFault | null {
  const subject = payload.sub;
  const fits = typeof subject === "string" && subject !== "" && subject.length <= MAX_SUBJECT_CHARACTERS;
  return fits && subject !== payload.iss ? null : "sub";
}

/** Tells an ID Token from what the same issuer signs with the same key, also where the header does not (RFC 8725 §3.12). */
function findKindFault(payload: JwtPayload): IdTokenFault | null {
  const isForeign = FOREIGN_CLAIMS.some((name) => name in payload);
  const isOther = Object.entries(KIND_OF_TOKEN).some(([name, kind]) => name in payload && payload[name] !== kind);
  const isAccessToken = ("scope" in payload || "scp" in payload) && ("client_id" in payload || "cid" in payload);
  return isForeign || isOther || isAccessToken ? "kind" : null;
}

/**
 * It must be meant for the pushing client or for us. Any further audience must be one we accept too, unless the token
 * says that it was issued to the pushing client (`azp`).
 */
function findAudienceFault(payload: JwtPayload, context: IdTokenContext): IdTokenFault | null {
  const clientId = clientIdAt(context);
  const authorizedParty = payload.azp;
  if (authorizedParty !== undefined && authorizedParty !== clientId) return "azp";
  const accepted = [clientId, context.issuer, ...context.trusted.audiences];
  const audience = audienceOf(payload);
  const isMeant = audience.some((value) => accepted.includes(value));
  const isStrange = authorizedParty === undefined && audience.some((value) => !accepted.includes(value));
  return isMeant && !isStrange ? null : "aud";
}

/** OIDC Core §3.1.3.7, item 10: iat may bound the age, so it must be there. */
function findAgeFault(payload: JwtPayload, maxAge: number | null, now: number): IdTokenFault | null {
  const issuedAt = payload.iat;
  if (!isTime(issuedAt)) return "iat";
  return maxAge !== null && now > issuedAt + maxAge + CLOCK_SKEW_SECONDS ? "age" : null;
}
