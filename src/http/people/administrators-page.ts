import {
  type ActingForOwner,
  findActingForOwner,
  type NamedAdministrator,
} from "../../operations/account/administrators.ts";
import { linkOf } from "../../operations/account/invitations.ts";
import {
  type ActingPerson,
  AdministratorsPage,
  type AdministratorsPageProps,
  type InvitationForm,
} from "../../pages/administrators.tsx";
import { ANY_SIGN_IN } from "../../protocol/continuation.ts";
import { readCookie, writeCookie } from "../browser/cookies.ts";
import { frameOf } from "../browser/frame.ts";
import { knownKey } from "../browser/known-key.ts";
import { wordsFor } from "../browser/language.ts";
import { renderPage } from "../browser/render-page.ts";
import { sendToSignIn, sessionSecret } from "../browser/session.ts";
import type { PageContext } from "../context.ts";

const HERE = "/account/administrators";
/** Time to open the page that tells a link. */
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

/** Of the page about an owner, below the issuer; null: what is one's own. */
export function administratorsPath(ownerId: string | null, outcome: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams({ ...(ownerId === null ? {} : { owner: ownerId }), ...outcome });
  return query.size === 0 ? HERE : `${HERE}?${query}`;
}

/**
 * Who acts for an owner, for one of them.
 * @param ownerId null: what is the person's own.
 * @param filled what was filled in, and has to be looked at again; null: nothing.
 * @throws ProtocolError not_found for an owner that the person does not act for.
 */
export async function showAdministrators(
  c: PageContext,
  ownerId: string | null,
  filled: InvitationForm | null = null,
): Promise<Response> {
  const { services, now } = c.var;
  const secret = sessionSecret(c);
  const acting = secret === null ? null : await findActingForOwner(services, secret, ownerId, now);
  if (acting === null)
    return sendToSignIn(c, { path: administratorsPath(ownerId), demand: ANY_SIGN_IN, app: null, leadsTo: null });
  const page = AdministratorsPage({ ...(await propsOf(c, acting)), ...(filled === null ? {} : { form: filled }) });
  return renderPage(c, page, filled === null ? 200 : 400);
}

/** Has the link of an invitation told by the next page, once. */
export function keepLink(c: PageContext, code: string): void {
  writeCookie(c, "given", code, LINK_SECONDS);
}

function takeLink(c: PageContext): string | null {
  const code = readCookie(c, "given");
  if (code === null) return null;
  writeCookie(c, "given", "", 0);
  return linkOf(c.var.services, code);
}

async function propsOf(c: PageContext, acting: ActingForOwner): Promise<AdministratorsPageProps> {
  const { viewer, owners, administrators, invitations } = acting;
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
    notice: knownKey(wordsFor(c).administrators.notices, c.req.query("notice")),
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
