import type { Account, AccountStore } from "../ports/account.ts";
import type { AccountSeals } from "../ports/account-seal.ts";

/** @param name what the person wants to be called from now on (protocol/person-name.ts); empty: nothing. */
export async function renameAccount(
  { accounts, accountSeals }: { readonly accounts: Pick<AccountStore, "rename">; readonly accountSeals: AccountSeals },
  { id, wrappedKey }: Account,
  name: string,
): Promise<void> {
  await accounts.rename(id, await accountSeals.seal(wrappedKey, "name", name));
}
