import type { InactiveCause } from "../../events/event.ts";
import type { LedgerDirectory } from "../../ledger/contract.ts";
import type { ConnectedCaller } from "../../protocol/connection.ts";
import { describeToken, INACTIVE } from "../../protocol/introspection.ts";
import type { Choices } from "../../protocol/profile.ts";
import type { IntrospectionBody } from "../../protocol/wire/introspection.ts";
import { ProtocolError } from "../../shared/error.ts";
import { type FindRptServices, findRpt } from "../find-rpt.ts";
import type { ClientStore } from "../ports/client.ts";
import type { EventSink } from "../ports/event.ts";
import { connectionEnded } from "../under-connection.ts";

interface IntrospectServices extends FindRptServices {
  readonly config: { readonly issuer: string; readonly profile: Pick<Choices, "bearerName"> };
  readonly clients: ClientStore;
  readonly ledgers: LedgerDirectory;
  readonly events: EventSink;
}

/** Seconds after which an outage is worth another try. */
const RETRY_AFTER_SECONDS = 2;

/**
 * Introspects an RPT for the resource server and owner of a PAT (FedAuthz §5, RFC 7662). Only the owner's ledger can
 * say yes; a token of another owner is not even asked for. The client is looked up beside it, not before.
 *
 * @throws ProtocolError invalid_token when the PAT's connection has ended, temporarily_unavailable
 */
export async function introspectToken(
  services: IntrospectServices,
  caller: ConnectedCaller,
  token: string,
  now: number,
): Promise<IntrospectionBody> {
  const found = await findActive(services, caller, token, now);
  const isActive = typeof found === "object";
  const { clientId } = caller;
  services.events.emit({ kind: "introspected", clientId, active: isActive, ...(isActive ? {} : { cause: found }) });
  return isActive ? found : INACTIVE;
}

/** What is told of an active RPT, or why it is none. */
async function findActive(
  services: IntrospectServices,
  caller: ConnectedCaller,
  token: string,
  now: number,
): Promise<IntrospectionBody | InactiveCause> {
  const locator = await findRpt(services, token, now);
  if (!locator) return "not_good";
  if (locator.ledger !== caller.ownerId) return "elsewhere";
  const ledger = services.ledgers.ledger(locator.ledger);
  const [reply, client] = await Promise.all([
    ledger.introspect({ caller, grantId: locator.grantId, tokenExpiresAt: locator.expiresAt }),
    services.clients.find(locator.clientId),
  ]);
  if (reply.outcome === "not_connected") throw connectionEnded();
  if (reply.outcome === "unavailable") {
    throw new ProtocolError("temporarily_unavailable", "this cannot be told at present; try again shortly", {
      reason: reply.cause,
      retryAfter: RETRY_AFTER_SECONDS,
    });
  }
  if (reply.outcome === "inactive" || !client) return "ended";
  return describeToken({
    issuer: services.config.issuer,
    bearerName: services.config.profile.bearerName,
    resourceServerId: caller.clientId,
    partyReference: reply.partyReference,
    locator,
    permissions: reply.permissions,
  });
}
