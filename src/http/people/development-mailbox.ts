import { Hono } from "hono";
import { readMailbox } from "../../operations/account/development-mailbox.ts";
import { MailboxPage } from "../../pages/development-mailbox.tsx";
import { ProtocolError } from "../../shared/error.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { isReadByPerson } from "../browser/for-people.ts";
import { frameOf } from "../browser/frame.ts";
import { renderPage } from "../browser/render-page.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { privateJson } from "../respond.ts";

/** Where letters land on a developer's own machine; anywhere else there is no such page. */
export function developmentMailboxRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", async (c) => {
      const items = readMailbox(c.var.services);
      if (items === null) throw new ProtocolError("not_found", "there is nothing here");
      if (!isReadByPerson(c)) return privateJson({ items });
      const messages = items.map(({ at, ...mail }) => ({ ...mail, sentAt: at }));
      return renderPage(c, MailboxPage({ frame: await frameOf(c), messages }));
    })
    .all("/", onlyPageMethods("GET"));
}
