import { Hono } from "hono";
import {
  type ActingForOwner,
  endAdministrator,
  findActingForOwner,
  type NamedAdministrator,
  notActing,
} from "../../operations/account/administrators.ts";
import { inviteAdministrator, linkOf, takeBackInvitation } from "../../operations/account/invitations.ts";
import {
  type ActingPerson,
  AdministratorsPage,
  type AdministratorsPageProps,
  type InvitationForm,
} from "../../pages/administrators.tsx";
import { ADMINISTRATOR_ROLES, type AdministratorRole } from "../../protocol/administrator-role.ts";
import { ANY_SIGN_IN } from "../../protocol/continuation.ts";
import { parseAddress } from "../../protocol/email-address.ts";
import { invalidRequest, ProtocolError } from "../../shared/error.ts";
import { isId } from "../../shared/ids.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readCookie, writeCookie } from "../browser/cookies.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { lastSecondOf } from "../browser/day.ts";
import { basePathOf, frameOf } from "../browser/frame.ts";
import { knownKey } from "../browser/known-key.ts";
import { wordsFor } from "../browser/language.ts";
import { seeOther } from "../browser/redirect.ts";
import { renderPage } from "../browser/render-page.ts";
import { sendToSignIn, sessionSecret } from "../browser/session.ts";
import { timeZoneOf } from "../browser/time-zone.ts";
import type { PageContext, UsherEnv, UsherHono } from "../context.ts";
import type { FormParameters } from "../form.ts";
import { asRecentlySignedIn } from "./recently-signed-in.ts";

const HERE = "/account/administrators";
/** Time to read a page that tells a link. */
const LINK_SECONDS = 300;

/** What is wrong with no field. */
const PAGE_ERRORS = { lastAdministrator: "", tooMany: "" };

const EMPTY_FORM: InvitationForm = {
  address: "",
  role: "assistant",
  endsOn: "",
  addressError: null,
  endsOnError: null,
};

/** Who acts for what is mine, or for an organisation that I act for; `owner` in the query says which. */
export function administratorsRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", (c) => show(c, ownerOf(c.req.query("owner") ?? null)))
    .post("/invite", invite)
    .post("/withdraw", withdraw)
    .post("/end", end)
    .all("/", onlyPageMethods("GET"))
    .all("/:does", onlyPageMethods("POST"));
}

/** @param filled what was filled in, and has to be looked at again; null: nothing. */
async function show(c: PageContext, ownerId: string | null, filled: InvitationForm | null = null): Promise<Response> {
  const { services, now } = c.var;
  const secret = sessionSecret(c);
  const acting = secret === null ? null : await findActingForOwner(services, secret, ownerId, now);
  if (acting === null) return sendToSignIn(c, { path: administratorsPath(ownerId), demand: ANY_SIGN_IN, app: null });
  const page = AdministratorsPage({ ...(await propsOf(c, acting)), ...(filled === null ? {} : { form: filled }) });
  return renderPage(c, page, filled === null ? 200 : 400);
}

async function propsOf(c: PageContext, acting: ActingForOwner): Promise<AdministratorsPageProps> {
  const { viewer, owners, administrators, invitations } = acting;
  const words = wordsFor(c).administrators;
  const mayInvite = viewer.ownerName !== null && viewer.role === "administrator";
  const you = administrators.find(({ accountId }) => accountId === viewer.accountId);
  return {
    frame: await frameOf(c, you === undefined ? null : factsOf(you)),
    owners: owners.map(({ ownerId, ownerName }) => ({ id: ownerId, name: ownerName })),
    owner: { id: viewer.ownerId, name: viewer.ownerName },
    people: administrators.map((administrator) => actingPerson(administrator, acting)),
    invitations: invitations.map(({ id, address, role, expiresAt }) => ({ id, address, role, expiresAt })),
    form: mayInvite ? EMPTY_FORM : null,
    link: takeLink(c),
    notice: knownKey(words.notices, c.req.query("notice")),
    error: knownKey(PAGE_ERRORS, c.req.query("error")),
  };
}

function actingPerson(administrator: NamedAdministrator, { viewer, administrators }: ActingForOwner): ActingPerson {
  const { accountId, role, beginsAt, endsAt } = administrator;
  const isYou = accountId === viewer.accountId;
  const isLast = !administrators.some((other) => other.role === "administrator" && other.accountId !== accountId);
  const mayEnd = viewer.role === "administrator" || isYou;
  const canEnd = viewer.ownerName !== null && mayEnd && !(isYou && viewer.role === "administrator" && isLast);
  return { accountId, person: factsOf(administrator), role, beginsAt, endsAt, isYou, canEnd };
}

function factsOf({ name, address }: NamedAdministrator) {
  return { name: name === "" ? null : name, address };
}

async function invite(c: PageContext): Promise<Response> {
  const form = await readOwnForm(c);
  const ownerId = ownerOf(form.require("owner"));
  return asRecentlySignedIn(c, administratorsPath(ownerId), async (person) => {
    const { services, now } = c.var;
    const { filled, address, endsAt } = readInvitation(c, form);
    if (address === null || endsAt === undefined) return show(c, ownerId, filled);
    const { letter } = wordsFor(c).invitation;
    const host = new URL(services.config.issuer).host;
    const invited = { address, write: (facts: Parameters<typeof letter>[0]) => letter(facts, host) };
    try {
      const offer = { ownerId, role: filled.role, endsAt };
      const code = await inviteAdministrator(services, person, offer, invited, now);
      if (code !== null) writeCookie(c, "given", code, LINK_SECONDS);
      return backWith(c, ownerId, code === null ? { notice: "invited" } : {});
    } catch (error) {
      if (reasonOf(error) !== "invitations_full") throw error;
      return backWith(c, ownerId, { error: "tooMany" });
    }
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

async function withdraw(c: PageContext): Promise<Response> {
  const form = await readOwnForm(c);
  const [ownerId, invitationId] = [ownerOf(form.require("owner")), form.require("invitation")];
  return asRecentlySignedIn(c, administratorsPath(ownerId), async (person) => {
    await takeBackInvitation(c.var.services, person, ownerId, invitationId, c.var.now);
    return backWith(c, ownerId, { notice: "withdrawn" });
  });
}

async function end(c: PageContext): Promise<Response> {
  const form = await readOwnForm(c);
  const [ownerId, accountId] = [ownerOf(form.require("owner")), form.require("account")];
  return asRecentlySignedIn(c, administratorsPath(ownerId), async (person) => {
    try {
      await endAdministrator(c.var.services, person, ownerId, accountId, c.var.now);
    } catch (error) {
      if (reasonOf(error) !== "last_administrator") throw error;
      return backWith(c, ownerId, { error: "lastAdministrator" });
    }
    // Whoever has left sees what is their own.
    return backWith(c, accountId === person.account.id ? null : ownerId, { notice: "ended" });
  });
}

function reasonOf(error: unknown): string | null {
  return error instanceof ProtocolError ? error.reason : null;
}

/** @throws ProtocolError not_found for what cannot be an id of ours. */
function ownerOf(text: string): string;
function ownerOf(text: string | null): string | null;
function ownerOf(text: string | null): string | null {
  if (text !== null && !isId(text)) throw notActing();
  return text;
}

/** Of the page about an owner, below the issuer; null: what is one's own. */
export function administratorsPath(ownerId: string | null, outcome: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams({ ...(ownerId === null ? {} : { owner: ownerId }), ...outcome });
  return query.size === 0 ? HERE : `${HERE}?${query}`;
}

function backWith(c: PageContext, ownerId: string | null, outcome: Readonly<Record<string, string>>): Response {
  return seeOther(c, basePathOf(c) + administratorsPath(ownerId, outcome));
}

/** The link that was made a moment ago; it is told this once. */
function takeLink(c: PageContext): string | null {
  const code = readCookie(c, "given");
  if (code === null) return null;
  writeCookie(c, "given", "", 0);
  return linkOf(c.var.services, code);
}
