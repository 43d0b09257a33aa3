import { Hono } from "hono";
import {
  acceptInvitation,
  checkInvitationCode,
  declineInvitation,
  type HeldInvitation,
  readInvitation,
} from "../../operations/account/invitations.ts";
import { DeclinedInvitationPage, InvitationPage } from "../../pages/invitation.tsx";
import { ANY_SIGN_IN, type SignInDemand } from "../../protocol/continuation.ts";
import { CONTINUATION_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import { invalidRequest } from "../../shared/error.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readCookie, writeCookie } from "../browser/cookies.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { basePathOf, frameOf } from "../browser/frame.ts";
import { PageProblem } from "../browser/page-problem.ts";
import { seeOther } from "../browser/redirect.ts";
import { renderPage } from "../browser/render-page.ts";
import { sendToSignIn, sessionSecret, signedIn } from "../browser/session.ts";
import type { PageContext, UsherEnv, UsherHono } from "../context.ts";
import type { FormParameters } from "../form.ts";
import { sourceOf } from "../source.ts";
import { administratorsPath } from "./administrators-page.ts";

const HERE = "/invitations";

/**
 * Whether to act for an organisation. The secret of the link leaves the address for a cookie at once, so that neither
 * histories nor screenshots keep it; the cookie lives as long as signing in may take.
 */
export function invitationRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", (c) => {
      const code = c.req.query("code");
      return code === undefined ? show(c) : hold(c, code);
    })
    .post("/", answer)
    .all("/", onlyPageMethods("GET", "POST"))
    .get("/declined", async (c) => renderPage(c, DeclinedInvitationPage({ frame: await frameOf(c) })))
    .all("/declined", onlyPageMethods("GET"));
}

function hold(c: PageContext, code: string): Response {
  checkInvitationCode(c.var.services, { code, source: sourceOf(c.req.raw) });
  writeCookie(c, "invitation", code, CONTINUATION_LIFETIME_SECONDS);
  return seeOther(c, basePathOf(c) + HERE);
}

async function show(c: PageContext): Promise<Response> {
  const { services, now } = c.var;
  const read = await readInvitation(services, heldBy(c), sessionSecret(c), now);
  const { invitation, ownerName, inviterName, reader } = read;
  const person = reader === null ? null : { name: reader.name === "" ? null : reader.name, address: reader.address };
  const page = InvitationPage({
    frame: await frameOf(c, person),
    invitationId: invitation.id,
    ownerId: invitation.ownerId,
    owner: ownerName,
    invitedBy: inviterName,
    role: invitation.role,
    endsAt: invitation.endsAt,
    person,
    isActing: (reader?.present ?? null) !== null,
  });
  return renderPage(c, page);
}

async function answer(c: PageContext): Promise<Response> {
  const form = await readOwnForm(c);
  const decision = form.require("decision");
  if (decision === "accept") return accept(c, form);
  if (decision === "decline") return decline(c, form);
  if (decision === "switch") return sendToSignIn(c, { path: HERE, demand: signInAnew(c), app: null, leadsTo: null });
  throw invalidRequest("decision: must be one of accept, decline, switch");
}

async function accept(c: PageContext, form: FormParameters): Promise<Response> {
  const { services, now } = c.var;
  const held = heldBy(c);
  const person = await signedIn(c);
  if (person === null) return sendToSignIn(c, { path: HERE, demand: ANY_SIGN_IN, app: null, leadsTo: null });
  const shown = { invitationId: form.require("invitation"), ownerId: form.require("owner") };
  await acceptInvitation(services, person, held, shown, now);
  letGoOfInvitation(c);
  return seeOther(c, `${basePathOf(c)}${administratorsPath(shown.ownerId, { notice: "accepted" })}`);
}

async function decline(c: PageContext, form: FormParameters): Promise<Response> {
  const { services, now } = c.var;
  await declineInvitation(services, await signedIn(c), heldBy(c), form.require("invitation"), now);
  letGoOfInvitation(c);
  return seeOther(c, `${basePathOf(c)}${HERE}/declined`);
}

/** Whoever is signed in here is not the one who was meant. */
function signInAnew({ var: { now } }: PageContext): SignInDemand {
  return { ...ANY_SIGN_IN, authenticatedSince: now };
}

/** The invitation that this browser was brought by a link. */
function heldBy(c: PageContext): HeldInvitation {
  const code = readCookie(c, "invitation");
  if (code === null) throw new PageProblem("invitationClosed", "not_found");
  return { code, source: sourceOf(c.req.raw) };
}

function letGoOfInvitation(c: PageContext): void {
  writeCookie(c, "invitation", "", 0);
}
