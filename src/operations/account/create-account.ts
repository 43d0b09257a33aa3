import type { LedgerDirectory, LocationHint } from "../../ledger/contract.ts";
import type { Account, AccountStore, Proof } from "../ports/account.ts";
import type { AccountSeals } from "../ports/account-seal.ts";
import type { EventSink } from "../ports/event.ts";
import type { Owner } from "../ports/owner.ts";
import type { Randomness } from "../ports/secret.ts";

interface CreateAccountServices {
  readonly accounts: Pick<AccountStore, "insert">;
  readonly accountSeals: AccountSeals;
  readonly ledgers: LedgerDirectory;
  readonly randomness: Randomness;
  readonly events: EventSink;
}

/** A person who wants an account. */
export interface NewAccount {
  /** Drawn before it exists: a passkey is made for it (WebAuthn §5.4.3, user handle). */
  readonly id: string;
  readonly name: string;
  /** Where the ledger of what the person owns shall live; null: near this call. */
  readonly location: LocationHint | null;
}

/**
 * Makes an account with its first way in: an owner with an open ledger, and a requesting party.
 * @param prove makes that way in, whose parts may be sealed under the account's key.
 * @returns null when that way in is somebody's already; then nothing was made but a ledger that nobody owns.
 */
export async function createAccount(
  services: CreateAccountServices,
  { id, name, location }: NewAccount,
  prove: (account: Account) => Promise<Proof>,
  now: number,
): Promise<Account | null> {
  const ownerId = services.randomness.id();
  const wrappedKey = await services.accountSeals.newKey();
  const sealedName = await services.accountSeals.seal(wrappedKey, "name", name);
  const account: Account = { id, ownerId, wrappedKey, sealedName, createdAt: now };
  const proof = await prove(account);
  // As of every owner (operations/administer/owners.ts): the ledger opens first.
  await services.ledgers.ledger(ownerId, location ?? undefined).open(ownerId);
  const owner: Owner = { id: ownerId, kind: "person", name: "", ledger: ownerId, createdAt: now };
  if (!(await services.accounts.insert(account, owner, proof))) return null;
  services.events.emit({ kind: "account_created", accountId: id, ownerId });
  return account;
}

/** What the person of an account is called; empty when they gave no name. */
export async function readName(
  { accountSeals }: Pick<CreateAccountServices, "accountSeals">,
  { wrappedKey, sealedName }: Pick<Account, "wrappedKey" | "sealedName">,
): Promise<string> {
  const name = await accountSeals.open(wrappedKey, "name", sealedName);
  return typeof name === "string" ? name : "";
}
