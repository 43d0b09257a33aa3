import type { LedgerDirectory } from "../../ledger/contract.ts";
import { notAllowed, ProtocolError } from "../../shared/error.ts";
import type { AccountSeals } from "../ports/account-seal.ts";
import type { Administered, Administrator, AdministratorStore, InvitedAdministrator } from "../ports/administrator.ts";
import type { EventSink } from "../ports/event.ts";
import type { SignedIn } from "../ports/session.ts";
import { readName } from "./create-account.ts";
import { tellAdministrators } from "./tell-administrators.ts";

interface AdministratorServices {
  readonly administrators: AdministratorStore;
  readonly accountSeals: AccountSeals;
  readonly ledgers: LedgerDirectory;
  readonly events: EventSink;
  readonly isOutage: (error: unknown) => boolean;
}

/** An administrator with what the others call them. */
export interface NamedAdministrator extends InvitedAdministrator {
  /** Empty when they gave no name. */
  readonly name: string;
  readonly address: string | null;
}

/** The administrators of an organisation, as one of them is shown it. */
export interface AdministratorsOfOwner {
  /** Whom it is shown to. */
  readonly viewer: Administered;
  readonly administrators: readonly NamedAdministrator[];
}

/**
 * The right of whoever is signed in to act for an owner. Nothing of it is cached: it is asked for in whatever is done in
 * the owner's name, so who is ended, or whose time is over, is none from that second on.
 * @throws ProtocolError not_found for an owner that the person does not act for, whether there is one or not.
 */
export async function actsFor(
  services: { readonly administrators: Pick<AdministratorStore, "find"> },
  person: SignedIn,
  ownerId: string,
  now: number,
): Promise<Administrator> {
  const administrator = await services.administrators.find(ownerId, person.account.id, now);
  if (administrator === null) throw notYours();
  return administrator;
}

/** Every owner that a person acts for: what is their own first, then organisations by name. */
export function listOwnersOf(
  services: { readonly administrators: Pick<AdministratorStore, "listByAccount"> },
  person: SignedIn,
  now: number,
): Promise<readonly Administered[]> {
  return services.administrators.listByAccount(person.account.id, now);
}

/**
 * Who acts for an organisation.
 * @throws ProtocolError not_found for an owner that the person does not act for, and for what is a person's own.
 */
export async function listAdministratorsOf(
  services: Pick<AdministratorServices, "administrators" | "accountSeals">,
  person: SignedIn,
  ownerId: string,
  now: number,
): Promise<AdministratorsOfOwner> {
  const [owners, fellows] = await Promise.all([
    listOwnersOf(services, person, now),
    services.administrators.listFellows(ownerId, now),
  ]);
  const viewer = owners.find((owner) => owner.ownerId === ownerId);
  if (viewer === undefined || viewer.ownerName === null) throw notYours();
  const administrators = fellows.map(async ({ account, ...administrator }) => ({
    ...administrator,
    name: await readName(services, account),
  }));
  return { viewer, administrators: await Promise.all(administrators) };
}

/**
 * Ends somebody's right to act for an organisation, or one's own.
 * @throws ProtocolError not_found; invalid_request with 403 for an assistant; conflict for the last administrator, whom
 *   only the operator ends.
 */
export async function endAdministrator(
  services: AdministratorServices,
  person: SignedIn,
  ownerId: string,
  accountId: string,
  now: number,
): Promise<void> {
  const { id } = person.account;
  if (await services.administrators.end(ownerId, accountId, id, now)) {
    const change = { what: "ended", accountId: id, administratorId: accountId } as const;
    return tellAdministrators(services, ownerId, change);
  }
  const { role } = await actsFor(services, person, ownerId, now);
  if ((await services.administrators.find(ownerId, accountId, now)) === null) throw noSuchAdministrator();
  if (role === "assistant") throw onlyAdministrators();
  const description = "somebody has to choose who acts for this owner: let another administrator in first";
  throw new ProtocolError("conflict", description, { reason: "last_administrator" });
}

/** The refusal of an owner that the person does not act for. */
export function notYours(): ProtocolError {
  return new ProtocolError("not_found", "you act for no owner of this id", { reason: "not_acting" });
}

/** The refusal of an account that does not act for the owner. */
export function noSuchAdministrator(): ProtocolError {
  return new ProtocolError("not_found", "no account of this id acts for this owner");
}

/** The refusal of an assistant who would choose administrators. */
export function onlyAdministrators(): ProtocolError {
  return notAllowed("only administrators choose who acts for this owner");
}
