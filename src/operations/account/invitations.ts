import type { LedgerDirectory } from "../../ledger/contract.ts";
import type { AdministratorRole } from "../../protocol/administrator-role.ts";
import { INVITATION_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import { hourlyPace } from "../../protocol/pace.ts";
import { ProtocolError } from "../../shared/error.ts";
import { MAX_INVITATION_LETTERS_PER_HOUR, MAX_INVITATIONS } from "../../shared/limits.ts";
import { checkPenalty, noteGuess, recordFailure } from "../failures.ts";
import type { AccountSeals } from "../ports/account-seal.ts";
import type { ActingViewStore } from "../ports/acting-view.ts";
import type { Administrator, AdministratorStore } from "../ports/administrator.ts";
import type { EventSink } from "../ports/event.ts";
import type { FailureLimiter } from "../ports/failure.ts";
import type { Invitation, InvitationStore, OpenedInvitation } from "../ports/invitation.ts";
import type { OwnerStore } from "../ports/owner.ts";
import type { Pacer } from "../ports/pace.ts";
import type { Mail, Post } from "../ports/post.ts";
import type { Randomness, Secrets } from "../ports/secret.ts";
import type { SessionStore, SignedIn } from "../ports/session.ts";
import { actsFor, onlyAdministrators } from "./administrators.ts";
import { readName } from "./create-account.ts";
import { noteSeen } from "./sessions.ts";
import { tellAdministrators } from "./tell-administrators.ts";

interface TellServices {
  readonly ledgers: LedgerDirectory;
  readonly events: EventSink;
  readonly isOutage: (error: unknown) => boolean;
}

interface GivingServices extends TellServices {
  readonly config: { readonly issuer: string };
  readonly invitations: InvitationStore;
  readonly secrets: Pick<Secrets, "random" | "hash">;
  readonly randomness: Randomness;
}

interface InvitingServices extends GivingServices {
  readonly administrators: Pick<AdministratorStore, "find">;
  readonly owners: Pick<OwnerStore, "find">;
  readonly accountSeals: AccountSeals;
  readonly pacer: Pacer;
  readonly post: Post;
}

interface GuessServices {
  readonly secrets: Pick<Secrets, "hash">;
  readonly failures: FailureLimiter;
}

interface ReadingServices extends GuessServices {
  readonly actingViews: Pick<ActingViewStore, "ofInvitation">;
  readonly accountSeals: AccountSeals;
  readonly sessions: Pick<SessionStore, "touch">;
}

interface AnsweringServices extends TellServices, GuessServices {
  readonly invitations: InvitationStore;
}

interface AcceptingServices extends AnsweringServices {
  readonly administrators: Pick<AdministratorStore, "find">;
}

/** What somebody is invited to. Times are epoch seconds. */
export interface Offer {
  readonly ownerId: string;
  readonly role: AdministratorRole;
  /** Null: until somebody ends it, or until the right of whoever invites ends. */
  readonly endsAt: number | null;
}

/** An invitation that was just given, with the secret of its link, which is told this once. */
export interface GivenInvitation {
  readonly invitation: Invitation;
  readonly code: string;
}

/** The link of an invitation. */
export function linkOf({ config }: { readonly config: { readonly issuer: string } }, code: string): string {
  return `${config.issuer}/invitations?code=${encodeURIComponent(code)}`;
}

/** What the letter with a link tells. */
export interface InvitationFacts {
  readonly link: string;
  readonly ownerName: string;
  /** Empty when they gave none. */
  readonly inviterName: string;
}

/** An invitation that somebody holds in hand: the secret of its link, and where they come from (http/source.ts). */
export interface HeldInvitation {
  readonly code: string;
  readonly source: string;
}

/** What whoever opened an invitation is told. */
export interface ReadInvitation {
  readonly invitation: Invitation;
  readonly ownerName: string;
  /** Who invites: empty when they gave no name; null: the operator. */
  readonly inviterName: string | null;
  /** Who is signed in; null: nobody. */
  readonly reader: InvitationReader | null;
}

export interface InvitationReader {
  readonly signedIn: SignedIn;
  /** Empty when they gave none. */
  readonly name: string;
  /** Verified; null: none. */
  readonly address: string | null;
  /** The right that they have already; null: none. */
  readonly present: Administrator | null;
}

/** 32 bytes in base64url. */
const CODE = /^[\w-]{43}$/;
const GUESSED = "invitations that do not count";

/**
 * Makes an invitation and tells of it.
 * @param by the account that invites; null: the operator.
 * @param lifetime of the link, in seconds.
 * @returns null when the store takes none.
 */
export async function giveInvitation(
  services: GivingServices,
  { ownerId, role, endsAt }: Offer,
  by: { readonly accountId: string; readonly sealedAddress: string } | null,
  lifetime: number,
  now: number,
): Promise<GivenInvitation | null> {
  const code = services.secrets.random();
  const id = services.randomness.id();
  const [invitedBy, sealedAddress] = [by?.accountId ?? null, by?.sealedAddress ?? null];
  const times = { createdAt: now, expiresAt: now + lifetime };
  const wanted = { id, ownerId, role, endsAt, invitedBy, sealedAddress, ...times };
  const invitation = await services.invitations.insert(wanted, await services.secrets.hash(code));
  if (invitation === null) return null;
  await tellAdministrators(services, ownerId, {
    what: "invited",
    ...(invitedBy === null ? {} : { accountId: invitedBy }),
    ...toldOf(invitation),
  });
  return { invitation, code };
}

/** Somebody whom an administrator invites. */
export interface InvitedPerson {
  /** Canonical (protocol/email-address.ts). It says where the link goes, and not who may accept it. */
  readonly address: string;
  /** Writes the letter, in the words of whoever invites. */
  readonly write: (facts: InvitationFacts) => Omit<Mail, "to">;
}

/**
 * Invites somebody to act for an organisation, by a letter with a link; whoever holds the link may accept it, once.
 * @returns the secret of the link, where no letter could be sent; null: one is on its way.
 * @throws ProtocolError not_found; invalid_request with 403 for an assistant; quota_exceeded when too many wait.
 */
export async function inviteAdministrator(
  services: InvitingServices,
  person: SignedIn,
  offer: Offer,
  invited: InvitedPerson,
  now: number,
): Promise<string | null> {
  const { id: accountId, wrappedKey } = person.account;
  const sealedAddress = await services.accountSeals.seal(wrappedKey, "invitation_address", invited.address);
  const by = { accountId, sealedAddress };
  const given = await giveInvitation(services, offer, by, INVITATION_LIFETIME_SECONDS, now);
  if (given === null) {
    await checkMayChoose(services, person, offer.ownerId, now);
    throw tooManyInvitations();
  }
  return (await isPosted(services, person, offer.ownerId, invited, given.code)) ? null : given.code;
}

/** INVARIANT: whoever may invite has no more letters sent for it than a person writes. */
async function isPosted(
  services: InvitingServices,
  { account }: SignedIn,
  ownerId: string,
  { address, write }: InvitedPerson,
  code: string,
): Promise<boolean> {
  const { post, pacer, owners, events } = services;
  if (!post.isAvailable) return false;
  if ((await pacer.take(`invitations-by:${account.id}`, hourlyPace(MAX_INVITATION_LETTERS_PER_HOUR))) > 0) return false;
  const [owner, inviterName] = await Promise.all([owners.find(ownerId), readName(services, account)]);
  const facts = { link: linkOf(services, code), ownerName: owner?.value.name ?? "", inviterName };
  const posted = await post.send({ to: address, ...write(facts) });
  if (posted === "posted") return true;
  events.emit({ kind: "mail_failed", failure: posted.failure });
  return false;
}

/**
 * Takes an invitation back, so that its link is worth nothing.
 * @throws ProtocolError not_found; invalid_request with 403 for an assistant.
 */
export async function takeBackInvitation(
  services: InvitingServices,
  person: SignedIn,
  ownerId: string,
  invitationId: string,
  now: number,
): Promise<void> {
  const { id } = person.account;
  if (await services.invitations.remove(ownerId, invitationId, id, now)) {
    return tellAdministrators(services, ownerId, { what: "invitation_taken_back", accountId: id, invitationId });
  }
  await checkMayChoose(services, person, ownerId, now);
  throw noSuchInvitation();
}

/**
 * Whether a link can be one of ours at all; asks nobody.
 * @throws ProtocolError as readInvitation.
 */
export function checkInvitationCode(
  { failures }: Pick<GuessServices, "failures">,
  { code, source }: HeldInvitation,
): void {
  const counted = attemptFrom(source);
  checkPenalty(failures, counted, GUESSED);
  if (CODE.test(code)) return;
  noteGuess(failures, counted, GUESSED);
  throw invitationRefusal(GONE);
}

/**
 * What an invitation is about, for whoever holds its link. One round trip, and once an hour another that notes the
 * session.
 * @param sessionSecret of the browser; null: it holds none.
 * @throws ProtocolError not_found for one that does not count (any more), by its reason; too_many_requests where too many
 *   of these came from.
 */
export async function readInvitation(
  services: ReadingServices,
  held: HeldInvitation,
  sessionSecret: string | null,
  now: number,
): Promise<ReadInvitation> {
  checkInvitationCode(services, held);
  const { hash } = services.secrets;
  const sessionHash = sessionSecret === null ? null : await hash(sessionSecret);
  const { opened, reader } = await services.actingViews.ofInvitation(await hash(held.code), sessionHash, now);
  if (reader !== null && sessionHash !== null) {
    await noteSeen(services.sessions, sessionHash, reader.signedIn.session, now);
  }
  const { invitation, ownerName, inviter } = await requireCounting(services, opened, held.source, now);
  return {
    invitation,
    ownerName,
    inviterName: inviter === null ? null : await readName(services, inviter),
    reader: reader === null ? null : { ...reader, name: await readName(services, reader.signedIn.account) },
  };
}

/** What somebody was shown when they answered. */
export interface ShownInvitation {
  /** Another may have come into the browser's hands since. */
  readonly invitationId: string;
  readonly ownerId: string;
}

/**
 * Makes whoever is signed in an administrator of the organisation that invites; of any number of people at once one. Who
 * clicked twice is in.
 * @throws ProtocolError as readInvitation; conflict when the organisation, or the person, has no room for it.
 */
export async function acceptInvitation(
  services: AcceptingServices,
  person: SignedIn,
  held: HeldInvitation,
  shown: ShownInvitation,
  now: number,
): Promise<void> {
  const accountId = person.account.id;
  try {
    checkShown(await requireInvitation(services, held, now), shown.invitationId);
    const accepted = await services.invitations.accept(await services.secrets.hash(held.code), accountId, now);
    if (accepted !== null) return await tellAccepted(services, accountId, accepted);
    await requireInvitation(services, held, now);
  } catch (error) {
    if (!isGone(error)) throw error;
    if ((await services.administrators.find(shown.ownerId, accountId, now)) === null) throw error;
    return;
  }
  const description = "there is no room for another administrator: somebody has to be ended first";
  throw new ProtocolError("conflict", description, { reason: "administrators_full" });
}

function isGone(error: unknown): boolean {
  return error instanceof ProtocolError && error.reason === GONE;
}

function tellAccepted(services: TellServices, accountId: string, accepted: Invitation): Promise<void> {
  const { ownerId, invitedBy } = accepted;
  return tellAdministrators(services, ownerId, {
    what: "added",
    accountId,
    administratorId: accountId,
    ...(invitedBy === null ? {} : { invitedBy }),
    ...toldOf(accepted),
  });
}

/**
 * Gives an invitation up; nobody has to sign in for that.
 * @param invitationId the one that was shown.
 * @throws ProtocolError as readInvitation.
 */
export async function declineInvitation(
  services: AnsweringServices,
  person: SignedIn | null,
  held: HeldInvitation,
  invitationId: string,
  now: number,
): Promise<void> {
  checkShown(await requireInvitation(services, held, now), invitationId);
  const declined = await services.invitations.decline(await services.secrets.hash(held.code), now);
  if (declined === null) throw invitationRefusal(GONE);
  await tellAdministrators(services, declined.ownerId, {
    what: "invitation_declined",
    ...(person === null ? {} : { accountId: person.account.id }),
    ...toldOf(declined),
  });
}

async function requireInvitation(
  services: AnsweringServices,
  held: HeldInvitation,
  now: number,
): Promise<OpenedInvitation> {
  checkInvitationCode(services, held);
  const opened = await services.invitations.find(await services.secrets.hash(held.code), now);
  return requireCounting(services, opened, held.source, now);
}

/** INVARIANT: what does not count is a failure, counted before anything is told of it. */
async function requireCounting(
  { failures }: Pick<GuessServices, "failures">,
  opened: OpenedInvitation | null,
  source: string,
  now: number,
): Promise<OpenedInvitation> {
  const refusal = refusalOf(opened, now);
  if (opened !== null && refusal === null) return opened;
  await recordFailure(failures, attemptFrom(source), GUESSED);
  throw refusal ?? invitationRefusal(GONE);
}

function attemptFrom(source: string) {
  return { subject: "invitation", source };
}

function refusalOf(opened: OpenedInvitation | null, now: number): ProtocolError | null {
  if (opened === null) return null;
  const { invitation, stands } = opened;
  const isOver = invitation.endsAt !== null && invitation.endsAt <= now;
  if (invitation.expiresAt <= now || isOver) return invitationRefusal("invitation_expired");
  return stands ? null : invitationRefusal("invitation_void");
}

function checkShown({ invitation }: OpenedInvitation, invitationId: string): void {
  if (invitation.id !== invitationId) throw invitationRefusal("invitation_other");
}

const GONE = "invitation_gone";
const REFUSALS = {
  /** Used, taken back, or never given: the same to all, as nothing is kept of it. */
  [GONE]: "there is no such invitation, or it was used or taken back: ask for another",
  invitation_expired: "this invitation has expired: ask for another",
  invitation_void: "whoever gave this invitation may no longer invite: ask somebody else for another",
  invitation_other: "another invitation was opened in this browser since: open the link of this one again",
} as const;

function invitationRefusal(reason: keyof typeof REFUSALS): ProtocolError {
  return new ProtocolError("not_found", REFUSALS[reason], { reason });
}

async function checkMayChoose(
  services: Pick<InvitingServices, "administrators">,
  person: SignedIn,
  ownerId: string,
  now: number,
): Promise<void> {
  const { role } = await actsFor(services, person, ownerId, now);
  if (role === "assistant") throw onlyAdministrators();
}

function toldOf({ id, role, endsAt }: Invitation) {
  return { invitationId: id, role, ...(endsAt === null ? {} : { endsAt }) };
}

/** The refusal of an id that no invitation of the owner has. */
export function noSuchInvitation(): ProtocolError {
  return new ProtocolError("not_found", "there is no invitation of this id at this owner");
}

/** The refusal of one invitation too many. */
export function tooManyInvitations(): ProtocolError {
  const description = `at most ${MAX_INVITATIONS} invitations can wait for an answer: take one back first`;
  return new ProtocolError("quota_exceeded", description, { reason: "invitations_full" });
}
