import { ProtocolError } from "../../shared/error.ts";
import { type CloseServices, closeOwner } from "../close-owner.ts";
import type { Deletion } from "../ports/deletion.ts";
import type { Page } from "../ports/page.ts";
import { unknownOwner } from "./owners.ts";

/**
 * Deletes an owner, and the account of the person whose owner it is. An organisation that this person administered alone
 * stays, without an administrator: an operator can invite another.
 * @throws ProtocolError not_found
 */
export async function deleteOwner(services: CloseServices, ownerId: string, now: number): Promise<Deletion> {
  if (!(await services.deletions.requestByOperator(ownerId, now))) throw unknownOwner();
  await closeOwner(services, ownerId, now);
  services.events.emit({ kind: "administered", what: "delete_owner", subject: ownerId });
  return loadDeletion(services, ownerId);
}

/** @throws ProtocolError not_found */
export async function loadDeletion(
  { deletions }: Pick<CloseServices, "deletions">,
  ownerId: string,
): Promise<Deletion> {
  const deletion = await deletions.find(ownerId);
  if (deletion === null) throw new ProtocolError("not_found", "nobody asked for the end of an owner of this id");
  return deletion;
}

export function listDeletions(
  { deletions }: Pick<CloseServices, "deletions">,
  cursor: string | null,
  limit: number,
): Promise<Page<Deletion>> {
  return deletions.list(cursor, limit);
}
