import { type AccessRequest, invalidTarget } from "../../protocol/access-request.ts";
import type { Door } from "../../protocol/door.ts";
import type { RequestedPermission } from "../../protocol/permission.ts";
import { isWithin } from "../../protocol/resource-identifier.ts";
import type { PermissionTicket } from "../../protocol/ticket.ts";
import { invalidRequest, ProtocolError } from "../../shared/error.ts";
import { MAX_PERMISSIONS, MAX_REQUESTED_SCOPES } from "../../shared/limits.ts";
import type { ClientStore } from "../ports/client.ts";
import type { AskedName, DoorStore, NamedResource } from "../ports/door.ts";
import type { Sealer } from "../ports/seal.ts";
import type { Randomness } from "../ports/secret.ts";
import { sealTicket } from "../sealed-ticket.ts";

export interface AskForAccessServices {
  readonly config: { readonly ticketLifetime: number };
  readonly clients: Pick<ClientStore, "find">;
  readonly doors: Pick<DoorStore, "find">;
  readonly randomness: Randomness;
  readonly sealer: Sealer;
}

/** Who asks, and for what. */
interface Asking {
  /** The process is this client's from the first. */
  readonly clientId: string;
  readonly access: AccessRequest;
  /** What is the asking person's own; null: nobody known asks. */
  readonly ownOwnerId: string | null;
}

/** What was asked for, as if its resource server had asked for it (FedAuthz §4). */
export interface AskedAccess {
  readonly ticket: PermissionTicket;
  readonly door: Door;
}

/**
 * The one way through every door: turns what a client asks for by name into a ticket, which the assessment and the
 * owner's ledger take for any other. It says what was asked, whatever policy may say of it later, and writes nothing. A
 * resource that has an identifier is one that clients may ask for themselves.
 * @throws ProtocolError invalid_target, alike for names that there are not and for those that lead to several owners or
 *   servers; invalid_scope or invalid_authorization_details for what nobody can do there; invalid_request for too much
 */
export async function askForAccess(
  services: AskForAccessServices,
  { clientId, access, ownOwnerId }: Asking,
  now: number,
): Promise<AskedAccess> {
  const names = namesIn(access);
  const found = await services.doors.find(names, ownOwnerId);
  const [first] = found;
  const isOne = found.every(({ ownerId, resourceServerId }) => {
    return ownerId === first?.ownerId && resourceServerId === first.resourceServerId;
  });
  if (first === undefined || found.length < names.length || !isOne) throw noSuchTarget();
  const keeper = await services.clients.find(first.resourceServerId);
  // INVARIANT: what lay below one of its identifiers when it was registered counts no longer than that stands.
  const isKept = found.every(({ location }) => isWithin(location, keeper?.resourceIdentifiers ?? []));
  if (!isKept) throw noSuchTarget();
  const ticket: PermissionTicket = {
    id: services.randomness.id(),
    processId: services.randomness.id(),
    step: 0,
    ledger: first.ledger,
    resourceServerId: first.resourceServerId,
    connectionGeneration: first.connectionGeneration,
    tokenId: null,
    rptFormat: first.rptFormat,
    clientId,
    permissions: permissionsOf(access, found),
    expiresAt: now + services.config.ticketLifetime,
  };
  // It goes on inside codes and visits, which have as much room for one as others have.
  await sealTicket(services.sealer, ticket);
  const [resources, details] = [found.slice(0, access.resources.length), found.slice(access.resources.length)];
  return { ticket, door: { resources, details } };
}

/** First the resources, then the details. */
function namesIn({ resources, details }: AccessRequest): readonly AskedName[] {
  return [...resources.map((location) => ({ location, identifier: null })), ...details];
}

function noSuchTarget(): ProtocolError {
  return invalidTarget("no resource by this name can be asked for here, or the names lead to different places");
}

/** What is asked for of the same resource in several ways is one permission. */
function permissionsOf(access: AccessRequest, found: readonly NamedResource[]): readonly RequestedPermission[] {
  const named = found.slice(0, access.resources.length);
  const detailed = found.slice(access.resources.length);
  const asked = [
    ...named.map((resource) => ({ resource, scopes: scopesFor(resource, access.scopes) })),
    ...detailed.map((resource, place) => ({
      resource,
      scopes: actionsFor(resource, access.details[place]?.actions ?? null),
    })),
  ];
  checkAllFit(access.scopes ?? [], named);
  const permissions = new Map<string, ReadonlySet<string>>();
  for (const { resource, scopes } of asked) {
    permissions.set(resource.resourceId, new Set([...(permissions.get(resource.resourceId) ?? []), ...scopes]));
  }
  const count = [...permissions.values()].reduce((sum, { size }) => sum + size, 0);
  if (permissions.size > MAX_PERMISSIONS || count > MAX_REQUESTED_SCOPES) throw invalidRequest(TOO_MUCH);
  return [...permissions].map(([resourceId, scopes]) => ({ resourceId, scopes: [...scopes] }));
}

const TOO_MUCH = `at most ${MAX_PERMISSIONS} resources and ${MAX_REQUESTED_SCOPES} scopes can be asked for at once`;

/** INVARIANT: a resource of which a scope was asked for is asked for with one: nothing is asked for by leaving all out. */
function scopesFor({ scopes }: NamedResource, asked: AccessRequest["scopes"]): readonly string[] {
  if (asked === null) return scopes;
  const fitting = asked.filter((scope) => scopes.includes(scope));
  if (fitting.length > 0) return fitting;
  throw new ProtocolError("invalid_scope", "a resource has none of these scopes");
}

function checkAllFit(scopes: readonly string[], resources: readonly NamedResource[]): void {
  if (scopes.every((scope) => resources.some((resource) => resource.scopes.includes(scope)))) return;
  throw new ProtocolError("invalid_scope", "a scope is not one of the resource that it is asked for");
}

function actionsFor({ scopes }: NamedResource, asked: readonly string[] | null): readonly string[] {
  if (asked === null) return scopes;
  if (asked.every((action) => scopes.includes(action))) return asked;
  const description = "actions: names a scope that the resource does not have";
  throw new ProtocolError("invalid_authorization_details", description);
}
