import { checkOwnTarget } from "../../protocol/access-request.ts";
import { type Client, isPublic } from "../../protocol/client.ts";
import type { Connection } from "../../protocol/connection.ts";
import type { Confirmation } from "../../protocol/wire/confirmation.ts";
import type { TokenBody } from "../../protocol/wire/token.ts";
import { invalidRequest, ProtocolError } from "../../shared/error.ts";
import type { ConnectionStore } from "../ports/connection.ts";
import type { Randomness } from "../ports/secret.ts";
import { type IssueConnectionTokenServices, issueConnectionToken } from "./issue-connection-token.ts";

interface AuthorizeResourceServerServices extends IssueConnectionTokenServices {
  readonly connections: Pick<ConnectionStore, "find" | "listByClient">;
  readonly randomness: Randomness;
}

interface AuthorizationRequest {
  /** Null: everything the connection allows. */
  readonly scopes: readonly string[] | null;
  /** Which owner the client wants to act for; null when only one has connected it. */
  readonly ownerId: string | null;
  /** The parameters `resource` (RFC 8707 §2), as identifiers are compared; empty: none was sent. */
  readonly resources: readonly string[];
  /** Null: none were sent. */
  readonly authorizationDetails: string | null;
  /** What the token is to be bound to; null: nothing. */
  readonly confirmation: Confirmation | null;
}

/**
 * Issues a PAT, or a token for the owner's tools, to a client that an owner has connected (FedAuthz §1.3, RFC 6749
 * §4.4). The consent is the connection; the token names its generation and ends with it.
 * @throws ProtocolError unauthorized_client, invalid_request, invalid_target, invalid_authorization_details,
 *   invalid_grant or invalid_scope.
 */
export async function authorizeResourceServer(
  services: AuthorizeResourceServerServices,
  client: Client,
  request: AuthorizationRequest,
  now: number,
): Promise<TokenBody> {
  if (isPublic(client)) throw new ProtocolError("unauthorized_client", "a public client cannot act on its own behalf");
  checkOwnTarget(services.config.issuer, request.resources);
  if (request.authorizationDetails !== null) throw noDetails();
  const connection = await chooseConnection(services, client, request.ownerId);
  const scope = grantedScopes(connection, request.scopes).join(" ");
  const tokenId = services.randomness.id();
  const { confirmation } = request;
  const order = { ...connection, scope, tokenId, issuedAt: now, confirmation, person: null };
  return issueConnectionToken(services, order);
}

/**
 * A token speaks for exactly one owner (FedAuthz §1.3), so with several the client has to say which. Two are enough to
 * see that there are several: a resource server may have as many as there are owners.
 */
async function chooseConnection(
  { connections }: AuthorizeResourceServerServices,
  client: Client,
  ownerId: string | null,
): Promise<Connection> {
  const [connection, another] =
    ownerId === null ? await connections.listByClient(client.id, 2) : [await connections.find(ownerId, client.id)];
  if (!connection) throw new ProtocolError("invalid_grant", "no such resource owner has connected this client");
  if (!another) return connection;
  throw invalidRequest("several resource owners have connected this client: set resource_owner");
}

/** RFC 6749 §3.3: without a scope the token gets all that the connection allows. */
function grantedScopes(connection: Connection, requested: readonly string[] | null): readonly string[] {
  const allowed: readonly string[] = connection.scopes;
  const excess = requested?.find((scope) => !allowed.includes(scope));
  if (excess === undefined) return requested ?? allowed;
  throw new ProtocolError("invalid_scope", `the connection does not allow the scope ${excess}`);
}

/** Whoever asks for less in detail would be given more (RFC 9396 §6). */
function noDetails(): ProtocolError {
  const description = "an access token for this server itself knows no authorization_details: leave them out";
  return new ProtocolError("invalid_authorization_details", description);
}
