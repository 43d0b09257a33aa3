import { ProtocolError } from "../shared/error.ts";
import type { ClientAuthenticationMethod, GrantType } from "./wire/client.ts";
import { CONNECTION_SCOPES, type ConnectionScope } from "./wire/connection.ts";
import type { IdTokenAlgorithm } from "./wire/identity.ts";

/** How a resource server wants its RPTs (docs/design.md, decision 5). */
export type RptFormat = "jwt" | "opaque";

/**
 * Whose word it is that a client is registered by: the operator's, that of an issuer of software statements whom the
 * operator trusts, or nobody's but its own (RFC 7591 §5); and where it is not registered, that of the host of its id.
 */
export const PROVENANCES = ["operator", "software_statement", "itself", "document"] as const;
export type Provenance = (typeof PROVENANCES)[number];

/** What else is registered of a client; kept together, because nothing is looked for by it. */
export interface ClientDetails {
  /** What it does with what it gets, and on which terms, for people to read; never fetched. Null: it says nothing. */
  readonly policyUri: string | null;
  readonly tosUri: string | null;
  /** Of a resource server: clients ask for what it registers below these by name (RFC 8707); only an operator says so. */
  readonly resourceIdentifiers: readonly string[];
  /** Whether it gets no token that is not bound to a key of its own (RFC 9449 §5.2). */
  readonly dpopBoundAccessTokens: boolean;
  /** Of a resource server: whether it may introspect tokens for it as the client that it is, without a PAT. */
  readonly introspectsWithOwnCredentials: boolean;
  /** What it is called in some languages, by BCP 47 tag (RFC 7591 §2.2). */
  readonly localizedNames: Readonly<Record<string, string>>;
  readonly provenance: Provenance;
  /** For which of these it may ask people; whom the operator connects it to is the operator's to say. */
  readonly connectionScopes: readonly ConnectionScope[];
  /** Whether what it gets is bound to the certificate that it connects with (RFC 8705 §3.4). */
  readonly certificateBoundAccessTokens: boolean;
  /** The subject of the certificate by which it proves who it is (RFC 8705 §2.1.2); null: it proves it otherwise. */
  readonly certificateSubject: string | null;
  /** What ID Tokens for it are signed with (OpenID Connect Registration §2, id_token_signed_response_alg). */
  readonly idTokenAlgorithm: IdTokenAlgorithm;
  /** Where people may be sent back to once they have signed out (OpenID Connect RP-Initiated Logout §3). */
  readonly postLogoutRedirectUris: readonly string[];
}

/** Of a client that says no more than it must. */
export const DEFAULT_DETAILS: ClientDetails = {
  policyUri: null,
  tosUri: null,
  resourceIdentifiers: [],
  dpopBoundAccessTokens: false,
  introspectsWithOwnCredentials: false,
  localizedNames: {},
  provenance: "operator",
  connectionScopes: CONNECTION_SCOPES,
  certificateBoundAccessTokens: false,
  certificateSubject: null,
  idTokenAlgorithm: "RS256",
  postLogoutRedirectUris: [],
};

/** Any OAuth client: one that asks for access, a resource server, or an owner's tool. */
export interface Client extends ClientDetails {
  readonly id: string;
  readonly name: string;
  readonly authenticationMethod: ClientAuthenticationMethod;
  /** SHA-256 of the secret in base64url; null for clients without one. */
  readonly secretHash: string | null;
  /** Public keys for private_key_jwt: a JWK Set held here, or where to fetch it. */
  readonly jwks: { readonly keys: readonly object[] } | null;
  readonly jwksUri: string | null;
  readonly grantTypes: readonly GrantType[];
  /** The scopes it is pre-registered for: the RegisteredScopes of Grant §3.3.4. */
  readonly scopes: readonly string[];
  /** Where the authorization endpoint may send a browser (RFC 6749 §3.1.2); another list than that for claims. */
  readonly redirectUris: readonly string[];
  /** Whether it may ask for authorization by a pushed request alone (RFC 9126 §6). */
  readonly requiresPushedRequests: boolean;
  /** Its home page, for people to read; never fetched. Null: it has none. */
  readonly clientUri: string | null;
  readonly claimsRedirectUris: readonly string[];
  /**
   * Whether it is told at once what is wrong with a visit that it began. Only for clients that the operator trusts: else
   * this server would be a link to anywhere (RFC 9700 §4.11.2).
   */
  readonly redirectsErrors: boolean;
  /** Whether claim tokens it pushes count (Grant §5.7). */
  readonly mayPushClaims: boolean;
  /** Its client id at a trusted issuer, by issuer: an audience under which it may push ID Tokens. */
  readonly issuerClientIds: Readonly<Record<string, string>>;
  /** For a resource server: the form of the RPTs made for it. */
  readonly rptFormat: RptFormat;
  /** Epoch seconds. */
  readonly createdAt: number;
}

/** What people are shown of a client. */
export type ShownClient = Pick<Client, "name" | "localizedNames" | "provenance" | "clientUri">;

/** A public client cannot keep a secret, so it only names itself (RFC 6749 §2.1). */
export function isPublic(client: Client): boolean {
  return client.authenticationMethod === "none";
}

/** Whether it manages its registration (RFC 7592), which may end when it is not used. */
export function hasRegistrationOfItsOwn({ provenance }: Pick<Client, "provenance">): boolean {
  return provenance === "itself" || provenance === "software_statement";
}

/** Whether somebody who is trusted says that a client is what it is registered as. */
export function isVouchedFor({ provenance }: Pick<Client, "provenance">): boolean {
  return provenance === "operator" || provenance === "software_statement";
}

/**
 * Whether a consent to it may stand, so that nobody is asked twice: it proves who it is (RFC 6749 §10.2), and people know it
 * by what it cannot exchange. All that they know of one that registered itself is the place to which they were sent back,
 * and it may have any number of these.
 */
export function isKnownAgain(client: Client): boolean {
  return !isPublic(client) && client.provenance !== "itself";
}

/** Whether it may ask people at the authorization endpoint (RFC 6749 §4.1). */
export function mayUseCode({ grantTypes }: Pick<Client, "grantTypes">): boolean {
  return grantTypes.includes("authorization_code");
}

/** @throws ProtocolError unauthorized_client when the client was not registered for this grant. */
export function checkGrantAllowed(client: Client, grant: GrantType): void {
  if (client.grantTypes.includes(grant)) return;
  throw new ProtocolError("unauthorized_client", `this client is not registered for the grant type ${grant}`);
}

/** Whether it may send a requesting party here in a browser, because there is a place to send them back to (Grant §3.3.2). */
export function mayRedirect({ claimsRedirectUris }: Pick<Client, "claimsRedirectUris">): boolean {
  return claimsRedirectUris.length > 0;
}
