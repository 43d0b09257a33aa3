import * as v from "valibot";
import { invalidRequest } from "../shared/error.ts";
import {
  MAX_CLIENT_SECRET_CHARACTERS,
  MAX_IDENTIFIER_CHARACTERS,
  MAX_ISSUER_CLIENT_IDS,
  MAX_REDIRECT_URIS,
  MAX_RESOURCE_IDENTIFIERS,
  MAX_SCOPE_PARAMETER_CHARACTERS,
  MIN_CLIENT_SECRET_CHARACTERS,
} from "../shared/limits.ts";
import {
  boundedString,
  boundedText,
  line,
  oneOf,
  parseBody,
  recordOf,
  sentObject,
  setOf,
  trueOrFalse,
} from "../shared/parse.ts";
import { isPublicUrl } from "../shared/public-host.ts";
import { isRedirectable } from "../shared/uri.ts";
import { type Client, mayUseCode, type Provenance, type RptFormat } from "./client.ts";
import { RegisteredKeySet } from "./key-set.ts";
import { ClientName, isTaggedName, renderLocalizedNames, takeLocalizedNames } from "./localized-names.ts";
import { ResourceIdentifier } from "./resource-identifier.ts";
import { parseScope } from "./scope.ts";
import {
  CLIENT_AUTHENTICATION_METHODS,
  type ClientAuthenticationMethod,
  GRANT_TYPES,
  type GrantType,
  JWT_BEARER_GRANT,
  RESPONSE_TYPES,
  type ResponseType,
  TOKEN_EXCHANGE_GRANT,
  UMA_TICKET_GRANT,
} from "./wire/client.ts";
import { CONNECTION_SCOPES, type ConnectionScope } from "./wire/connection.ts";
import { ID_TOKEN_ALGORITHMS, type IdTokenAlgorithm, SUBJECT_TYPE } from "./wire/identity.ts";

/** What is said about a client when it is registered; the members that RFC 7591 §2 knows bear its names. */
export interface ClientRegistration extends Omit<Client, "id" | "secretHash" | "createdAt" | "provenance"> {
  /** The operator's own secret; null: one is made, or the present one is kept. */
  readonly clientSecret: string | null;
}

/** A client as the operator reads it; of its secret there is nothing to read. */
interface ClientBody {
  readonly client_id: string;
  readonly client_name: string;
  readonly token_endpoint_auth_method: ClientAuthenticationMethod;
  readonly grant_types: readonly GrantType[];
  readonly response_types: readonly ResponseType[];
  readonly redirect_uris: readonly string[];
  readonly require_pushed_authorization_requests: boolean;
  readonly client_uri?: string;
  readonly policy_uri?: string;
  readonly tos_uri?: string;
  readonly dpop_bound_access_tokens: boolean;
  readonly tls_client_certificate_bound_access_tokens: boolean;
  readonly tls_client_auth_subject_dn?: string;
  readonly id_token_signed_response_alg: IdTokenAlgorithm;
  readonly subject_type: typeof SUBJECT_TYPE;
  readonly post_logout_redirect_uris: readonly string[];
  readonly scope: string;
  readonly claims_redirect_uris: readonly string[];
  readonly redirects_errors: boolean;
  readonly may_push_claims: boolean;
  readonly jwks?: { readonly keys: readonly object[] };
  readonly jwks_uri?: string;
  readonly issuer_client_ids: Readonly<Record<string, string>>;
  readonly rpt_format: RptFormat;
  readonly resource_identifiers?: readonly string[];
  readonly introspects_with_own_credentials: boolean;
  readonly connection_scopes: readonly ConnectionScope[];
  readonly provenance: Provenance;
  /** Epoch seconds. */
  readonly client_id_issued_at: number;
}

const RedirectUri = v.pipe(
  boundedText(MAX_IDENTIFIER_CHARACTERS),
  v.check(
    isRedirectable,
    "must be a URI as RFC 3986 writes it, without a fragment: https, http on loopback, or a private-use scheme such as com.example.app",
  ),
);

const MEMBERS = {
  client_name: ClientName,
  token_endpoint_auth_method: v.optional(oneOf(CLIENT_AUTHENTICATION_METHODS), "client_secret_basic"),
  client_secret: v.exactOptional(
    v.pipe(
      boundedText(MAX_CLIENT_SECRET_CHARACTERS),
      v.minLength(MIN_CLIENT_SECRET_CHARACTERS, `must have at least ${MIN_CLIENT_SECRET_CHARACTERS} characters`),
    ),
  ),
  grant_types: v.optional(setOf(oneOf(GRANT_TYPES), GRANT_TYPES.length), [UMA_TICKET_GRANT]),
  response_types: v.exactOptional(setOf(oneOf(RESPONSE_TYPES), RESPONSE_TYPES.length)),
  redirect_uris: v.optional(setOf(RedirectUri, MAX_REDIRECT_URIS), []),
  require_pushed_authorization_requests: v.optional(trueOrFalse, false),
  client_uri: v.exactOptional(boundedText(MAX_IDENTIFIER_CHARACTERS)),
  policy_uri: v.exactOptional(boundedText(MAX_IDENTIFIER_CHARACTERS)),
  tos_uri: v.exactOptional(boundedText(MAX_IDENTIFIER_CHARACTERS)),
  dpop_bound_access_tokens: v.optional(trueOrFalse, false),
  tls_client_certificate_bound_access_tokens: v.optional(trueOrFalse, false),
  tls_client_auth_subject_dn: v.exactOptional(line(MAX_IDENTIFIER_CHARACTERS)),
  id_token_signed_response_alg: v.optional(oneOf(ID_TOKEN_ALGORITHMS), ID_TOKEN_ALGORITHMS[0]),
  subject_type: v.optional(oneOf([SUBJECT_TYPE]), SUBJECT_TYPE),
  post_logout_redirect_uris: v.optional(setOf(RedirectUri, MAX_REDIRECT_URIS), []),
  scope: v.optional(boundedString(MAX_SCOPE_PARAMETER_CHARACTERS), ""),
  claims_redirect_uris: v.optional(setOf(RedirectUri, MAX_REDIRECT_URIS), []),
  redirects_errors: v.optional(trueOrFalse, false),
  may_push_claims: v.optional(trueOrFalse, false),
  jwks: v.exactOptional(RegisteredKeySet),
  jwks_uri: v.exactOptional(boundedText(MAX_IDENTIFIER_CHARACTERS)),
  issuer_client_ids: v.optional(recordOf(line(MAX_IDENTIFIER_CHARACTERS), MAX_ISSUER_CLIENT_IDS), {}),
  rpt_format: v.optional(oneOf(["jwt", "opaque"]), "jwt"),
  resource_identifiers: v.optional(setOf(ResourceIdentifier, MAX_RESOURCE_IDENTIFIERS), []),
  introspects_with_own_credentials: v.optional(trueOrFalse, false),
  connection_scopes: v.optional(setOf(oneOf(CONNECTION_SCOPES), CONNECTION_SCOPES.length), [...CONNECTION_SCOPES]),
};

/** What is taken of whoever says it. */
export const ClientRegistrationBody = sentObject(MEMBERS);

/** Whose word counts for each member: what nobody may say of themselves is the operator's alone. */
const WHOSE_WORD: Readonly<Record<keyof typeof MEMBERS, "anybody" | "operator">> = {
  client_name: "anybody",
  token_endpoint_auth_method: "anybody",
  client_secret: "operator",
  grant_types: "anybody",
  response_types: "anybody",
  redirect_uris: "anybody",
  require_pushed_authorization_requests: "anybody",
  client_uri: "anybody",
  policy_uri: "anybody",
  tos_uri: "anybody",
  scope: "anybody",
  claims_redirect_uris: "anybody",
  redirects_errors: "operator",
  may_push_claims: "operator",
  jwks: "anybody",
  jwks_uri: "anybody",
  dpop_bound_access_tokens: "anybody",
  tls_client_certificate_bound_access_tokens: "anybody",
  tls_client_auth_subject_dn: "anybody",
  id_token_signed_response_alg: "anybody",
  subject_type: "anybody",
  post_logout_redirect_uris: "anybody",
  issuer_client_ids: "operator",
  rpt_format: "anybody",
  connection_scopes: "operator",
  resource_identifiers: "operator",
  introspects_with_own_credentials: "operator",
};

/** The members of a registration that a client may say of itself, or that say nothing but what it said. */
export function withoutOperatorsMembers(members: object): Readonly<Record<string, unknown>> {
  const words: Readonly<Record<string, string>> = WHOSE_WORD;
  const own = Object.entries(members).filter(([member]) => words[member] === "anybody" || isTaggedName(member));
  return Object.fromEntries(own);
}

/**
 * Reads what is said about a client.
 * @param issuer our own, which tells whether plain http on loopback is in order.
 * @throws ProtocolError invalid_request that names the member and says what is wrong.
 */
export function parseClientRegistration(input: unknown, issuer: string): ClientRegistration {
  const { names, rest } = takeLocalizedNames(input);
  const body = parseBody(ClientRegistrationBody, rest);
  const registration: ClientRegistration = {
    name: body.client_name,
    localizedNames: names,
    authenticationMethod: body.token_endpoint_auth_method,
    clientSecret: body.client_secret ?? null,
    grantTypes: body.grant_types,
    redirectUris: body.redirect_uris,
    requiresPushedRequests: body.require_pushed_authorization_requests,
    clientUri: body.client_uri ?? null,
    policyUri: body.policy_uri ?? null,
    tosUri: body.tos_uri ?? null,
    dpopBoundAccessTokens: body.dpop_bound_access_tokens,
    certificateBoundAccessTokens: body.tls_client_certificate_bound_access_tokens,
    certificateSubject: body.tls_client_auth_subject_dn ?? null,
    idTokenAlgorithm: body.id_token_signed_response_alg,
    postLogoutRedirectUris: body.post_logout_redirect_uris,
    scopes: parseScope(body.scope),
    claimsRedirectUris: body.claims_redirect_uris,
    redirectsErrors: body.redirects_errors,
    mayPushClaims: body.may_push_claims,
    jwks: body.jwks ?? null,
    jwksUri: body.jwks_uri ?? null,
    issuerClientIds: body.issuer_client_ids,
    rptFormat: body.rpt_format,
    resourceIdentifiers: body.resource_identifiers,
    introspectsWithOwnCredentials: body.introspects_with_own_credentials,
    connectionScopes: body.connection_scopes,
  };
  checkKeys(registration, issuer);
  checkMethod(registration);
  checkProof(registration);
  checkCodeFlow(registration, body.response_types);
  checkPages(registration, issuer);
  return registration;
}

/** RFC 7591 §2: one way or the other, never both. */
function checkKeys({ jwks, jwksUri }: ClientRegistration, issuer: string): void {
  if (jwks !== null && jwksUri !== null) throw invalidRequest("send jwks or jwks_uri, not both");
  if (jwksUri !== null && !isPublicUrl(jwksUri, issuer)) {
    throw invalidRequest("jwks_uri: must be an https URL at a public host, as RFC 3986 writes it, without a fragment");
  }
}

/**
 * Only for clients that can prove who they are (RFC 6749 §4.4): whoever finds somebody's token could trade it in the name of
 * a public one.
 */
const PROVEN_GRANTS: readonly GrantType[] = ["client_credentials", JWT_BEARER_GRANT, TOKEN_EXCHANGE_GRANT];

/** What each authentication method needs and what makes no sense with it. */
function checkMethod(registration: ClientRegistration): void {
  const { authenticationMethod: method, clientSecret, grantTypes, jwks, jwksUri } = registration;
  if (clientSecret !== null && !usesSecret(method)) throw invalidRequest(`client_secret: ${method} uses no secret`);
  if (method === "private_key_jwt" && jwks === null && jwksUri === null) {
    throw invalidRequest("private_key_jwt needs jwks or jwks_uri");
  }
  const unproven = method === "none" ? PROVEN_GRANTS.find((grant) => grantTypes.includes(grant)) : undefined;
  if (unproven !== undefined)
    throw invalidRequest(`grant_types: ${unproven} is not for clients without authentication`);
}

/** RFC 8705 §2.1.2: of a certificate the edge tells the subject, and none of its other names. */
function checkProof(registration: ClientRegistration): void {
  const { authenticationMethod: method, certificateSubject: subject } = registration;
  if ((method === "tls_client_auth") !== (subject !== null)) {
    throw invalidRequest("tls_client_auth and tls_client_auth_subject_dn go together");
  }
  if (registration.dpopBoundAccessTokens && registration.certificateBoundAccessTokens) {
    throw invalidRequest("tokens are bound to a key or to a certificate, not to both");
  }
}

/** RFC 7591 §2 and §2.1: what a client that is sent browsers back needs, and the response types that follow from it. */
function checkCodeFlow(
  { grantTypes, redirectUris }: ClientRegistration,
  responseTypes: readonly ResponseType[] | undefined,
): void {
  const usesCode = mayUseCode({ grantTypes });
  if (usesCode && redirectUris.length === 0) {
    throw invalidRequest("redirect_uris: authorization_code needs the URIs to which people are sent back");
  }
  if (responseTypes !== undefined && responseTypes.includes("code") !== usesCode) {
    throw invalidRequest("response_types: code and the grant type authorization_code go together, or neither");
  }
}

/** Pages for people to read: a link that leads inside, or runs, is none. */
function checkPages({ clientUri, policyUri, tosUri }: ClientRegistration, issuer: string): void {
  for (const [member, uri] of Object.entries({ client_uri: clientUri, policy_uri: policyUri, tos_uri: tosUri })) {
    if (uri === null || isPublicUrl(uri, issuer)) continue;
    throw invalidRequest(`${member}: must be an https URL at a public host, as RFC 3986 writes it, without a fragment`);
  }
}

/** Whether a client that authenticates this way has a secret. */
export function usesSecret(method: ClientAuthenticationMethod): boolean {
  return method === "client_secret_basic" || method === "client_secret_post";
}

export function renderClient(client: Client): ClientBody {
  return {
    client_id: client.id,
    client_name: client.name,
    ...renderLocalizedNames(client.localizedNames),
    token_endpoint_auth_method: client.authenticationMethod,
    grant_types: client.grantTypes,
    response_types: mayUseCode(client) ? RESPONSE_TYPES : [],
    redirect_uris: client.redirectUris,
    require_pushed_authorization_requests: client.requiresPushedRequests,
    ...(client.clientUri === null ? {} : { client_uri: client.clientUri }),
    ...(client.policyUri === null ? {} : { policy_uri: client.policyUri }),
    ...(client.tosUri === null ? {} : { tos_uri: client.tosUri }),
    dpop_bound_access_tokens: client.dpopBoundAccessTokens,
    tls_client_certificate_bound_access_tokens: client.certificateBoundAccessTokens,
    ...(client.certificateSubject === null ? {} : { tls_client_auth_subject_dn: client.certificateSubject }),
    id_token_signed_response_alg: client.idTokenAlgorithm,
    subject_type: SUBJECT_TYPE,
    post_logout_redirect_uris: client.postLogoutRedirectUris,
    scope: client.scopes.join(" "),
    claims_redirect_uris: client.claimsRedirectUris,
    redirects_errors: client.redirectsErrors,
    may_push_claims: client.mayPushClaims,
    ...(client.jwks === null ? {} : { jwks: client.jwks }),
    ...(client.jwksUri === null ? {} : { jwks_uri: client.jwksUri }),
    issuer_client_ids: client.issuerClientIds,
    rpt_format: client.rptFormat,
    ...(client.resourceIdentifiers.length === 0 ? {} : { resource_identifiers: client.resourceIdentifiers }),
    introspects_with_own_credentials: client.introspectsWithOwnCredentials,
    connection_scopes: client.connectionScopes,
    provenance: client.provenance,
    client_id_issued_at: client.createdAt,
  };
}
