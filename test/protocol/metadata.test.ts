import { expect, it } from "vitest";
import { describeServer } from "../../src/protocol/metadata.ts";
import { PROFILES } from "../../src/protocol/profile.ts";

it("the server's metadata names every endpoint below the issuer, and what may be used there", () => {
  const methods = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"];
  const metadata = describeServer({
    issuer: "https://as.example/tenant",
    clientCertificates: false,
    documents: { service_documentation: "https://docs.example", op_policy_uri: undefined, op_tos_uri: undefined },
    profile: PROFILES.default.choices,
    signingAlgorithms: ["ES256"],
    clientRegistration: "open",
    clientDocuments: false,
  });
  expect(metadata).toMatchObject({
    issuer: "https://as.example/tenant",
    authorization_endpoint: "https://as.example/tenant/authorize",
    pushed_authorization_request_endpoint: "https://as.example/tenant/par",
    token_endpoint: "https://as.example/tenant/token",
    jwks_uri: "https://as.example/tenant/jwks",
    revocation_endpoint: "https://as.example/tenant/revocation",
    introspection_endpoint: "https://as.example/tenant/introspection",
    permission_endpoint: "https://as.example/tenant/permission",
    resource_registration_endpoint: "https://as.example/tenant/resources",
    authorization_response_iss_parameter_supported: true,
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    code_challenge_methods_supported: ["S256"],
    scopes_supported: ["openid", "email", "profile", "uma_protection", "uma_policy"],
    userinfo_endpoint: "https://as.example/tenant/userinfo",
    end_session_endpoint: "https://as.example/tenant/logout",
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256", "ES256"],
    request_uri_parameter_supported: false,
    grant_types_supported: [
      "urn:ietf:params:oauth:grant-type:uma-ticket",
      "authorization_code",
      "client_credentials",
      "refresh_token",
      "urn:ietf:params:oauth:grant-type:jwt-bearer",
      "urn:ietf:params:oauth:grant-type:token-exchange",
    ],
    authorization_details_types_supported: ["uma_resource"],
    token_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_methods_supported: methods,
    introspection_endpoint_auth_methods_supported: ["Bearer", "DPoP", ...methods.slice(0, 3)],
    introspection_signing_alg_values_supported: ["ES256"],
    uma_profiles_supported: [
      "http://openid.net/specs/openid-connect-core-1_0.html#IDToken",
      "https://as.example/tenant/profile#default",
    ],
  });
});
