import type { ConnectedCaller } from "../../protocol/connection.ts";
import { checkRequestable, type RequestedPermission } from "../../protocol/permission.ts";
import { ProtocolError } from "../../shared/error.ts";
import { MAX_DECISION_STEPS } from "../../shared/limits.ts";
import type { ClientStore } from "../ports/client.ts";
import type { ResourceStore } from "../ports/resource.ts";
import type { Sealer } from "../ports/seal.ts";
import type { Randomness } from "../ports/secret.ts";
import { sealTicket } from "../sealed-ticket.ts";
import { connectionEnded, requireStanding } from "../under-connection.ts";

interface RequestPermissionServices {
  readonly config: { readonly ticketLifetime: number };
  readonly clients: Pick<ClientStore, "find">;
  readonly resources: Pick<ResourceStore, "loadForPermission">;
  readonly randomness: Randomness;
  readonly sealer: Sealer;
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
  const [answer, resourceServer] = await Promise.all([
    services.resources.loadForPermission(
      caller,
      permissions.map(({ resourceId }) => resourceId),
    ),
    services.clients.find(caller.clientId),
  ]);
  const { ledger, resources, steps } = requireStanding(answer);
  if (!resourceServer) throw connectionEnded();
  checkRequestable(permissions, resources);
  // Better told now to who can ask for less, than refused to who cannot (ledger/README.md, rule 11).
  if (steps > MAX_DECISION_STEPS) {
    throw new ProtocolError(
      "invalid_request",
      "more policies are about these resources than can be weighed at once: ask for fewer",
    );
  }
  return sealTicket(services.sealer, {
    id: services.randomness.id(),
    processId: services.randomness.id(),
    step: 0,
    ledger,
    resourceServerId: caller.clientId,
    connectionGeneration: caller.generation,
    tokenId: caller.tokenId,
    rptFormat: resourceServer.rptFormat,
    clientId: null,
    permissions,
    expiresAt: now + services.config.ticketLifetime,
  });
}
