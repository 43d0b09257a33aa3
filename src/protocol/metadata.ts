import { ACCEPTED_ALGORITHMS } from "./algorithm.ts";
import { SUPPORTED_SCOPES } from "./authorization-request.ts";
import { PHISHING_RESISTANT } from "./identity.ts";
import { CODE_CHALLENGE_METHODS } from "./pkce.ts";
import { type Choices, profilesKept, profileUri, servedMethods } from "./profile.ts";
import { ACCESS_DETAIL_TYPE, PROMPTS } from "./wire/authorization.ts";
import { ID_TOKEN_FORMAT } from "./wire/claims.ts";
import { type ClientAuthenticationMethod, GRANT_TYPES, ID_JAG_PROFILE, RESPONSE_TYPES } from "./wire/client.ts";
import { ENDPOINTS } from "./wire/endpoints.ts";
import { CLAIMS_SUPPORTED, ID_TOKEN_ALGORITHMS, SUBJECT_TYPE } from "./wire/identity.ts";
import type { ClientRegistrationMode } from "./wire/registration.ts";

/** Pages about a server, by their members in its metadata (RFC 8414 §2); what is undefined is left out. */
export interface ServerDocuments {
  /** What developers need to know: among it who is responsible for which authorization rules (FedAuthz §1.4). */
  readonly service_documentation: string | undefined;
  /** How clients may use what they get from this server. */
  readonly op_policy_uri: string | undefined;
  readonly op_tos_uri: string | undefined;
}

/** Of the configuration, what shows in the metadata. */
export interface DescribedServer {
  readonly issuer: string;
  readonly documents: ServerDocuments;
  readonly profile: Choices;
  readonly clientCertificates: boolean;
  /** JWS names of what access tokens, and signed answers, are signed with. */
  readonly signingAlgorithms: readonly string[];
  readonly clientRegistration: ClientRegistrationMode;
  readonly clientDocuments: boolean;
}

/** The server's metadata: RFC 8414 §2, RFC 9126 §5, RFC 9207 §3, OIDC Discovery §3, Grant §2 and FedAuthz §2 in one document. */
export function describeServer(server: DescribedServer): Record<string, unknown> {
  const { issuer, documents, profile, clientCertificates } = server;
  const methods = servedMethods(server);
  return {
    issuer,
    ...documents,
    authorization_endpoint: issuer + ENDPOINTS.authorization,
    authorization_response_iss_parameter_supported: true,
    response_types_supported: RESPONSE_TYPES,
    response_modes_supported: ["query"],
    code_challenge_methods_supported: CODE_CHALLENGE_METHODS,
    authorization_details_types_supported: [ACCESS_DETAIL_TYPE],
    prompt_values_supported: PROMPTS,
    pushed_authorization_request_endpoint: issuer + ENDPOINTS.pushedAuthorization,
    require_pushed_authorization_requests: profile.pushedRequests === "required",
    token_endpoint: issuer + ENDPOINTS.token,
    jwks_uri: issuer + ENDPOINTS.jwks,
    scopes_supported: SUPPORTED_SCOPES,
    userinfo_endpoint: issuer + ENDPOINTS.userInfo,
    end_session_endpoint: issuer + ENDPOINTS.endSession,
    subject_types_supported: [SUBJECT_TYPE],
    id_token_signing_alg_values_supported: ID_TOKEN_ALGORITHMS,
    acr_values_supported: [PHISHING_RESISTANT],
    claims_supported: CLAIMS_SUPPORTED,
    // Said because leaving it out would say the opposite (OIDC Discovery §3).
    request_uri_parameter_supported: false,
    grant_types_supported: GRANT_TYPES,
    authorization_grant_profiles_supported: [ID_JAG_PROFILE],
    token_endpoint_auth_methods_supported: methods,
    token_endpoint_auth_signing_alg_values_supported: ACCEPTED_ALGORITHMS,
    dpop_signing_alg_values_supported: ACCEPTED_ALGORITHMS,
    tls_client_certificate_bound_access_tokens: clientCertificates,
    ...(server.clientRegistration === "closed" ? {} : { registration_endpoint: issuer + ENDPOINTS.registration }),
    ...(server.clientDocuments ? { client_id_metadata_document_supported: true } : {}),
    revocation_endpoint: issuer + ENDPOINTS.revocation,
    revocation_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_signing_alg_values_supported: ACCEPTED_ALGORITHMS,
    introspection_endpoint: issuer + ENDPOINTS.introspection,
    ...describeIntrospection(server),
    permission_endpoint: issuer + ENDPOINTS.permission,
    resource_registration_endpoint: issuer + ENDPOINTS.resourceRegistration,
    claims_interaction_endpoint: issuer + ENDPOINTS.claims,
    uma_profiles_supported: [ID_TOKEN_FORMAT, ...profilesKept(profile).map((name) => profileUri(issuer, name))],
  };
}

/**
 * RFC 8414 §2 lets token types stand among the methods: the caller proves itself with a PAT (FedAuthz §5.1), or, where
 * that is let, as the client that it is.
 */
function describeIntrospection(server: DescribedServer): Record<string, unknown> {
  const { profile, signingAlgorithms } = server;
  const methods = profile.introspectionCallers === "pat" ? [] : servedMethods(server).filter(isProof);
  return {
    introspection_endpoint_auth_methods_supported: ["Bearer", "DPoP", ...methods],
    ...(methods.includes("private_key_jwt")
      ? { introspection_endpoint_auth_signing_alg_values_supported: ACCEPTED_ALGORITHMS }
      : {}),
    introspection_signing_alg_values_supported: signingAlgorithms,
  };
}

const isProof = (method: ClientAuthenticationMethod) => method !== "none";
