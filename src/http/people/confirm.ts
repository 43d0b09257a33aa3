import type { Context } from "hono";
import { ConfirmPage, type ConfirmPageProps } from "../../pages/confirm.tsx";
import { frameOf } from "../browser/frame.ts";
import { renderPage } from "../browser/render-page.ts";
import type { PersonEnv } from "../context.ts";
import { personFacts } from "./person-facts.ts";

/** Asks once more before what cannot be taken back. @param action path below the issuer that is posted to. */
export async function confirm(
  c: Context<PersonEnv>,
  question: ConfirmPageProps["question"],
  action: string,
): Promise<Response> {
  const frame = await frameOf(c, await personFacts(c, c.var.person));
  const page = ConfirmPage({ frame, question, action, hidden: {}, cancel: "/account/security", returnsTo: null });
  return renderPage(c, page);
}
