import { ACCEPTED_ALGORITHMS } from "./algorithm.ts";
import { ID_TOKEN_FORMAT } from "./wire/claims.ts";
import { CLIENT_AUTHENTICATION_METHODS, GRANT_TYPES } from "./wire/client.ts";
import { CONNECTION_SCOPES } from "./wire/connection.ts";
import { ENDPOINTS } from "./wire/endpoints.ts";

/**
 * The server's metadata: RFC 8414 §2, Grant §2 and FedAuthz §2 in one document.
 *
 * `response_types_supported` is left out: §2 requires it, but there is no authorization endpoint to take a response type,
 * and §3.2 wants members without elements left out.
 */
export function describeServer(issuer: string): Record<string, unknown> {
  return {
    issuer,
    token_endpoint: issuer + ENDPOINTS.token,
    jwks_uri: issuer + ENDPOINTS.jwks,
    scopes_supported: CONNECTION_SCOPES,
    grant_types_supported: GRANT_TYPES,
    token_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION_METHODS,
    token_endpoint_auth_signing_alg_values_supported: ACCEPTED_ALGORITHMS,
    revocation_endpoint: issuer + ENDPOINTS.revocation,
    revocation_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION_METHODS,
    revocation_endpoint_auth_signing_alg_values_supported: ACCEPTED_ALGORITHMS,
    introspection_endpoint: issuer + ENDPOINTS.introspection,
    // RFC 8414 §2 lets token types stand here; the caller proves itself with a PAT (FedAuthz §5.1).
    introspection_endpoint_auth_methods_supported: ["Bearer"],
    permission_endpoint: issuer + ENDPOINTS.permission,
    resource_registration_endpoint: issuer + ENDPOINTS.resourceRegistration,
    uma_profiles_supported: [ID_TOKEN_FORMAT],
  };
}
