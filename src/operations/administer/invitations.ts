import { ProtocolError } from "../../shared/error.ts";
import {
  type GivenInvitation,
  giveInvitation,
  noSuchInvitation,
  type Offer,
  tooManyInvitations,
} from "../account/invitations.ts";
import { tellAdministrators } from "../account/tell-administrators.ts";
import type { Invitation } from "../ports/invitation.ts";
import type { OwnerStore } from "../ports/owner.ts";
import type { Page } from "../ports/page.ts";
import { loadOwner } from "./owners.ts";

type InvitationServices = Parameters<typeof giveInvitation>[0] & { readonly owners: OwnerStore };

/**
 * Invites the first administrator of an organisation, or another one.
 * @param lifetime of the link, in seconds.
 * @throws ProtocolError not_found; conflict for a person, who acts for themselves; quota_exceeded when too many wait.
 */
export async function inviteForOwner(
  services: InvitationServices,
  offer: Offer,
  lifetime: number,
  now: number,
): Promise<GivenInvitation> {
  const given = await giveInvitation(services, offer, null, lifetime, now);
  if (given !== null) return given;
  const { value: owner } = await loadOwner(services, offer.ownerId);
  if (owner.kind === "organization") throw tooManyInvitations();
  throw new ProtocolError("conflict", "this owner is a person, and nobody else acts for them");
}

/** @throws ProtocolError not_found when there is no such owner. */
export async function listInvitationsForOwner(
  services: Pick<InvitationServices, "owners" | "invitations">,
  ownerId: string,
  cursor: string | null,
  limit: number,
  now: number,
): Promise<Page<Invitation>> {
  const [invitations] = await Promise.all([
    services.invitations.list(ownerId, now, cursor, limit),
    loadOwner(services, ownerId),
  ]);
  return invitations;
}

/** @throws ProtocolError not_found when the owner has no such invitation. */
export async function takeBackForOwner(
  services: InvitationServices,
  ownerId: string,
  invitationId: string,
  now: number,
): Promise<void> {
  if (!(await services.invitations.remove(ownerId, invitationId, null, now))) throw noSuchInvitation();
  await tellAdministrators(services, ownerId, { what: "invitation_taken_back", invitationId });
}
