import * as v from "valibot";
import { invalidRequest } from "../shared/error.ts";
import { MAX_AUDIENCES, MAX_CLAIM_TOKEN_AGE_SECONDS, MAX_IDENTIFIER_CHARACTERS } from "../shared/limits.ts";
import { boundedText, integer, line, parseBody, sentObject, setOf } from "../shared/parse.ts";
import { isPublicUrl } from "../shared/public-host.ts";
import { isFetchable } from "../shared/uri.ts";
import type { TrustedIssuer } from "./claims.ts";
import { RegisteredKeySet } from "./key-set.ts";
import { readSpeech, SPEECH_MEMBERS } from "./speech-registration.ts";

/** What an operator says about an issuer whose word shall count. */
export type IssuerRegistration = Omit<TrustedIssuer, "id">;

/** A trusted issuer as the operator reads and writes it. */
interface TrustedIssuerBody {
  readonly id: string;
  readonly issuer: string;
  readonly jwks?: { readonly keys: readonly object[] };
  readonly jwks_uri?: string;
  readonly audiences: readonly string[];
  readonly claims: readonly string[] | "all";
  readonly email_domains: readonly string[] | "all";
  /** Seconds. */
  readonly max_token_age?: number;
}

const Registration = sentObject({
  issuer: boundedText(MAX_IDENTIFIER_CHARACTERS),
  jwks: v.exactOptional(RegisteredKeySet),
  jwks_uri: v.exactOptional(boundedText(MAX_IDENTIFIER_CHARACTERS)),
  audiences: v.optional(setOf(line(MAX_IDENTIFIER_CHARACTERS), MAX_AUDIENCES), []),
  ...SPEECH_MEMBERS,
  max_token_age: v.exactOptional(integer(1, MAX_CLAIM_TOKEN_AGE_SECONDS)),
});

/**
 * Reads what an operator says about a trusted issuer. For which claims and domains it may speak is never assumed.
 * @param ownIssuer ours, which tells whether plain http on loopback is in order.
 * @throws ProtocolError invalid_request that names the member and says what is wrong.
 */
export function parseIssuerRegistration(input: unknown, ownIssuer: string): IssuerRegistration {
  const body = parseBody(Registration, input);
  checkUris(body, ownIssuer);
  return {
    issuer: body.issuer,
    jwks: body.jwks ?? null,
    jwksUri: body.jwks_uri ?? null,
    audiences: body.audiences,
    ...readSpeech(body),
    maxTokenAge: body.max_token_age ?? null,
  };
}

function checkUris(body: v.InferOutput<typeof Registration>, ownIssuer: string): void {
  // OpenID Connect Core §2, iss: no query and no fragment.
  if (!isFetchable(body.issuer, ownIssuer) || body.issuer.includes("?")) {
    throw invalidRequest("issuer: must be an https URL without query or fragment, exactly as its tokens name it");
  }
  if (body.jwks !== undefined && body.jwks_uri !== undefined) throw invalidRequest("send jwks or jwks_uri, not both");
  if (body.jwks_uri !== undefined && !isPublicUrl(body.jwks_uri, ownIssuer)) {
    throw invalidRequest("jwks_uri: must be an https URL at a public host, as RFC 3986 writes it, without a fragment");
  }
  // An issuer whose keys come from elsewhere is a name that nobody is asked at.
  const isAsked = body.jwks === undefined && body.jwks_uri === undefined;
  if (isAsked && !isPublicUrl(body.issuer, ownIssuer)) {
    throw invalidRequest("issuer: must be at a public host, or come with jwks or jwks_uri");
  }
}

export function renderIssuer(trusted: TrustedIssuer): TrustedIssuerBody {
  return {
    id: trusted.id,
    issuer: trusted.issuer,
    ...(trusted.jwks === null ? {} : { jwks: trusted.jwks }),
    ...(trusted.jwksUri === null ? {} : { jwks_uri: trusted.jwksUri }),
    audiences: trusted.audiences,
    claims: trusted.claims,
    email_domains: trusted.emailDomains,
    ...(trusted.maxTokenAge === null ? {} : { max_token_age: trusted.maxTokenAge }),
  };
}
