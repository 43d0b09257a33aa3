import { Hono } from "hono";
import { offersEmail } from "../../operations/account/email-code.ts";
import { eachNotice, keepNoticeSettings, readNoticeSettings } from "../../operations/notices/settings.ts";
import { readStop, stopNotices } from "../../operations/notices/stop.ts";
import { NoticesPage, StopPage, StoppedPage } from "../../pages/notices.tsx";
import { ANY_SIGN_IN } from "../../protocol/continuation.ts";
import type { NoticeStop } from "../../protocol/notice-stop.ts";
import { MAX_SEALED_PARAMETER_CHARACTERS } from "../../shared/limits.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { frameOf } from "../browser/frame.ts";
import { PageProblem } from "../browser/page-problem.ts";
import { seeOther } from "../browser/redirect.ts";
import { renderPage } from "../browser/render-page.ts";
import { signedInOnly } from "../browser/session.ts";
import type { PageContext, UsherEnv, UsherHono } from "../context.ts";
import { emptyAnswer, onlyMethods } from "../respond.ts";
import { personFacts } from "./person-facts.ts";

const NOTICES = "/account/notices";

/** Which letters somebody gets. */
export function noticeRoutes(): UsherHono {
  const signedIn = signedInOnly(() => ANY_SIGN_IN, NOTICES);
  return new Hono<UsherEnv>()
    .get("/", signedIn, async (c) => {
      const { services, person } = c.var;
      const frame = await frameOf(c, await personFacts(c, person));
      const wanted = await readNoticeSettings(services, person.account.id);
      const [first] = person.addresses.toSorted((one, other) => one.verifiedAt - other.verifiedAt);
      const address = first?.address ?? null;
      const isSaved = c.req.query("saved") !== undefined;
      return renderPage(c, NoticesPage({ frame, address, isPosted: offersEmail(services), wanted, isSaved }));
    })
    .post("/", signedIn, async (c) => {
      const { services, person } = c.var;
      const form = await readOwnForm(c);
      await keepNoticeSettings(
        services,
        person.account.id,
        eachNotice((kind) => form.get(kind) === "yes"),
      );
      return seeOther(c, `${services.config.issuer}${NOTICES}?saved`);
    })
    .all("/", onlyPageMethods("GET", "POST"));
}

/** Where the link at the foot of a letter leads: no sign-in, because it can do nothing but stop letters. */
export function stopRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/stop", async (c) => {
      const sealed = c.req.query("t") ?? "";
      const { kind } = await stopOf(c, sealed);
      return renderPage(c, StopPage({ frame: await frameOf(c), kind, sealed }));
    })
    .post("/stop", async (c) => {
      const form = await readOwnForm(c);
      const { services, now } = c.var;
      await stopNotices(services, await stopOf(c, form.get("t") ?? ""), now);
      return seeOther(c, `${services.config.issuer}/notices/stopped`);
    })
    .all("/stop", onlyPageMethods("GET", "POST"))
    .get("/stopped", async (c) => renderPage(c, StoppedPage({ frame: await frameOf(c) })))
    .all("/stopped", onlyPageMethods("GET"));
}

/** The same for programs that read mail, and send one request for their person (RFC 8058 §3.2); people get the page. */
export function unsubscribeRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", (c) => {
      const query = new URLSearchParams({ t: c.req.query("t") ?? "" });
      return seeOther(c, `${c.var.services.config.issuer}/notices/stop?${query}`);
    })
    .post("/", async (c) => {
      const { services, now } = c.var;
      await stopNotices(services, await stopOf(c, c.req.query("t") ?? ""), now);
      return emptyAnswer(204);
    })
    .all("/", onlyMethods("GET", "POST"));
}

/** @throws PageProblem for what is no such link of ours. */
async function stopOf(c: PageContext, sealed: string): Promise<NoticeStop> {
  const isShort = sealed.length <= MAX_SEALED_PARAMETER_CHARACTERS;
  const stop = isShort ? await readStop(c.var.services, sealed) : null;
  if (stop === null) throw new PageProblem("linkExpired");
  return stop;
}
