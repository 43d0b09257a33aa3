import * as v from "valibot";
import { ProtocolError } from "../shared/error.ts";
import { boundedText, parseBody, setOf, strictly } from "../shared/parse.ts";
import { isFetchable } from "../shared/uri.ts";
import type { TrustedIssuer } from "./claims.ts";
import { PublicKeySet } from "./key-set.ts";

/** What an operator says about an issuer whose word shall count. */
export type IssuerRegistration = Omit<TrustedIssuer, "id">;

/** A trusted issuer as the operator reads and writes it. */
export interface TrustedIssuerBody {
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

const MAX_URI_LENGTH = 2_048;
const MAX_WORD_LENGTH = 256;
const MAX_AUDIENCES = 50;
const MAX_CLAIMS = 100;
const MAX_DOMAINS = 1_000;
const MAX_TOKEN_AGE_SECONDS = 30 * 24 * 60 * 60;
/** A bare domain: no scheme, no wildcard, no address. Subdomains are named on their own. */
const DOMAIN = /^[^\s@/:*.]+(\.[^\s@/:*.]+)+$/u;

const Domain = v.pipe(
  boundedText(MAX_WORD_LENGTH),
  v.toLowerCase(),
  v.regex(DOMAIN, "must be a domain such as example.com"),
);

/** The word all, or a list. */
function allOr<Item extends string>(item: v.GenericSchema<unknown, Item>, maxLength: number) {
  const list = setOf(item, maxLength);
  return v.lazy(
    (input): v.GenericSchema<unknown, Item[] | "all"> =>
      Array.isArray(input) ? list : v.literal("all", "must be a list, or all"),
  );
}

const Registration = v.strictObject(
  {
    issuer: boundedText(MAX_URI_LENGTH),
    jwks: v.exactOptional(PublicKeySet),
    jwks_uri: v.exactOptional(boundedText(MAX_URI_LENGTH)),
    audiences: v.optional(setOf(boundedText(MAX_URI_LENGTH), MAX_AUDIENCES), []),
    claims: allOr(boundedText(MAX_WORD_LENGTH), MAX_CLAIMS),
    email_domains: v.optional(allOr(Domain, MAX_DOMAINS), []),
    max_token_age: v.exactOptional(
      v.pipe(
        v.number("must be a number of seconds"),
        v.integer("must be a whole number"),
        v.minValue(1, "must be at least 1"),
        v.maxValue(MAX_TOKEN_AGE_SECONDS, `must be at most ${MAX_TOKEN_AGE_SECONDS}`),
      ),
    ),
  },
  strictly,
);

/**
 * Reads what an operator says about a trusted issuer. Which claims it may speak for is never assumed.
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
    claims: body.claims,
    emailDomains: body.email_domains,
    maxTokenAge: body.max_token_age ?? null,
  };
}

function checkUris(body: v.InferOutput<typeof Registration>, ownIssuer: string): void {
  // OpenID Connect Core §2, iss: no query and no fragment.
  if (!isFetchable(body.issuer, ownIssuer) || body.issuer.includes("?")) {
    throw refusal("issuer: must be an https URL without query or fragment, exactly as its tokens name it");
  }
  if (body.jwks !== undefined && body.jwks_uri !== undefined) throw refusal("send jwks or jwks_uri, not both");
  if (body.jwks_uri !== undefined && !isFetchable(body.jwks_uri, ownIssuer)) {
    throw refusal("jwks_uri: must be an https URL");
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

function refusal(description: string): ProtocolError {
  return new ProtocolError("invalid_request", description);
}
