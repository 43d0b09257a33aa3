import type { Warning } from "../shared/warning.ts";
import { type Client, mayUseCode } from "./client.ts";
import { type Choices, isServed, mayIntrospect, type ServedClients } from "./profile.ts";
import { type GrantType, JWT_BEARER_GRANT, TOKEN_EXCHANGE_GRANT, UMA_TICKET_GRANT } from "./wire/client.ts";
import { IDENTITY_SCOPES } from "./wire/identity.ts";

/**
 * What an operator may well have meant otherwise: registrations that are in order, and with which a client gets nothing,
 * or less than it seems to.
 */

interface Rule extends Warning {
  readonly holds: (client: Client) => boolean;
}

const may = ({ grantTypes }: Client, grant: GrantType) => grantTypes.includes(grant);
const asksForAccess = (client: Client) => may(client, UMA_TICKET_GRANT);
const exchanges = (client: Client) => may(client, TOKEN_EXCHANGE_GRANT);
const signs = ({ authenticationMethod }: Client) => authenticationMethod === "private_key_jwt";
// Who signs people in says so in `scope` as well (OpenID Connect Core §5.4), which needs no ticket.
const isOfResources = (scope: string) => IDENTITY_SCOPES.every((known) => known !== scope);
const namesIssuers = ({ issuerClientIds }: Client) => Object.keys(issuerClientIds).length > 0;

const UNUSED_KEYS = "counts for nothing unless token_endpoint_auth_method is private_key_jwt";

const RULES: readonly Rule[] = [
  {
    path: "grant_types",
    holds: ({ grantTypes }) => grantTypes.length === 0,
    message: "is empty, so this client can get no token; name the grants that it may use",
  },
  {
    path: "grant_types",
    holds: (client) =>
      may(client, "refresh_token") && !asksForAccess(client) && !mayUseCode(client) && !exchanges(client),
    message:
      `has refresh_token without ${UMA_TICKET_GRANT}, authorization_code or ${TOKEN_EXCHANGE_GRANT}, ` +
      "the grants that give refresh tokens",
  },
  {
    path: "may_push_claims",
    // Grant §5.7: nobody's claims count by default.
    holds: (client) => asksForAccess(client) && !client.mayPushClaims && client.claimsRedirectUris.length === 0,
    message:
      "is false, so this client can satisfy no policy that asks for claims; set it to true if ID Tokens that it pushes " +
      "shall count, or register claims_redirect_uris if it shall send people here",
  },
  {
    path: "may_push_claims",
    holds: (client) => exchanges(client) && !client.mayPushClaims,
    message: "is false, so no token counts that this client exchanges",
  },
  {
    path: "may_push_claims",
    holds: (client) => client.mayPushClaims && !asksForAccess(client) && !exchanges(client),
    message: `counts for nothing without the grant type ${UMA_TICKET_GRANT} or ${TOKEN_EXCHANGE_GRANT}`,
  },
  {
    path: "scope",
    holds: (client) => client.scopes.some(isOfResources) && !asksForAccess(client),
    message: `counts for nothing without the grant type ${UMA_TICKET_GRANT}`,
  },
  {
    path: "issuer_client_ids",
    holds: (client) => namesIssuers(client) && !client.mayPushClaims,
    message: "counts for nothing unless may_push_claims is true",
  },
  {
    path: "claims_redirect_uris",
    holds: (client) => client.claimsRedirectUris.length > 0 && !asksForAccess(client),
    message: `counts for nothing without the grant type ${UMA_TICKET_GRANT}`,
  },
  {
    path: "redirect_uris",
    holds: (client) => client.redirectUris.length > 0 && !mayUseCode(client),
    message: "counts for nothing without the grant type authorization_code",
  },
  {
    path: "require_pushed_authorization_requests",
    holds: (client) => client.requiresPushedRequests && !mayUseCode(client),
    message: "counts for nothing without the grant type authorization_code",
  },
  { path: "jwks", holds: (client) => client.jwks !== null && !signs(client), message: UNUSED_KEYS },
  { path: "jwks_uri", holds: (client) => client.jwksUri !== null && !signs(client), message: UNUSED_KEYS },
];

/** Of the configuration, what decides which registrations are of use here. */
export interface ClientChoices extends ServedClients {
  readonly profile: Pick<Choices, "clientAuthentication" | "introspectionCallers">;
}

/**
 * @param trusted those of the issuers in `issuer_client_ids` that are trusted.
 * @param choices which clients this server serves, and with what
 */
export function reviewClient(client: Client, trusted: readonly string[], choices: ClientChoices): readonly Warning[] {
  const broken = RULES.filter(({ holds }) => holds(client)).map(({ path, message }) => ({ path, message }));
  const unknown = Object.keys(client.issuerClientIds).filter((issuer) => !trusted.includes(issuer));
  const unserved = isServed(choices, client.authenticationMethod) ? [] : [NOT_SERVED];
  const isUnheard = client.introspectsWithOwnCredentials && !mayIntrospect(choices.profile, client);
  return [...unserved, ...broken, ...(isUnheard ? [NOT_HEARD] : []), ...unknown.map(untrusted)];
}

const NOT_HEARD: Warning = {
  path: "introspects_with_own_credentials",
  message:
    "counts for nothing where every resource server introspects with a PAT (INTROSPECTION_CALLERS), or has no credentials",
};

const NOT_SERVED: Warning = {
  path: "token_endpoint_auth_method",
  message:
    "is one by which this server serves no clients (CLIENT_AUTHENTICATION, CLIENT_CERTIFICATES), so this client gets nothing",
};

function untrusted(issuer: string): Warning {
  return {
    path: "issuer_client_ids",
    message: `names ${issuer}, which is not trusted; name it exactly as its entry under /admin/issuers does`,
  };
}

/** Access tokens under a connection come by consent in a browser, or to the client itself (RFC 6749 §4.1, §4.4). */
export function mayUseConnections(client: Pick<Client, "grantTypes">): boolean {
  const { grantTypes } = client;
  return grantTypes.includes("client_credentials") || grantTypes.includes(JWT_BEARER_GRANT) || mayUseCode(client);
}

/** Of a client that is connected to an owner and may not use that. */
export const UNUSABLE_CONNECTION: Warning = {
  path: "grant_types",
  message:
    "lacks client_credentials and authorization_code, so this client can get no token for the owners to whom it is connected",
};

const NO_CONNECTION: Warning = {
  path: "grant_types",
  message:
    "has client_credentials, but no owner is connected to this client, so it can get no token by it: " +
    "PUT /admin/owners/{id}/connections/{client}",
};

/** What a client that has been there for a while lacks to act for owners, as resource servers and owners' tools do. */
export function reviewConnections(client: Client, isConnected: boolean): readonly Warning[] {
  // Whoever asks people themselves is connected by them, one by one.
  if (mayUseConnections(client) === isConnected || (mayUseCode(client) && !isConnected)) return [];
  return [isConnected ? UNUSABLE_CONNECTION : NO_CONNECTION];
}
