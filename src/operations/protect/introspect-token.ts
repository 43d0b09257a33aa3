import type { InactiveCause } from "../../events/event.ts";
import type { Introspector, LedgerDirectory } from "../../ledger/contract.ts";
import type { Client } from "../../protocol/client.ts";
import type { ConnectedCaller } from "../../protocol/connection.ts";
import { describeToken, hasBegun, INACTIVE } from "../../protocol/introspection.ts";
import type { RptLocator } from "../../protocol/locator.ts";
import { type Choices, mayIntrospect } from "../../protocol/profile.ts";
import { PROTECTION_SCOPE } from "../../protocol/wire/connection.ts";
import type { IntrospectionBody } from "../../protocol/wire/introspection.ts";
import { ProtocolError, unavailable } from "../../shared/error.ts";
import { type FindRptServices, findRpt } from "../find-rpt.ts";
import type { AccessTokenSigner } from "../ports/access-token.ts";
import type { ClientStore } from "../ports/client.ts";
import type { EventSink } from "../ports/event.ts";
import { checkStanding, connectionEnded } from "../under-connection.ts";
import { type IntrospectAccessTokenServices, introspectAccessToken } from "./introspect-access-token.ts";

interface IntrospectServices extends FindRptServices, IntrospectAccessTokenServices {
  readonly config: {
    readonly issuer: string;
    readonly profile: Pick<Choices, "bearerName" | "introspectionCallers">;
  };
  readonly tokens: AccessTokenSigner;
  readonly clients: ClientStore;
  readonly ledgers: LedgerDirectory;
  readonly events: EventSink;
}

/**
 * Introspects a token for the resource server and owner of a PAT (FedAuthz §5, RFC 7662). Of an RPT only the owner's
 * ledger can say yes; a token of another owner is not even asked for. The client is looked up beside it, not before.
 *
 * @throws ProtocolError invalid_token when the PAT's connection has ended, temporarily_unavailable
 */
export function introspectToken(
  services: IntrospectServices,
  caller: ConnectedCaller,
  token: string,
  now: number,
): Promise<IntrospectionBody> {
  return introspect(services, caller, token, now);
}

/**
 * The same for a resource server that is the audience of a token and shows so by its own credentials (RFC 7662 §2.1); a
 * switch of the operator, because UMA has it come with the owner's PAT.
 *
 * @throws ProtocolError invalid_token for a client that has to send a PAT, temporarily_unavailable
 */
export async function introspectAsClient(
  services: IntrospectServices,
  client: Client,
  token: string,
  now: number,
): Promise<IntrospectionBody> {
  if (!mayIntrospect(services.config.profile, client)) {
    const description =
      "this client has to introspect with an access token of the scope uma_protection (FedAuthz §5.1.1)";
    throw new ProtocolError("invalid_token", description, { reason: "not_an_introspector" });
  }
  return introspect(services, { clientId: client.id, generation: null }, token, now);
}

async function introspect(
  services: IntrospectServices,
  caller: Introspector,
  token: string,
  now: number,
): Promise<IntrospectionBody> {
  const locator = await findRpt(services, token, now);
  const found = locator
    ? await introspectRpt(services, caller, locator, now)
    : await introspectAccessToken(services, caller, token, now);
  const isActive = typeof found === "object";
  if (!isActive && found !== "ended") await checkCaller(services, caller);
  const { clientId } = caller;
  services.events.emit({ kind: "introspected", clientId, active: isActive, ...(isActive ? {} : { cause: found }) });
  return isActive ? found : INACTIVE;
}

/** Whoever was asked about a token asked after its caller first; about what nobody was asked about, that is still to do. */
async function checkCaller(services: IntrospectServices, caller: Introspector): Promise<void> {
  if (caller.generation !== null) await checkStanding(services, caller, PROTECTION_SCOPE);
}

/** What is told of an active RPT, or why it is none. */
async function introspectRpt(
  services: IntrospectServices,
  caller: Introspector,
  locator: RptLocator,
  now: number,
): Promise<IntrospectionBody | InactiveCause> {
  if (!hasBegun(locator.issuedAt, now)) return "not_good";
  if (caller.generation !== null && locator.ledger !== caller.ownerId) return "elsewhere";
  const ledger = services.ledgers.ledger(locator.ledger);
  const [reply, client] = await Promise.all([
    ledger.introspect({ caller, grantId: locator.grantId, tokenExpiresAt: locator.expiresAt }),
    services.clients.find(locator.clientId),
  ]);
  if (reply.outcome === "not_connected") {
    if (caller.generation === null) return "ended";
    throw connectionEnded();
  }
  if (reply.outcome === "unavailable") {
    throw unavailable("this cannot be told at present; try again shortly", reply.cause);
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
