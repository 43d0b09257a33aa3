import * as v from "valibot";
import { invalidRequest } from "../shared/error.ts";
import {
  MAX_CLAIM_TOKEN_AGE_SECONDS,
  MAX_CLIENT_SECRET_CHARACTERS,
  MAX_IDENTIFIER_CHARACTERS,
  MAX_LEVELS,
  MAX_NAME_CHARACTERS,
  MAX_SCOPE_PARAMETER_CHARACTERS,
  MAX_WORD_CHARACTERS,
} from "../shared/limits.ts";
import {
  allOr,
  boundedString,
  boundedText,
  integer,
  line,
  nonEmptyListOf,
  oneOf,
  parseBody,
  sentObject,
  setOf,
  trueOrFalse,
} from "../shared/parse.ts";
import { isPublicUrl } from "../shared/public-host.ts";
import {
  ASSERTION_AUDIENCES,
  type AssertionAudience,
  CLIENT_SIGNING_ALGORITHMS,
  type ClientSigningAlgorithm,
  type IdentityProvider,
  needsKey,
  PROVIDER_AUTHENTICATION_METHODS,
  PROVIDER_PROMPTS,
  type ProviderAuthenticationMethod,
  type ProviderPrompt,
  type PublicKey,
} from "./identity-provider.ts";
import { parseScope } from "./scope.ts";
import { readSpeech, SPEECH_MEMBERS } from "./speech-registration.ts";

/** What an operator says about a provider; the members that RFC 7591 §2 knows bear its names. */
export interface ProviderRegistration extends Omit<IdentityProvider, "id" | "publicKeys" | "sealedCredentials"> {
  /** Null: there is none, or the present one is kept. */
  readonly clientSecret: string | null;
}

/** A provider as the operator reads it; of the secret and the private keys there is nothing to read. */
interface IdentityProviderBody {
  readonly id: string;
  readonly issuer: string;
  readonly name: string;
  readonly client_id: string;
  readonly token_endpoint_auth_method: ProviderAuthenticationMethod;
  readonly client_signing_alg: ClientSigningAlgorithm;
  readonly client_assertion_audience: AssertionAudience;
  readonly signed_requests: boolean;
  readonly scope: string;
  readonly acr_values: readonly string[];
  readonly accepted_acr_values: readonly string[] | "all";
  readonly prompt?: ProviderPrompt;
  readonly claims: readonly string[] | "all";
  readonly email_domains: readonly string[] | "all";
  /** Seconds. */
  readonly max_claims_age?: number;
  readonly enabled: boolean;
  /** What the provider has to be told of us. */
  readonly redirect_uri: string;
  readonly client_jwks?: { readonly keys: readonly PublicKey[] };
  readonly client_jwks_uri?: string;
}

/** `acr_values` is a list separated by spaces (OIDC Core §3.1.2.1), so none is in a level. */
const Level = v.pipe(line(MAX_WORD_CHARACTERS), v.regex(/^\S+$/, "must not contain a space"));
const Secret = v.pipe(
  boundedText(MAX_CLIENT_SECRET_CHARACTERS),
  v.regex(/^[\x21-\x7e]+$/, "must be of visible ASCII characters"),
);

/** What is taken of whoever says it. */
export const ProviderRegistrationBody = sentObject({
  issuer: boundedText(MAX_IDENTIFIER_CHARACTERS),
  name: line(MAX_NAME_CHARACTERS),
  client_id: line(MAX_IDENTIFIER_CHARACTERS),
  client_secret: v.exactOptional(Secret),
  token_endpoint_auth_method: v.optional(oneOf(PROVIDER_AUTHENTICATION_METHODS), "client_secret_basic"),
  client_assertion_audience: v.optional(oneOf(ASSERTION_AUDIENCES), "issuer"),
  client_signing_alg: v.optional(oneOf(CLIENT_SIGNING_ALGORITHMS), "ES256"),
  signed_requests: v.optional(trueOrFalse, false),
  scope: v.optional(boundedString(MAX_SCOPE_PARAMETER_CHARACTERS), "openid"),
  acr_values: v.optional(setOf(Level, MAX_LEVELS), []),
  accepted_acr_values: v.exactOptional(allOr(nonEmptyListOf(Level, MAX_LEVELS))),
  prompt: v.exactOptional(oneOf(PROVIDER_PROMPTS)),
  ...SPEECH_MEMBERS,
  max_claims_age: v.exactOptional(integer(1, MAX_CLAIM_TOKEN_AGE_SECONDS)),
  enabled: v.optional(trueOrFalse, true),
});

/**
 * Reads what an operator says about an identity provider.
 * @param ownIssuer ours, which tells whether plain http on loopback is in order.
 * @throws ProtocolError invalid_request that names the member and says what is wrong; invalid_scope for a bad scope.
 */
export function parseProviderRegistration(input: unknown, ownIssuer: string): ProviderRegistration {
  const body = parseBody(ProviderRegistrationBody, input);
  checkIssuer(body.issuer, ownIssuer);
  checkSecret(body);
  return {
    issuer: body.issuer,
    name: body.name,
    clientId: body.client_id,
    clientSecret: body.client_secret ?? null,
    authenticationMethod: body.token_endpoint_auth_method,
    signingAlgorithm: body.client_signing_alg,
    assertionAudience: body.client_assertion_audience,
    signsRequests: body.signed_requests,
    scopes: readScopes(body.scope),
    acrValues: body.acr_values,
    acceptedLevels: body.accepted_acr_values ?? levelsAskedFor(body.acr_values),
    prompt: body.prompt ?? null,
    ...readSpeech(body),
    maxClaimsAge: body.max_claims_age ?? null,
    enabled: body.enabled,
  };
}

/** OIDC Core §2, iss: no query and no fragment. Everything about a provider is asked at its issuer. */
function checkIssuer(issuer: string, ownIssuer: string): void {
  if (issuer === ownIssuer) throw invalidRequest("issuer: is this server itself");
  if (isPublicUrl(issuer, ownIssuer) && !issuer.includes("?")) return;
  throw invalidRequest(
    "issuer: must be an https URL at a public host, without query or fragment, exactly as its ID Tokens name it",
  );
}

function checkSecret(body: v.InferOutput<typeof ProviderRegistrationBody>): void {
  if (body.client_secret === undefined || body.token_endpoint_auth_method !== "private_key_jwt") return;
  throw invalidRequest("client_secret: there is none with private_key_jwt, where a key is made here");
}

/** Without openid it would be no sign-in (OIDC Core §3.1.2.1). */
function readScopes(scope: string): readonly string[] {
  const scopes = parseScope(scope);
  if (scopes.includes("openid")) return scopes;
  throw invalidRequest("scope: must have openid");
}

/** Whoever asks for a level and does not say otherwise means it (docs/design.md, decision 7). */
function levelsAskedFor(acrValues: readonly string[]): readonly string[] | "all" {
  return acrValues.length === 0 ? "all" : acrValues;
}

/** @param ownIssuer ours, under which the redirect URI and our keys are found. */
export function renderProvider(provider: IdentityProvider, ownIssuer: string): IdentityProviderBody {
  return {
    id: provider.id,
    issuer: provider.issuer,
    name: provider.name,
    client_id: provider.clientId,
    token_endpoint_auth_method: provider.authenticationMethod,
    client_signing_alg: provider.signingAlgorithm,
    client_assertion_audience: provider.assertionAudience,
    signed_requests: provider.signsRequests,
    scope: provider.scopes.join(" "),
    acr_values: provider.acrValues,
    accepted_acr_values: provider.acceptedLevels,
    ...(provider.prompt === null ? {} : { prompt: provider.prompt }),
    claims: provider.claims,
    email_domains: provider.emailDomains,
    ...(provider.maxClaimsAge === null ? {} : { max_claims_age: provider.maxClaimsAge }),
    enabled: provider.enabled,
    redirect_uri: providerRedirectUri(ownIssuer),
    ...(needsKey(provider) ? renderKeys(provider, ownIssuer) : {}),
  };
}

function renderKeys({ publicKeys }: IdentityProvider, ownIssuer: string) {
  return { client_jwks: { keys: publicKeys }, client_jwks_uri: `${ownIssuer}/sign-in/jwks` };
}

/** Where every provider sends people back to (RFC 6749 §3.1.2); whose answer it is, state and `iss` say (RFC 9207). */
export function providerRedirectUri(ownIssuer: string): string {
  return `${ownIssuer}/sign-in/callback`;
}
