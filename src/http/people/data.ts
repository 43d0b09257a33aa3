import { type Context, Hono } from "hono";
import { deleteAccount, findDeletion, listSoleCharges } from "../../operations/account/delete-account.ts";
import { AccountDataPage, ChargesPage, DeletedPage, DeletionPage } from "../../pages/account-data.tsx";
import { ProtocolError } from "../../shared/error.ts";
import { isId } from "../../shared/ids.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { dropErrands } from "../browser/errands.ts";
import { basePathOf, frameOf } from "../browser/frame.ts";
import { seeOther } from "../browser/redirect.ts";
import { renderPage } from "../browser/render-page.ts";
import { forgetSession, signedInLately } from "../browser/session.ts";
import { startVisit } from "../browser/visit.ts";
import type { OverviewEnv, PageContext, PersonEnv, UsherEnv, UsherHono } from "../context.ts";
import { downloadData } from "./data-export.ts";
import { framePersonOf, overviewLately, overviewOnly } from "./overview.ts";

const HERE = "/account/data";

/** What is kept about somebody: taking it along, and deleting it. Both ask for a sign-in a moment ago. */
export function dataRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", overviewOnly, async (c) =>
      renderPage(c, AccountDataPage({ frame: await frameOf(c, framePersonOf(c.var.overview)) })),
    )
    .all("/", onlyPageMethods("GET"))
    .get("/download", overviewLately, downloadData)
    .all("/download", onlyPageMethods("GET"))
    .get("/delete", overviewLately, askOnceMore)
    .post("/delete", signedInLately(`${HERE}/delete`), endAccount)
    .all("/delete", onlyPageMethods("GET", "POST"))
    .get("/deleted", tellHowFar)
    .all("/deleted", onlyPageMethods("GET"));
}

/** What follows is said before anybody is asked; or what has to be done first. */
async function askOnceMore(c: Context<OverviewEnv>): Promise<Response> {
  const { services, overview, now } = c.var;
  const frame = await frameOf(c, framePersonOf(overview));
  const charges = await listSoleCharges(services, overview.signedIn.account, now);
  if (charges.length > 0) return renderPage(c, ChargesPage({ frame, charges }));
  const { connections: apps, organisations } = overview;
  return renderPage(c, DeletionPage({ frame, apps, organisations, isUnsure: c.req.query("unsure") === "1" }));
}

async function endAccount(c: Context<PersonEnv>): Promise<Response> {
  const form = await readOwnForm(c);
  const { services, person, now } = c.var;
  const here = basePathOf(c) + HERE;
  if (form.get("sure") !== "yes") return seeOther(c, `${here}/delete?unsure=1`);
  const isDeleted = await deleteAccount(services, person.account, now);
  if (!isDeleted) return seeOther(c, `${here}/delete`);
  forgetSession(c);
  startVisit(c);
  dropErrands(c);
  return seeOther(c, `${here}/deleted?owner=${person.account.ownerId}`);
}

/** Nobody is signed in any more who could be asked; an id that nobody else knows says whose end it is. */
async function tellHowFar(c: PageContext): Promise<Response> {
  const ownerId = c.req.query("owner") ?? "";
  const deletion = isId(ownerId) ? await findDeletion(c.var.services, ownerId) : null;
  if (deletion === null) throw new ProtocolError("not_found", "nobody asked for the end of an owner of this id");
  const { closedAt, erasedAt } = deletion;
  return renderPage(c, DeletedPage({ frame: await frameOf(c), ownerId, closedAt, erasedAt }));
}
