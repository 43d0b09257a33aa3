import { type Client, DEFAULT_DETAILS } from "../../../src/protocol/client.ts";

/** A client that may do what a client does, but for what is said. */
export function clientNamed(id: string, more: Partial<Client> = {}): Client {
  return {
    id,
    name: id,
    authenticationMethod: "private_key_jwt",
    secretHash: null,
    jwks: null,
    jwksUri: null,
    grantTypes: ["urn:ietf:params:oauth:grant-type:uma-ticket"],
    scopes: [],
    redirectUris: [],
    requiresPushedRequests: false,
    clientUri: null,
    claimsRedirectUris: [],
    redirectsErrors: false,
    mayPushClaims: true,
    issuerClientIds: {},
    rptFormat: "jwt",
    createdAt: 0,
    ...DEFAULT_DETAILS,
    ...more,
  };
}
