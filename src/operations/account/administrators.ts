import type { LedgerDirectory } from "../../ledger/contract.ts";
import { notAllowed, ProtocolError } from "../../shared/error.ts";
import type { AccountSeals } from "../ports/account-seal.ts";
import type { ActingViewStore, StoredActing, StoredFellow, StoredInvitation } from "../ports/acting-view.ts";
import type { Administered, Administrator, AdministratorStore, InvitedAdministrator } from "../ports/administrator.ts";
import type { EventSink } from "../ports/event.ts";
import type { Invitation } from "../ports/invitation.ts";
import type { Secrets } from "../ports/secret.ts";
import type { SessionStore, SignedIn } from "../ports/session.ts";
import { readName } from "./create-account.ts";
import { noteSeen } from "./sessions.ts";
import { tellAdministrators } from "./tell-administrators.ts";

interface AdministratorServices {
  readonly administrators: Pick<AdministratorStore, "find" | "end">;
  readonly ledgers: LedgerDirectory;
  readonly events: EventSink;
  readonly isOutage: (error: unknown) => boolean;
}

interface ViewServices {
  readonly actingViews: Pick<ActingViewStore, "ofOwner">;
  readonly accountSeals: AccountSeals;
  readonly sessions: Pick<SessionStore, "touch">;
  readonly secrets: Pick<Secrets, "hash">;
}

/** An administrator with what the others call them. */
export interface NamedAdministrator extends InvitedAdministrator {
  /** Empty when they gave no name. */
  readonly name: string;
  /** Verified; null: none. */
  readonly address: string | null;
}

/** An invitation that waits for an answer. */
export interface SentInvitation extends Invitation {
  /** Whom it was sent to; null: to nobody in particular. */
  readonly address: string | null;
}

/** Those who act for an owner, as one of them is shown it. */
export interface ActingForOwner {
  readonly signedIn: SignedIn;
  /** The viewer's own right, and the name of the owner. */
  readonly viewer: Administered;
  /** Every owner that the viewer acts for: what is their own first, then organisations by name. */
  readonly owners: readonly Administered[];
  /** Two entries for whoever has a wider right for a time. */
  readonly administrators: readonly NamedAdministrator[];
  /** None for an assistant, who cannot take one back. */
  readonly invitations: readonly SentInvitation[];
}

/**
 * The right of whoever is signed in to act for an owner. Nothing of it is cached: it is asked for in whatever is done in
 * the owner's name, so who is ended, or whose time is over, is none from that second on.
 * @throws ProtocolError not_found for an owner that the person does not act for, whether there is one or not.
 */
export async function actsFor(
  services: { readonly administrators: Pick<AdministratorStore, "find"> },
  person: { readonly account: Pick<SignedIn["account"], "id"> },
  ownerId: string,
  now: number,
): Promise<Administrator> {
  const administrator = await services.administrators.find(ownerId, person.account.id, now);
  if (administrator === null) throw notActing();
  return administrator;
}

/**
 * Who acts for an owner, for whoever is signed in where a browser holds this secret. One round trip, and once an hour
 * another that notes it.
 * @param ownerId null: what the person owns.
 * @returns null when nobody is signed in.
 * @throws ProtocolError not_found for an owner that the person does not act for, whether there is one or not.
 */
export async function findActingForOwner(
  services: ViewServices,
  secret: string,
  ownerId: string | null,
  now: number,
): Promise<ActingForOwner | null> {
  const hash = await services.secrets.hash(secret);
  const stored = await services.actingViews.ofOwner(hash, ownerId, now);
  if (stored === null) return null;
  await noteSeen(services.sessions, hash, stored.signedIn.session, now);
  return actingFrom(services, stored);
}

async function actingFrom(services: ViewServices, stored: StoredActing): Promise<ActingForOwner> {
  const { signedIn, administered, fellows, invitations } = stored;
  const viewer = administered.find(({ ownerId }) => ownerId === stored.ownerId);
  if (viewer === undefined) throw notActing();
  return {
    signedIn,
    viewer,
    owners: administered,
    administrators: await Promise.all(fellows.map((fellow) => named(services, fellow))),
    invitations:
      viewer.role === "assistant" ? [] : await Promise.all(invitations.map((invitation) => sent(services, invitation))),
  };
}

async function named(
  services: Pick<ViewServices, "accountSeals">,
  { account, ...administrator }: StoredFellow,
): Promise<NamedAdministrator> {
  return { ...administrator, name: await readName(services, account) };
}

async function sent(
  { accountSeals }: Pick<ViewServices, "accountSeals">,
  { inviterKey, ...invitation }: StoredInvitation,
): Promise<SentInvitation> {
  const { sealedAddress } = invitation;
  const opened =
    inviterKey === null || sealedAddress === null
      ? null
      : await accountSeals.open(inviterKey, "invitation_address", sealedAddress);
  return { ...invitation, address: typeof opened === "string" ? opened : null };
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
export function notActing(): ProtocolError {
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
