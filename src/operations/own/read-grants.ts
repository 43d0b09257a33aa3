import { authorOf, byAccount, nameOf } from "../../ledger/change.ts";
import type { GrantsRequest, LedgerDirectory, LiveGrant } from "../../ledger/contract.ts";
import type { Actor } from "../../protocol/actor.ts";
import { unavailable } from "../../shared/error.ts";
import type { EventSink } from "../ports/event.ts";
import type { Page } from "../ports/page.ts";
import { connectionEnded, type Receipt, requireReceipt } from "../under-connection.ts";

interface GrantServices {
  readonly ledgers: LedgerDirectory;
}

/**
 * What is granted at present. A page may be short, or empty, and still have a next one.
 * @throws ProtocolError invalid_token when the connection has ended, temporarily_unavailable
 */
export async function listGrants(services: GrantServices, request: GrantsRequest): Promise<Page<LiveGrant>> {
  const reply = await services.ledgers.ledger(request.caller.ownerId).grants(request);
  switch (reply.outcome) {
    case "listed":
      return reply;
    case "not_connected":
      throw connectionEnded();
    case "unavailable":
      throw unavailable("this cannot be told at present; try again shortly", reply.cause);
  }
}

/** Ends one grant at once. @throws ProtocolError invalid_token, not_found */
export async function endGrant(
  services: GrantServices & { readonly events: EventSink },
  caller: Actor,
  id: string,
): Promise<Receipt> {
  const { ownerId } = caller;
  const receipt = requireReceipt(await services.ledgers.ledger(ownerId).endGrant(caller, id));
  const { clientId, accountId } = nameOf(authorOf(caller));
  services.events.emit({ kind: "cut", by: "grant", grantId: id, ownerId, clientId, ...byAccount(accountId) });
  return receipt;
}
