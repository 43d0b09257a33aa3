import { type Context, Hono } from "hono";
import { endAdministrator, notActing } from "../../operations/account/administrators.ts";
import { inviteAdministrator, takeBackInvitation } from "../../operations/account/invitations.ts";
import type { InvitationForm } from "../../pages/administrators.tsx";
import { renderLetter } from "../../pages/letter.ts";
import { ADMINISTRATOR_ROLES, type AdministratorRole } from "../../protocol/administrator-role.ts";
import { parseAddress } from "../../protocol/email-address.ts";
import { invalidRequest, ProtocolError } from "../../shared/error.ts";
import { isId } from "../../shared/ids.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { lastSecondOf } from "../browser/day.ts";
import { basePathOf } from "../browser/frame.ts";
import { wordsFor } from "../browser/language.ts";
import { seeOther } from "../browser/redirect.ts";
import { signedInLately } from "../browser/session.ts";
import { timeZoneOf } from "../browser/time-zone.ts";
import type { PageContext, PersonEnv, UsherEnv, UsherHono } from "../context.ts";
import type { FormParameters } from "../form.ts";
import { administratorsPath, keepLink, showAdministrators } from "./administrators-page.ts";

/** Where the forms of the page are sent. */
const FORMS = ["/invite", "/withdraw", "/end"];

/**
 * Who acts for what is mine, or for an organisation that I act for: `owner` in the query says which, also where a form is
 * sent to. Whoever has to sign in for that comes back to its address, and from there to the page.
 */
export function administratorsRoutes(): UsherHono {
  const lately = signedInLately();
  return new Hono<UsherEnv>()
    .get("/", (c) => showAdministrators(c, ownerOf(c)))
    .all("/", onlyPageMethods("GET"))
    .post("/invite", lately, invite)
    .post("/withdraw", lately, withdraw)
    .post("/end", lately, end)
    .on("GET", FORMS, (c) => back(c, ownerOf(c)))
    .on("ALL", FORMS, onlyPageMethods("POST"));
}

async function invite(c: Context<PersonEnv>): Promise<Response> {
  const { services, person, now } = c.var;
  const [ownerId, form] = [requireOwner(c), await readOwnForm(c)];
  const { filled, address, endsAt } = readInvitation(c, form);
  if (address === null || endsAt === undefined) return showAdministrators(c, ownerId, filled);
  const { letter } = wordsFor(c).invitation;
  const host = new URL(services.config.issuer).host;
  const invited = { address, write: (facts: Parameters<typeof letter>[0]) => renderLetter(letter(facts, host)) };
  const offer = { ownerId, role: filled.role, endsAt };
  return unless("invitations_full", back(c, ownerId, { error: "tooMany" }), async () => {
    const code = await inviteAdministrator(services, person, offer, invited, now);
    if (code === null) return back(c, ownerId, { notice: "invited" });
    keepLink(c, code);
    return back(c, ownerId);
  });
}

/** What was filled in, and as far as it can be used what it says. */
function readInvitation(c: PageContext, form: FormParameters) {
  const [typed, endsOn] = [form.get("address") ?? "", form.get("ends_on") ?? ""];
  const address = parseAddress(typed);
  const endsAt = endsOn === "" ? null : (lastSecondOf(endsOn, timeZoneOf(c.req.raw)) ?? undefined);
  const isOver = typeof endsAt === "number" && endsAt <= c.var.now;
  const filled: InvitationForm = {
    address: typed,
    role: roleOf(form.require("role")),
    endsOn,
    addressError: address === null ? "notAnAddress" : null,
    endsOnError: endsAt === undefined || isOver ? "badDate" : null,
  };
  return { filled, address, endsAt: isOver ? undefined : endsAt };
}

function roleOf(text: string): AdministratorRole {
  const role = ADMINISTRATOR_ROLES.find((known) => known === text);
  if (role === undefined) throw invalidRequest("role: must be one of administrator, assistant");
  return role;
}

async function withdraw(c: Context<PersonEnv>): Promise<Response> {
  const { services, person, now } = c.var;
  const [ownerId, form] = [requireOwner(c), await readOwnForm(c)];
  await takeBackInvitation(services, person, ownerId, form.require("invitation"), now);
  return back(c, ownerId, { notice: "withdrawn" });
}

async function end(c: Context<PersonEnv>): Promise<Response> {
  const { services, person, now } = c.var;
  const [ownerId, form] = [requireOwner(c), await readOwnForm(c)];
  const accountId = form.require("account");
  return unless("last_administrator", back(c, ownerId, { error: "lastAdministrator" }), async () => {
    await endAdministrator(services, person, ownerId, accountId, now);
    // Whoever has left sees what is their own.
    return back(c, accountId === person.account.id ? null : ownerId, { notice: "ended" });
  });
}

/** What an operation comes to, or for a refusal of this reason another answer. */
async function unless(reason: string, otherwise: Response, act: () => Promise<Response>): Promise<Response> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof ProtocolError && error.reason === reason) return otherwise;
    throw error;
  }
}

/** @returns null for what is the person's own. @throws ProtocolError not_found for what cannot be an id of ours. */
function ownerOf(c: PageContext): string | null {
  const owner = c.req.query("owner");
  if (owner !== undefined && !isId(owner)) throw notActing();
  return owner ?? null;
}

function requireOwner(c: PageContext): string {
  const owner = ownerOf(c);
  if (owner === null) throw notActing();
  return owner;
}

function back(c: PageContext, ownerId: string | null, outcome: Readonly<Record<string, string>> = {}): Response {
  return seeOther(c, basePathOf(c) + administratorsPath(ownerId, outcome));
}
