import { type Client, isPublic } from "../../protocol/client.ts";
import type { Connection } from "../../protocol/connection.ts";
import type { TokenBody } from "../../protocol/wire/token.ts";
import { invalidRequest, ProtocolError } from "../../shared/error.ts";
import type { AccessTokenSigner } from "../ports/access-token.ts";
import type { ConnectionStore } from "../ports/connection.ts";
import type { EventSink } from "../ports/event.ts";
import type { Randomness } from "../ports/secret.ts";

interface AuthorizeResourceServerServices {
  readonly config: { readonly issuer: string; readonly patLifetime: number };
  readonly connections: Pick<ConnectionStore, "find" | "listByClient">;
  readonly tokens: Pick<AccessTokenSigner, "sign">;
  readonly randomness: Randomness;
  readonly events: EventSink;
}

interface AuthorizationRequest {
  /** Null: everything the connection allows. */
  readonly scopes: readonly string[] | null;
  /** Which owner the client wants to act for; null when only one has connected it. */
  readonly ownerId: string | null;
}

/**
 * Issues a PAT, or a token for the owner's tools, to a client that an owner has connected (FedAuthz §1.3, RFC 6749
 * §4.4). The consent is the connection; the token names its generation and ends with it.
 * @throws ProtocolError unauthorized_client, invalid_request, invalid_grant or invalid_scope.
 */
export async function authorizeResourceServer(
  services: AuthorizeResourceServerServices,
  client: Client,
  request: AuthorizationRequest,
  now: number,
): Promise<TokenBody> {
  if (isPublic(client)) throw new ProtocolError("unauthorized_client", "a public client cannot act on its own behalf");
  const connection = await chooseConnection(services, client, request.ownerId);
  const scope = grantedScopes(connection, request.scopes).join(" ");
  const accessToken = await services.tokens.sign({
    iss: services.config.issuer,
    sub: connection.ownerId,
    aud: services.config.issuer,
    client_id: client.id,
    iat: now,
    exp: now + services.config.patLifetime,
    jti: services.randomness.id(),
    scope,
    connection_generation: connection.generation,
  });
  services.events.emit({ kind: "token_issued", ownerId: connection.ownerId, clientId: client.id, scope });
  return { access_token: accessToken, token_type: "Bearer", expires_in: services.config.patLifetime, scope };
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
