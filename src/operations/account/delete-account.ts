import type { LedgerDirectory } from "../../ledger/contract.ts";
import { type CloseServices, closeOwner } from "../close-owner.ts";
import type { Account } from "../ports/account.ts";
import type { Deletion, SoleCharge } from "../ports/deletion.ts";
import { tellAdministrators } from "./tell-administrators.ts";

interface DeleteServices extends CloseServices {
  readonly ledgers: LedgerDirectory;
  readonly isOutage: (error: unknown) => boolean;
}

/**
 * Deletes an account, and everything that its person owns. Their rights at organisations end with it, and these are told.
 * @returns false when the person is the only administrator of one, and has to hand it over first; then nothing happened.
 */
export async function deleteAccount(
  services: DeleteServices,
  { id, ownerId }: Pick<Account, "id" | "ownerId">,
  now: number,
): Promise<boolean> {
  const left = await services.deletions.requestByPerson(id, now);
  if (left === null) return false;
  await closeOwner(services, ownerId, now);
  const ended = { what: "ended", accountId: id, administratorId: id } as const;
  await Promise.all(left.map((organisation) => tellAdministrators(services, organisation, ended)));
  return true;
}

/** The organisations that have nobody but this account to decide for them. */
export function listSoleCharges(
  { deletions }: Pick<CloseServices, "deletions">,
  { id }: Pick<Account, "id">,
  now: number,
): Promise<readonly SoleCharge[]> {
  return deletions.listSoleCharges(id, now);
}

/** How far the end of an owner has come; null: nobody asked for it. */
export function findDeletion(
  { deletions }: Pick<CloseServices, "deletions">,
  ownerId: string,
): Promise<Deletion | null> {
  return deletions.find(ownerId);
}
