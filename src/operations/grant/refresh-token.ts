import type { LedgerDirectory, RefreshReply } from "../../ledger/contract.ts";
import type { Whereabouts } from "../../policy/evaluation/where.ts";
import { checkAskedFor, checkOwnTarget } from "../../protocol/access-request.ts";
import { type Client, isPublic } from "../../protocol/client.ts";
import { locationsIn, scopeOfPermissions } from "../../protocol/door.ts";
import { parseConnectionRefreshLocator, parseRefreshLocator } from "../../protocol/locator.ts";
import type { Confirmation } from "../../protocol/wire/confirmation.ts";
import type { TokenBody } from "../../protocol/wire/token.ts";
import { ProtocolError, unavailable } from "../../shared/error.ts";
import { checkRefreshBinding } from "../authenticate/confirmation.ts";
import { refreshConnection, tellReuse } from "../authorize/refresh-connection.ts";
import type { EventSink } from "../ports/event.ts";
import type { Randomness } from "../ports/secret.ts";
import { type IssueServices, issueRpt, type TokenAnswer } from "./issue-rpt.ts";

interface RefreshServices extends IssueServices {
  readonly config: IssueServices["config"] & { readonly patLifetime: number };
  readonly ledgers: LedgerDirectory;
  readonly randomness: Randomness;
  readonly events: EventSink;
}

interface RefreshTokenRequest {
  readonly client: Client;
  readonly refreshToken: string;
  /** The `scope` parameter: limits the new RPT; null: all that the grant holds. */
  readonly scopes: readonly string[] | null;
  /** The parameters `resource` (RFC 8707 §2.2), as identifiers are compared; of an RPT that came of a ticket they say nothing. */
  readonly resources: readonly string[];
  /** What the new access token is to be bound to; null: nothing. */
  readonly confirmation: Confirmation | null;
  readonly whereabouts: Whereabouts;
}

/**
 * Renews an RPT (Grant §3.6), or an access token of a connection. Nothing is assessed: the ledger mints from what the
 * grant, or the consent, still holds.
 *
 * @throws ProtocolError invalid_grant, invalid_scope, invalid_target, invalid_dpop_proof, temporarily_unavailable
 */
export async function refreshToken(
  services: RefreshServices,
  { client, refreshToken, scopes, resources, confirmation, whereabouts }: RefreshTokenRequest,
): Promise<TokenAnswer> {
  // First what the key that never changes would open: asked about that one's name, the others would look for news.
  const connection = parseConnectionRefreshLocator(await services.sealer.open("connection_refresh", refreshToken));
  if (connection) {
    checkRefreshBinding(client, connection.confirmation, confirmation);
    checkOwnTarget(services.config.issuer, resources);
    return renewed(await refreshConnection(services, { client, locator: connection, scopes, confirmation }));
  }
  const locator = parseRefreshLocator(await services.sealer.open("refresh", refreshToken));
  if (!locator) throw notGood();
  checkRefreshBinding(client, locator.confirmation, confirmation);
  const { ledger, grantId, generation, audience } = locator;
  if (audience !== null) checkAskedFor(locationsIn(audience), resources);
  const reply = await services.ledgers.ledger(ledger).refresh({
    attemptId: services.randomness.id(),
    clientId: client.id,
    grantId,
    generation,
    rotate: isPublic(client),
    scopes,
    whereabouts,
  });
  tellReuse(services, reply, { ownerId: ledger, clientId: client.id });
  if (reply.outcome !== "refreshed") throw refusal(reply);
  const { permissions } = reply.rpt;
  services.events.emit({ kind: "refreshed", ownerId: ledger, clientId: client.id, permissions });
  const order = { ledger, clientId: client.id, rpt: reply.rpt, scopes, confirmation, audience };
  const body = await issueRpt(services, order);
  return renewed(audience === null ? body : { ...body, scope: scopeOfPermissions(permissions) });
}

function renewed(body: TokenBody): TokenAnswer {
  return { status: 200, body };
}

function refusal(reply: Exclude<RefreshReply, { readonly outcome: "refreshed" }>): ProtocolError {
  switch (reply.outcome) {
    case "invalid":
      return notGood();
    case "invalid_scope":
      return new ProtocolError("invalid_scope", "a refresh can only keep or limit the scopes of the grant");
    case "unavailable":
      return unavailable("try again shortly: the refresh token is still good", reply.cause);
  }
}

function notGood(): ProtocolError {
  return new ProtocolError("invalid_grant", "the refresh token is not good (any more): request access anew");
}
