import type { Account, AccountStore } from "../ports/account.ts";
import type { EventSink } from "../ports/event.ts";

interface AddressServices {
  readonly accounts: Pick<AccountStore, "addProof" | "removeProof" | "findByAddress">;
  readonly events: EventSink;
}

export type AddressAdded =
  | "added"
  /** It is this account's already. */
  | "known"
  | "somebody_elses"
  /** The account has as many as it may. */
  | "full";

/** Adds an address whose code was just entered. INVARIANT: whose it is, is told to nobody who has not read its letters. */
export async function addAddress(
  { accounts, events }: AddressServices,
  { id }: Pick<Account, "id">,
  address: string,
  now: number,
): Promise<AddressAdded> {
  if (await accounts.addProof(id, { kind: "address", address: { address, verifiedAt: now } })) {
    events.emit({ kind: "way_in_changed", accountId: id, change: "address_added" });
    return "added";
  }
  const holder = await accounts.findByAddress(address);
  if (holder === null) return "full";
  return holder.id === id ? "known" : "somebody_elses";
}

/** @returns false when it is the last way in, or not there. */
export async function removeAddress(
  { accounts, events }: AddressServices,
  { id }: Pick<Account, "id">,
  address: string,
): Promise<boolean> {
  const removed = await accounts.removeProof(id, "address", address);
  if (removed) events.emit({ kind: "way_in_changed", accountId: id, change: "address_removed" });
  return removed;
}
