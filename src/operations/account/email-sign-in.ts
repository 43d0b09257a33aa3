import type { LocationHint } from "../../ledger/contract.ts";
import { type ProvenAddress, parseProvenAddress } from "../../protocol/email-challenge.ts";
import { PROVEN_ADDRESS_LIFETIME_SECONDS, REPEATED_CODE_SECONDS } from "../../protocol/lifetimes.ts";
import type { Account, AccountStore } from "../ports/account.ts";
import type { Sealer } from "../ports/seal.ts";
import { countNewAccount } from "./count-new-account.ts";
import { createAccount } from "./create-account.ts";

interface EmailSignInServices {
  readonly accounts: Pick<AccountStore, "findByAddress">;
  readonly sealer: Sealer;
}

type NewAccountServices = EmailSignInServices &
  Parameters<typeof createAccount>[0] &
  Parameters<typeof countNewAccount>[0];

export type AddressSignIn =
  | { readonly kind: "account"; readonly account: Account }
  /** Nobody's yet: what the browser keeps while its person says what they are called. */
  | { readonly kind: "newcomer"; readonly proven: string };

/**
 * Says whom an address that was just proved signs in.
 * @param visit its hash.
 */
export async function signInByAddress(
  { accounts, sealer }: EmailSignInServices,
  { address, visit }: Pick<ProvenAddress, "address" | "visit">,
  now: number,
): Promise<AddressSignIn> {
  const account = await accounts.findByAddress(address);
  if (account !== null) return { kind: "account", account };
  const proven: ProvenAddress = { address, visit, expiresAt: now + PROVEN_ADDRESS_LIFETIME_SECONDS };
  return { kind: "newcomer", proven: await sealer.seal("proven_address", proven) };
}

/** @returns null where it is another browser's, has expired, or is nothing of ours. */
export async function openProvenAddress(
  { sealer }: Pick<EmailSignInServices, "sealer">,
  proven: string,
  visit: string,
  now: number,
): Promise<ProvenAddress | null> {
  return parseProvenAddress(await sealer.open("proven_address", proven), visit, now);
}

/** Somebody new, who has proved an address. */
export interface Newcomer {
  readonly address: string;
  /** What they want to be called (protocol/person-name.ts); it may be empty. */
  readonly name: string;
  /** Where the ledger of what they own shall live; null: near this call. */
  readonly location: LocationHint | null;
  /** Where it came from, as the edge saw it. */
  readonly source: string;
}

/**
 * Makes the account of an address that was nobody's.
 * INVARIANT: what was proved before a sign-in signs nobody in after it: who kept it, and the visit, has to prove it anew.
 * @returns null where it has become somebody's meanwhile.
 * @throws ProtocolError too_many_requests where too many accounts were made of late.
 */
export async function createAccountByAddress(
  services: NewAccountServices,
  { address, name, location, source }: Newcomer,
  now: number,
): Promise<Account | null> {
  const before = await services.accounts.findByAddress(address);
  if (before !== null) return ifMadeJustNow(before, now);
  // Whoever proved an address once can take it from one account and make another of it, as long as the proof lasts.
  await countNewAccount(services, source);
  const made = await createAccount(
    services,
    { id: services.randomness.id(), name, location },
    async () => ({ kind: "address", address: { address, verifiedAt: now } }),
    now,
  );
  return made ?? ifMadeJustNow(await services.accounts.findByAddress(address), now);
}

/** Of a double click the first has made it. */
function ifMadeJustNow(account: Account | null, now: number): Account | null {
  return account !== null && now < account.createdAt + REPEATED_CODE_SECONDS ? account : null;
}
