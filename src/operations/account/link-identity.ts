import type { UpstreamProblem } from "../../protocol/upstream-problem.ts";
import type { Account, AccountStore, Identity } from "../ports/account.ts";
import type { EventSink } from "../ports/event.ts";

interface LinkServices {
  readonly accounts: Pick<AccountStore, "addProof" | "findByIdentity" | "removeProof" | "useIdentity">;
  readonly events: EventSink;
}

/**
 * Links an identity to the account of its person, who is signed in to both.
 * @returns why not; null when it is linked, now or before.
 */
export async function linkIdentity(
  { accounts, events }: LinkServices,
  account: Account,
  identity: Identity,
): Promise<UpstreamProblem | null> {
  if (await accounts.addProof(account.id, { kind: "identity", identity })) {
    events.emit({ kind: "way_in_changed", accountId: account.id, change: "identity_linked" });
    return null;
  }
  const present = await accounts.findByIdentity(identity.id);
  if (present === null) return "tooMany";
  return (await accounts.useIdentity(account.id, identity)) ? null : "linkedElsewhere";
}

/** @returns false when it is the last way in, or not linked to this account. */
export async function unlinkIdentity(
  { accounts, events }: LinkServices,
  account: Account,
  identityId: string,
): Promise<boolean> {
  if (!(await accounts.removeProof(account.id, "identity", identityId))) return false;
  events.emit({ kind: "way_in_changed", accountId: account.id, change: "identity_unlinked" });
  return true;
}
