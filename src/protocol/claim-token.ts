import { MAX_SUBJECT_CHARACTERS } from "../shared/limits.ts";
import type { ClaimTokenFault } from "./claim-token-fault.ts";
import type { ClaimTokenFormat } from "./claim-token-format.ts";
import type { Client } from "./client.ts";
import { isProven } from "./confirmation.ts";
import { audienceOf, findAgeFault, findHeaderFault, findTimeFault, type JwtHeader, type JwtPayload } from "./jwt.ts";
import type { TrustedIssuer } from "./trusted-issuer.ts";
import type { Confirmation } from "./wire/confirmation.ts";

/** Claims by which some issuers say in the payload what kind of token it is, and what an ID Token says there. */
const KIND_OF_TOKEN: Readonly<Record<string, string>> = { typ: "ID", token_use: "id" };
/** Claims that only other kinds of JWT have: logout and security event tokens, introspection answers. */
const FOREIGN_CLAIMS = ["events", "token_introspection"];
/** What issuers call a token that is for themselves alone, where they say what they were asked about. */
const NOT_ACCESS: Readonly<Record<string, readonly string[]>> = {
  typ: ["refresh", "offline", "id", "logout"],
  token_use: ["refresh", "id"],
};

/** Who pushes a token, and whose it is. */
export interface ClaimTokenContext {
  readonly trusted: TrustedIssuer;
  /** The client that pushed it. */
  readonly client: Client;
  /** What the client proved beside its request; null: nothing. */
  readonly confirmation: Confirmation | null;
  /** Our own issuer identifier. */
  readonly issuer: string;
}

/** The client's name at the trusted issuer, under which tokens are issued to it. */
function clientIdAt({ trusted, client }: ClaimTokenContext): string {
  const { issuerClientIds } = client;
  return (Object.hasOwn(issuerClientIds, trusted.issuer) ? issuerClientIds[trusted.issuer] : undefined) ?? client.id;
}

/** What keeps the header of a JWT from being that of a format (RFC 8725 §3.11); null when nothing does. */
export function findFormatFault(
  header: JwtHeader,
  { typ }: Pick<ClaimTokenFormat, "typ">,
  algorithms: readonly string[],
): ClaimTokenFault | null {
  if (typ !== null && header.typ === undefined) return "typ";
  return findHeaderFault(header, algorithms, [typ ?? "jwt"]);
}

/**
 * What keeps a payload of good signature from being a statement that this client may push: an ID Token (OIDC Core
 * §3.1.3.7, Grant §5.7), or another that is to be read by us or by the client; null when nothing does.
 */
export function findStatementFault(
  payload: JwtPayload,
  context: ClaimTokenContext,
  now: number,
): ClaimTokenFault | null {
  if (payload.iss !== context.trusted.issuer) return "iss";
  return (
    findSubjectFault(payload, context) ??
    findKindFault(payload) ??
    findHolderFault(payload, context) ??
    findAudienceFault(payload, context) ??
    findTimeFault(payload, now) ??
    findAgeFault(payload, context.trusted.maxTokenAge, now)
  );
}

/**
 * What keeps an answer about an access token (RFC 7662 §2.2) from telling who the party of the pushing client is; null
 * when nothing does. It must have been issued to this client: whoever else got hold of it learned of somebody only how to
 * act in their name, and not that they are here.
 */
export function findAnswerFault(answer: JwtPayload, context: ClaimTokenContext, now: number): ClaimTokenFault | null {
  if (answer.active !== true) return "inactive";
  if (answer.iss !== undefined && answer.iss !== context.trusted.issuer) return "iss";
  if (isOtherToken(answer)) return "kind";
  // RFC 9449 §7, RFC 8705 §3: without a proof of its key, made for this token, it is nobody's.
  if (answer.cnf !== undefined) return "bound";
  if (answer.client_id !== clientIdAt(context)) return "client_id";
  return (
    findSubjectFault(answer, context) ??
    (answer.aud === undefined ? null : findAudienceFault(answer, context)) ??
    findTimeFault({ exp: now, ...answer }, now) ??
    findAgeFault({ iat: now, ...answer }, context.trusted.maxTokenAge, now)
  );
}

function isOtherToken(answer: JwtPayload): boolean {
  return Object.entries(NOT_ACCESS).some(([name, kinds]) => {
    const kind = answer[name];
    return typeof kind === "string" && kinds.includes(kind.toLowerCase());
  });
}

/** Members of an answer that are about the token, and that no policy may look at (RFC 7662 §2.2). */
const ABOUT_TOKEN = new Set(["active", "scope", "client_id", "token_type", "typ", "token_use", "azp"]);

/** What an answer says about the party: as issued when the token was, or just now where it does not say when. */
export function statementOf(answer: JwtPayload, now: number): JwtPayload {
  const said = Object.entries(answer).filter(([name]) => !ABOUT_TOKEN.has(name));
  return { iat: now, ...Object.fromEntries(said) };
}

/** A subject that is the issuer itself makes a client assertion (RFC 7523 §3). */
function findSubjectFault({ sub: subject }: JwtPayload, { trusted }: ClaimTokenContext): ClaimTokenFault | null {
  const fits = typeof subject === "string" && subject !== "" && subject.length <= MAX_SUBJECT_CHARACTERS;
  return fits && subject !== trusted.issuer ? null : "sub";
}

/** Tells it from what the same issuer signs with the same key, also where the header does not (RFC 8725 §3.12). */
function findKindFault(payload: JwtPayload): ClaimTokenFault | null {
  const isForeign = FOREIGN_CLAIMS.some((name) => name in payload);
  const isOther = Object.entries(KIND_OF_TOKEN).some(([name, kind]) => name in payload && payload[name] !== kind);
  const isAccessToken = ("scope" in payload || "scp" in payload) && ("client_id" in payload || "cid" in payload);
  return isForeign || isOther || isAccessToken ? "kind" : null;
}

/** One that names a client, or a key, is of use to nobody who came upon it (RFC 7800 §3.1). */
function findHolderFault({ client_id: named, cnf }: JwtPayload, context: ClaimTokenContext): ClaimTokenFault | null {
  if (named !== undefined && named !== clientIdAt(context) && named !== context.client.id) return "client_id";
  return cnf === undefined || isProven(cnf, context.confirmation) ? null : "bound";
}

/**
 * It must be meant for the pushing client or for us. Any further audience must be one we accept too, unless the token
 * says that it was issued to the pushing client (`azp`). What a client signs itself is never meant for the client.
 */
function findAudienceFault(payload: JwtPayload, context: ClaimTokenContext): ClaimTokenFault | null {
  const clientId = clientIdAt(context);
  const { trusted, issuer } = context;
  const authorizedParty = payload.azp;
  if (authorizedParty !== undefined && authorizedParty !== clientId) return "azp";
  const accepted = [...(trusted.clientId === null ? [clientId] : []), issuer, ...trusted.audiences];
  const audience = audienceOf(payload);
  const isMeant = audience.some((value) => accepted.includes(value));
  const isStrange = authorizedParty === undefined && audience.some((value) => !accepted.includes(value));
  return isMeant && !isStrange ? null : "aud";
}
