import { Hono } from "hono";
import * as v from "valibot";
import { linkOf, noSuchInvitation } from "../../operations/account/invitations.ts";
import { inviteForOwner, listInvitationsForOwner, takeBackForOwner } from "../../operations/administer/invitations.ts";
import { unknownOwner } from "../../operations/administer/owners.ts";
import type { Invitation } from "../../operations/ports/invitation.ts";
import { ADMINISTRATOR_ROLES } from "../../protocol/administrator-role.ts";
import { INVITATION_LIFETIME_MAX_SECONDS, INVITATION_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import { invalidRequest } from "../../shared/error.ts";
import { MAX_TIME_SECONDS } from "../../shared/limits.ts";
import { integer, oneOf, parseBody, sentObject } from "../../shared/parse.ts";
import type { UsherEnv } from "../context.ts";
import { parsePaging, renderPage } from "../paging.ts";
import { idOf } from "../path-id.ts";
import { emptyAnswer, onlyMethods, privateJson } from "../respond.ts";
import { readAdminBody } from "./body.ts";

/** Links by which people become administrators of an organisation. */
export function administerInvitations() {
  return new Hono<UsherEnv, Record<never, never>, "/:id/invitations">()
    .post("/", async (c) => {
      const { services, now } = c.var;
      const { expiresIn, ...offer } = parseInvitation(await readAdminBody(c.req.raw), now);
      const ownerId = idOf(c.req, unknownOwner);
      const { invitation, code } = await inviteForOwner(services, { ownerId, ...offer }, expiresIn, now);
      return privateJson({ ...renderInvitation(invitation), link: linkOf(services, code) }, 201);
    })
    .get("/", async (c) => {
      const { services, now } = c.var;
      const { cursor, limit } = parsePaging(c.req.raw);
      const page = await listInvitationsForOwner(services, idOf(c.req, unknownOwner), cursor, limit, now);
      return privateJson(renderPage(page, renderInvitation));
    })
    .all("/", onlyMethods("GET", "POST"))
    .delete("/:invitationId", async (c) => {
      const { services, now } = c.var;
      const invitationId = idOf(c.req, noSuchInvitation, "invitationId");
      await takeBackForOwner(services, idOf(c.req, unknownOwner), invitationId, now);
      return emptyAnswer(204);
    })
    .all("/:invitationId", onlyMethods("DELETE"));
}

export const NewInvitation = sentObject({
  role: oneOf(ADMINISTRATOR_ROLES),
  ends_at: v.exactOptional(integer(0, MAX_TIME_SECONDS)),
  expires_in: v.exactOptional(integer(1, INVITATION_LIFETIME_MAX_SECONDS)),
});

/** @throws ProtocolError invalid_request */
function parseInvitation(input: unknown, now: number) {
  const { role, ends_at, expires_in } = parseBody(NewInvitation, input);
  if (ends_at !== undefined && ends_at <= now) throw invalidRequest("ends_at: must be in the future, in epoch seconds");
  return { role, endsAt: ends_at ?? null, expiresIn: expires_in ?? INVITATION_LIFETIME_SECONDS };
}

function renderInvitation({ id, role, endsAt, invitedBy, createdAt, expiresAt }: Invitation): object {
  return {
    invitation_id: id,
    role,
    ends_at: endsAt,
    invited_by: invitedBy,
    created_at: createdAt,
    expires_at: expiresAt,
  };
}
