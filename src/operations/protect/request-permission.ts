import type { ConnectedCaller } from "../../protocol/connection.ts";
import { findRequestFault, type RequestedPermission } from "../../protocol/permission.ts";
import { invalidRequest, type ProtocolError } from "../../shared/error.ts";
import { MAX_DECISION_STEPS } from "../../shared/limits.ts";
import type { EventSink } from "../ports/event.ts";
import type { RequestableResources, ResourceStore } from "../ports/resource.ts";
import type { Sealer } from "../ports/seal.ts";
import type { Randomness } from "../ports/secret.ts";
import { sealTicket } from "../sealed-ticket.ts";
import { requireStanding } from "../under-connection.ts";

interface RequestPermissionServices {
  readonly config: { readonly ticketLifetime: number };
  readonly resources: Pick<ResourceStore, "loadForPermission">;
  readonly randomness: Randomness;
  readonly sealer: Sealer;
  readonly events: EventSink;
}

/**
 * Makes the permission ticket that a resource server hands to a client (FedAuthz §4). It says what was asked, whatever
 * policy may say of it later, and writes nothing (docs/design.md, decision 1).
 * @returns the ticket.
 * @throws ProtocolError invalid_token, invalid_resource_id, invalid_scope, or invalid_request for too many permissions.
 */
export async function requestPermission(
  services: RequestPermissionServices,
  caller: ConnectedCaller,
  permissions: readonly RequestedPermission[],
  now: number,
): Promise<string> {
  const ids = permissions.map(({ resourceId }) => resourceId);
  const mayBeAsked = (known: RequestableResources) => findFault(permissions, known) === null;
  const found = requireStanding(await services.resources.loadForPermission(caller, ids, mayBeAsked));
  const fault = findFault(permissions, found);
  if (fault) throw fault;
  services.events.emit({
    kind: "ticket_issued",
    ownerId: caller.ownerId,
    clientId: caller.clientId,
    resources: permissions.length,
  });
  return sealTicket(services.sealer, {
    id: services.randomness.id(),
    processId: services.randomness.id(),
    step: 0,
    ledger: found.ledger,
    resourceServerId: caller.clientId,
    connectionGeneration: caller.generation,
    tokenId: caller.tokenId,
    rptFormat: found.rptFormat,
    clientId: null,
    permissions,
    expiresAt: now + services.config.ticketLifetime,
  });
}

function findFault(
  permissions: readonly RequestedPermission[],
  { resources, steps }: RequestableResources,
): ProtocolError | null {
  const fault = findRequestFault(permissions, resources);
  // Better told now to who can ask for less, than refused to who cannot (ledger/README.md, rule 11).
  if (fault || steps <= MAX_DECISION_STEPS) return fault;
  return invalidRequest("more policies are about these resources than can be weighed at once: ask for fewer");
}
