import type { LedgerDirectory } from "../../ledger/contract.ts";
import { noSuchAdministrator } from "../account/administrators.ts";
import { tellAdministrators } from "../account/tell-administrators.ts";
import type { AdministratorStore, InvitedAdministrator } from "../ports/administrator.ts";
import type { EventSink } from "../ports/event.ts";
import type { OwnerStore } from "../ports/owner.ts";
import { loadOwner } from "./owners.ts";

interface AdministratorServices {
  readonly administrators: Pick<AdministratorStore, "listByOwner" | "end">;
  readonly owners: OwnerStore;
  readonly ledgers: LedgerDirectory;
  readonly events: EventSink;
  readonly isOutage: (error: unknown) => boolean;
}

/** @throws ProtocolError not_found when there is no such owner. */
export async function listAdministratorsForOwner(
  services: Pick<AdministratorServices, "administrators" | "owners">,
  ownerId: string,
  now: number,
): Promise<readonly InvitedAdministrator[]> {
  const [administrators] = await Promise.all([
    services.administrators.listByOwner(ownerId, now),
    loadOwner(services, ownerId),
  ]);
  return administrators;
}

/**
 * Ends somebody's right to act for an owner, the last one's too.
 * @throws ProtocolError not_found when no such account acts for the owner, or it is the person's own.
 */
export async function endForOwner(
  services: AdministratorServices,
  ownerId: string,
  accountId: string,
  now: number,
): Promise<void> {
  if (!(await services.administrators.end(ownerId, accountId, null, now))) throw noSuchAdministrator();
  await tellAdministrators(services, ownerId, { what: "ended", administratorId: accountId });
}
