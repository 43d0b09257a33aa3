import { ProtocolError } from "../shared/error.ts";
import type { Client } from "./client.ts";
import { hostOf } from "./client-home.ts";
import {
  type ClientRegistration,
  parseClientRegistration,
  renderClient,
  withoutOperatorsMembers,
} from "./client-registration.ts";
import { isTaggedName } from "./localized-names.ts";
import { isServed, type ServedClients, servedMethods } from "./profile.ts";
import type { RegistrationAllowance } from "./registration-allowance.ts";
import { UMA_TICKET_GRANT } from "./wire/client.ts";
import { CONNECTION_SCOPES } from "./wire/connection.ts";

/** On which terms a client says something about itself. */
export interface MetadataTerms {
  /** What it is called where it gives itself no name (RFC 7591 §2). */
  readonly clientId: string;
  readonly allowance: RegistrationAllowance;
  /** A URL at the host that is known to be the client's; null: none is. */
  readonly home: string | null;
  readonly config: ServedClients & {
    /** Ours, which tells whether plain http on loopback is in order. */
    readonly issuer: string;
  };
}

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads what a client says about itself (RFC 7591 §2). Members that are not known, or are the operator's to say, are
 * ignored; what it may not have of what it asks for is left out, or refused where it could do nothing without it.
 * @param attested members that somebody else vouches for: they count for more (RFC 7591 §2.3).
 * @throws ProtocolError invalid_redirect_uri or invalid_client_metadata (RFC 7591 §3.2.2)
 */
export function parseClientMetadata(input: unknown, terms: MetadataTerms, attested: Members = {}): ClientRegistration {
  if (typeof input !== "object" || input === null || Array.isArray(input)) throw refused("body: must be an object");
  const own = withoutOperatorsMembers(dropNulls(input));
  const vouched = withoutOperatorsMembers(dropNulls(attested));
  // INVARIANT: a name that somebody vouches for is the name in every language.
  const said = Object.hasOwn(vouched, "client_name") ? withoutTaggedNames(own) : own;
  const registration = parse({ ...said, ...vouched }, terms);
  checkGrants(registration, terms.allowance);
  checkMethod(registration, terms.config);
  checkRedirects(registration, terms.config.issuer);
  return { ...limit(registration, terms.allowance), ...keepOwnPages(registration, terms, vouched) };
}

function parse(members: Members, { clientId, config }: MetadataTerms): ClientRegistration {
  try {
    return parseClientRegistration({ ...defaults(members, clientId), ...members }, config.issuer);
  } catch (error) {
    throw error instanceof ProtocolError ? metadataError(error) : error;
  }
}

/**
 * RFC 7591 §2: whoever says nothing uses the code. But whoever names no URI for it cannot, and came for what this server
 * is there for.
 */
function defaults(members: Members, clientId: string): Members {
  const [tagged] = Object.keys(members).filter(isTaggedName);
  const name = tagged === undefined ? clientId : members[tagged];
  const usesCode = Array.isArray(members.redirect_uris) && members.redirect_uris.length > 0;
  return { client_name: name, grant_types: [usesCode ? "authorization_code" : UMA_TICKET_GRANT] };
}

function checkGrants({ grantTypes }: ClientRegistration, allowance: RegistrationAllowance): void {
  const denied = grantTypes.filter((grant) => !allowance.grantTypes.includes(grant));
  if (denied.length > 0) throw refused(`grant_types: ${denied.join(" ")} is not for clients that register like this`);
}

function checkMethod({ authenticationMethod }: ClientRegistration, config: ServedClients): void {
  if (isServed(config, authenticationMethod)) return;
  throw refused(`token_endpoint_auth_method: must be one of ${servedMethods(config).join(", ")}`);
}

/** Whoever registers itself is shown by the hosts that it sends people back to: none is known by ours. */
function checkRedirects({ redirectUris, claimsRedirectUris }: ClientRegistration, issuer: string): void {
  const isOurs = (uri: string) => new URL(uri).origin === new URL(issuer).origin;
  const member = redirectUris.some(isOurs) ? "redirect_uris" : "claims_redirect_uris";
  if (![...redirectUris, ...claimsRedirectUris].some(isOurs)) return;
  throw new ProtocolError("invalid_redirect_uri", `${member}: must lead away from this server`);
}

function limit(registration: ClientRegistration, allowance: RegistrationAllowance): ClientRegistration {
  const { scopes } = registration;
  const isConnectionScope = (scope: string) => CONNECTION_SCOPES.some((known) => known === scope);
  return {
    ...registration,
    scopes: scopes.filter((scope) => !isConnectionScope(scope)),
    connectionScopes: allowance.connectionScopes.filter((scope) => scopes.includes(scope)),
    mayPushClaims: allowance.mayPushClaims,
  };
}

/** A link that nobody vouches for leads only to where the client is at home, or where people are sent anyway (RFC 7591 §5). */
function keepOwnPages(
  { redirectUris, claimsRedirectUris, clientUri, policyUri, tosUri }: ClientRegistration,
  { home }: MetadataTerms,
  vouched: Members,
): Pick<ClientRegistration, "clientUri" | "policyUri" | "tosUri"> {
  const hosts = (home === null ? [...redirectUris, ...claimsRedirectUris] : [home]).map(hostOf);
  const isOwn = (uri: string) => hostOf(uri) !== null && hosts.includes(hostOf(uri));
  const keep = (member: string, uri: string | null) =>
    uri !== null && (Object.hasOwn(vouched, member) || isOwn(uri)) ? uri : null;
  return {
    clientUri: keep("client_uri", clientUri),
    policyUri: keep("policy_uri", policyUri),
    tosUri: keep("tos_uri", tosUri),
  };
}

/** RFC 7591 §3.2.2 has a code for where people are sent, and one for all else. */
function metadataError({ message }: ProtocolError): ProtocolError {
  const isRedirect = /^(?:claims_)?redirect_uris\b/.test(message);
  return isRedirect ? new ProtocolError("invalid_redirect_uri", message) : refused(message);
}

function refused(description: string): ProtocolError {
  return new ProtocolError("invalid_client_metadata", description);
}

function withoutTaggedNames(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([member]) => !isTaggedName(member)));
}

function dropNulls(members: object): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}

/**
 * A client as it is registered, in the words of RFC 7591 §3.2.1. What is empty says nothing and is left out, but for what
 * it may do: an empty list there says that it may nothing.
 */
export function renderClientMetadata(client: Client): Members {
  const { client_id, client_id_issued_at, ...members } = renderClient(client);
  const scope = [...client.scopes, ...client.connectionScopes].join(" ");
  const said = Object.entries(withoutOperatorsMembers({ ...members, scope }));
  const isTold = (member: string, value: unknown) =>
    value !== "" && !(member.endsWith("_uris") && Array.isArray(value) && value.length === 0);
  return {
    client_id,
    client_id_issued_at,
    ...Object.fromEntries(said.filter(([member, value]) => isTold(member, value))),
  };
}
