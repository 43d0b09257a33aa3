import type { ConnectionRefreshReply, LedgerDirectory, RefreshReply } from "../../ledger/contract.ts";
import { type Client, isPublic } from "../../protocol/client.ts";
import type { ConnectionRefreshLocator } from "../../protocol/locator.ts";
import type { Confirmation } from "../../protocol/wire/confirmation.ts";
import { IDENTITY_SCOPES } from "../../protocol/wire/identity.ts";
import type { TokenBody } from "../../protocol/wire/token.ts";
import { ProtocolError } from "../../shared/error.ts";
import type { EventSink } from "../ports/event.ts";
import { type IssueFamilyTokensServices, issueFamilyTokens } from "./issue-family-tokens.ts";

interface RefreshConnectionServices extends IssueFamilyTokensServices {
  readonly ledgers: LedgerDirectory;
}

interface ConnectionRefresh {
  readonly client: Client;
  readonly locator: ConnectionRefreshLocator;
  /** The `scope` parameter: limits the new access token; null: all that was consented to. */
  readonly scopes: readonly string[] | null;
  /** What the new access token is to be bound to; null: nothing. */
  readonly confirmation: Confirmation | null;
}

/**
 * Renews the access token of a connection (RFC 6749 §6), while its owner is away.
 * @throws ProtocolError invalid_grant, invalid_scope
 */
export async function refreshConnection(
  services: RefreshConnectionServices,
  { client, locator, scopes, confirmation }: ConnectionRefresh,
): Promise<TokenBody> {
  const { ownerId, familyId, connectionGeneration, generation } = locator;
  const reply = await services.ledgers.ledger(ownerId).refreshConnection({
    attemptId: services.randomness.id(),
    clientId: client.id,
    familyId,
    connectionGeneration,
    generation,
    rotate: isPublic(client),
    scopes: scopes && withoutIdentity(scopes),
  });
  tellReuse(services, reply, { ownerId, clientId: client.id });
  if (reply.outcome === "invalid_scope") {
    throw new ProtocolError("invalid_scope", "a refresh can only keep or limit the scopes that were consented to");
  }
  if (reply.outcome === "invalid") {
    throw new ProtocolError("invalid_grant", "the refresh token is not good (any more): send its owner here again");
  }
  const { issuedAt, refreshGeneration } = reply;
  const order = { ownerId, clientId: client.id, familyId, connectionGeneration, refreshGeneration, issuedAt };
  // Who signed in is told at a sign-in: while they are away the app acts for them, and learns nothing more.
  return issueFamilyTokens(services, { ...order, scopes: reply.scopes, confirmation, person: null });
}

/**
 * An app that repeats the scope of its sign-in asks for nothing that it did not have (RFC 6749 §6); of that scope a refresh
 * gives only what is about the owner. Where nothing else is asked for it stays, and is refused.
 */
function withoutIdentity(scopes: readonly string[]): readonly string[] {
  const others = scopes.filter((scope) => !IDENTITY_SCOPES.some((one) => one === scope));
  return others.length === 0 ? scopes : others;
}

/** Tells the operator, as the ledger told the owner, that a refresh token which had been replaced came again (RFC 9700 §4.14.2). */
export function tellReuse(
  { events }: { readonly events: EventSink },
  reply: RefreshReply | ConnectionRefreshReply,
  at: { readonly ownerId: string; readonly clientId: string },
): void {
  if (reply.outcome === "invalid" && reply.isReused) events.emit({ kind: "refresh_reused", ...at });
}
