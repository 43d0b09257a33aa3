import type {
  ClaimTokenVerdict,
  ClaimTokenVerifier,
  PushedToken,
  TokenIntrospections,
} from "../operations/ports/claim-token.ts";
import type { TrustedIssuerStore } from "../operations/ports/issuer.ts";
import { listLeftOut, readPartyClaims } from "../protocol/admissible-claims.ts";
import { ACCEPTED_ALGORITHMS } from "../protocol/algorithm.ts";
import {
  type ClaimTokenContext,
  findAnswerFault,
  findFormatFault,
  findStatementFault,
  statementOf,
} from "../protocol/claim-token.ts";
import type { ClaimTokenFault } from "../protocol/claim-token-fault.ts";
import { type ClaimTokenFormat, findFormats, narrowedBy, type TokenName } from "../protocol/claim-token-format.ts";
import type { JwtPayload } from "../protocol/jwt.ts";
import { keySourceOf, type TrustedIssuer } from "../protocol/trusted-issuer.ts";
import { decodeBase64url, encodeBase64url } from "../shared/base64url.ts";
import { MAX_CLAIM_TOKEN_CHARACTERS, MAX_IDENTIFIER_CHARACTERS } from "../shared/limits.ts";
import { sha256 } from "../shared/sha-256.ts";
import { readCompactJwt, type UnverifiedJwt } from "./compact-jwt.ts";
import { type KeySets, VerificationFailed } from "./key-sets.ts";

interface ClaimTokenDependencies {
  readonly trustedIssuers: Pick<TrustedIssuerStore, "findByIssuer" | "directory">;
  readonly keySets: KeySets;
  readonly introspections: TokenIntrospections;
  /** Our own issuer identifier. */
  readonly issuer: string;
}

/** A token, whose it is said to be, and the row of the format table that it is read by. */
interface Claimed {
  readonly pushed: PushedToken;
  readonly trusted: TrustedIssuer;
  readonly format: ClaimTokenFormat;
}

/** Verifies pushed tokens. Who issued it comes first: no key of anybody else is ever looked at, nor is anybody else asked. */
export function createClaimTokenVerifier(dependencies: ClaimTokenDependencies): ClaimTokenVerifier {
  return {
    peek(token) {
      const jwt = readClaimToken(token);
      return jwt && { issuer: jwt.payload.iss, text: jwt.text };
    },
    async verify(pushed, now) {
      const jwt = readClaimToken(pushed.token);
      const issuer = jwt ? jwt.payload.iss : await nameOpaqueIssuer(pushed.name, dependencies);
      if (issuer === "form" || issuer === "ambiguous") return rejected(issuer);
      const trusted = await findTrustedIssuer(issuer, dependencies);
      if (!trusted) return rejected("issuer");
      if (trusted.clientId !== null && trusted.clientId !== pushed.client.id) return rejected("issuer_client");
      return verifyByRow(jwt, pushed, trusted, dependencies, now);
    },
  };
}

/** Base64url is what the Grant asks for unless the format says otherwise (§3.3.1); many clients push the bare JWT. */
function readClaimToken(claimToken: string): UnverifiedJwt | null {
  if (claimToken.length > MAX_CLAIM_TOKEN_CHARACTERS) return null;
  if (claimToken.includes(".")) return readCompactJwt(claimToken);
  const bytes = decodeBase64url(claimToken.replace(/={1,2}$/, ""));
  return bytes && readCompactJwt(new TextDecoder().decode(bytes));
}

/**
 * Whose an access token is that says nothing itself. INVARIANT: it is shown to nobody who might not have issued it, who
 * could then act with it.
 */
async function nameOpaqueIssuer(
  name: TokenName,
  { trustedIssuers }: ClaimTokenDependencies,
): Promise<string | Extract<ClaimTokenFault, "form" | "ambiguous">> {
  const [issuer = "form", ...others] = (await trustedIssuers.directory()).issuersOf(name);
  return others.length > 0 ? "ambiguous" : issuer;
}

async function findTrustedIssuer(issuer: unknown, { trustedIssuers }: ClaimTokenDependencies) {
  if (typeof issuer !== "string" || issuer.length > MAX_IDENTIFIER_CHARACTERS) return null;
  return trustedIssuers.findByIssuer(issuer);
}

async function verifyByRow(
  jwt: UnverifiedJwt | null,
  pushed: PushedToken,
  trusted: TrustedIssuer,
  dependencies: ClaimTokenDependencies,
  now: number,
): Promise<ClaimTokenVerdict> {
  const formats = findFormats(trusted.formats, pushed.name);
  const [first] = formats;
  if (first === undefined) return rejected("format");
  if (first.kind === "access_token") {
    return verifyByAsking(jwt?.text ?? pushed.token, { pushed, trusted, format: first }, dependencies, now);
  }
  if (jwt === null) return rejected("form");
  const format = formats.find((one) => findFormatFault(jwt.header, one, ACCEPTED_ALGORITHMS) === null);
  if (format === undefined) return rejected(findFormatFault(jwt.header, first, ACCEPTED_ALGORITHMS) ?? "typ");
  return verifySigned(jwt, { pushed, trusted, format }, dependencies, now);
}

async function verifySigned(
  jwt: UnverifiedJwt,
  claimed: Claimed,
  dependencies: ClaimTokenDependencies,
  now: number,
): Promise<ClaimTokenVerdict> {
  try {
    const source = keySourceOf(claimed.trusted, claimed.pushed.client);
    const payload = await dependencies.keySets.verify(jwt.text, source, now);
    return await judge(payload, { ...claimed, findFault: findStatementFault }, dependencies, now);
  } catch (error) {
    if (error instanceof VerificationFailed) return rejected(error.lacksKeys ? "keys" : "signature", error.message);
    throw error;
  }
}

async function verifyByAsking(
  token: string,
  claimed: Claimed,
  dependencies: ClaimTokenDependencies,
  now: number,
): Promise<ClaimTokenVerdict> {
  const { introspection } = claimed.trusted;
  if (introspection === null) return rejected("unasked", "nobody said where its issuer is asked");
  const answer = await dependencies.introspections.ask(introspection, token);
  if ("reason" in answer) return rejected("unasked", answer.reason);
  return judge(answer.claims, { ...claimed, findFault: findAnswerFault }, dependencies, now);
}

interface Judged extends Claimed {
  readonly findFault: (payload: JwtPayload, context: ClaimTokenContext, now: number) => ClaimTokenFault | null;
}

/** Keys and answers may take seconds to come, and meanwhile the operator may have ended or narrowed the trust. */
async function judge(
  payload: JwtPayload,
  { pushed, trusted, format, findFault }: Judged,
  dependencies: ClaimTokenDependencies,
  now: number,
): Promise<ClaimTokenVerdict> {
  const present = await findTrustedIssuer(trusted.issuer, dependencies);
  if (present === null || !isVerifiedAlike(present, trusted)) return rejected("issuer");
  const context = {
    trusted: present,
    client: pushed.client,
    confirmation: pushed.confirmation,
    issuer: dependencies.issuer,
  };
  const fault = findFault(payload, context, now) ?? (await findTicketFault(payload, pushed));
  if (fault !== null) return rejected(fault);
  const speaker = narrowedBy(present, format);
  const statement = format.kind === "access_token" ? statementOf(payload, now) : payload;
  const party = readPartyClaims(speaker, statement, now);
  return { accepted: true, party, leftOut: listLeftOut(speaker, statement) };
}

/** Whether what counts under one entry counts under the other. */
function isVerifiedAlike(one: TrustedIssuer, other: TrustedIssuer): boolean {
  return one.id === other.id && meansOf(one) === meansOf(other);
}

function meansOf({ jwks, jwksUri, formats, clientId, introspection }: TrustedIssuer): string {
  return JSON.stringify([jwks, jwksUri, formats, clientId, introspection]);
}

/** A token that names its ticket counts with that one alone, so whoever sees it can do nothing with it elsewhere. */
async function findTicketFault({ ticket_hash }: JwtPayload, { ticket }: PushedToken): Promise<ClaimTokenFault | null> {
  if (ticket_hash === undefined) return null;
  if (ticket === null) return "ticket_hash";
  return ticket_hash === encodeBase64url(await sha256(ticket)) ? null : "ticket_hash";
}

function rejected(fault: ClaimTokenFault, detail?: string): ClaimTokenVerdict {
  return { accepted: false, fault, ...(detail === undefined ? {} : { detail }) };
}
