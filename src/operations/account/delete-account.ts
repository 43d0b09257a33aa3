import type { CloseReply } from "../../ledger/contract.ts";
import { type CloseServices, closeOwner } from "../close-owner.ts";
import type { Account } from "../ports/account.ts";
import type { SoleCharge } from "../ports/deletion.ts";

/** What became of a person's wish to be gone. */
export type AccountDeletion =
  | ({ readonly outcome: "closed" } & CloseReply)
  /** They are the only administrator of these, and have to hand them over first. */
  | { readonly outcome: "in_charge"; readonly charges: readonly SoleCharge[] };

/** Deletes an account, and everything that its person owns. Their rights at organisations end with it. */
export async function deleteAccount(
  services: CloseServices,
  { id, ownerId }: Pick<Account, "id" | "ownerId">,
  now: number,
): Promise<AccountDeletion> {
  if (!(await services.deletions.requestByPerson(id, now))) {
    return { outcome: "in_charge", charges: await services.deletions.listSoleCharges(id, now) };
  }
  return { outcome: "closed", ...(await closeOwner(services, ownerId, now)) };
}
