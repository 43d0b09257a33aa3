import * as v from "valibot";
import { MAX_IDENTIFIER_CHARACTERS, MAX_METADATA_ENTRIES, MAX_WORD_CHARACTERS } from "../shared/limits.ts";
import { isPublicUrl } from "../shared/public-host.ts";
import type { DocumentReader } from "./public-document.ts";

/**
 * What we need of an issuer's discovery document (OIDC Discovery §3): its keys, and of an OpenID Provider at which people
 * sign in the endpoints and what it says that it can do. Names are those of the wire.
 */
export interface Discovery {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly authorization_endpoint?: string;
  readonly token_endpoint?: string;
  readonly userinfo_endpoint?: string;
  /** RFC 9207 §3. */
  readonly authorization_response_iss_parameter_supported?: boolean;
  readonly acr_values_supported?: string[];
  readonly code_challenge_methods_supported?: string[];
  readonly id_token_signing_alg_values_supported?: string[];
  readonly request_object_signing_alg_values_supported?: string[];
  readonly response_types_supported?: string[];
  readonly scopes_supported?: string[];
  readonly token_endpoint_auth_methods_supported?: string[];
  readonly token_endpoint_auth_signing_alg_values_supported?: string[];
}

/** OpenID Connect Discovery §4: a slash at the end of the issuer is left out. */
export function discoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
}

/** A member that is of another form counts as left out: keys alone are enough for most, so nothing else may stop them. */
function ifSound<Value>(schema: v.GenericSchema<unknown, Value>) {
  return v.optional(v.fallback(v.optional(schema), undefined));
}

const words = ifSound(
  v.pipe(
    v.array(v.unknown()),
    v.transform((entries) => entries.filter(isWord).slice(0, MAX_METADATA_ENTRIES)),
  ),
);

function isWord(entry: unknown): entry is string {
  return typeof entry === "string" && entry.length <= MAX_WORD_CHARACTERS;
}

/**
 * Reads the discovery document of one issuer. It must name the very issuer it was asked about (OIDC Discovery §4.3), or
 * one host could speak for another, and keys that may be fetched.
 * @param ownIssuer ours, which tells whether we run on loopback.
 */
export function discoveryReader(issuer: string, ownIssuer: string): DocumentReader<Discovery> {
  const url = v.pipe(
    v.string(),
    v.maxLength(MAX_IDENTIFIER_CHARACTERS),
    v.check((uri) => isPublicUrl(uri, ownIssuer)),
  );
  const Document = v.object({
    issuer: v.literal(issuer),
    jwks_uri: url,
    authorization_endpoint: ifSound(url),
    token_endpoint: ifSound(url),
    userinfo_endpoint: ifSound(url),
    authorization_response_iss_parameter_supported: ifSound(v.boolean()),
    acr_values_supported: words,
    code_challenge_methods_supported: words,
    id_token_signing_alg_values_supported: words,
    request_object_signing_alg_values_supported: words,
    response_types_supported: words,
    scopes_supported: words,
    token_endpoint_auth_methods_supported: words,
    token_endpoint_auth_signing_alg_values_supported: words,
  });
  return (body) => {
    const read = v.safeParse(Document, body);
    return read.success ? withoutUndefined(read.output) : null;
  };
}

/** What was read is kept as JSON, which knows no undefined, and read again. */
function withoutUndefined(document: object): Discovery {
  return Object.fromEntries(
    Object.entries(document).filter(([, value]) => value !== undefined),
  ) as unknown as Discovery;
}
