import type { Handler } from "hono";
import type { Services } from "../../operations/services.ts";
import { ErrorPage } from "../../pages/error.tsx";
import { ProtocolError } from "../../shared/error.ts";
import { wireSafe } from "../../shared/wire-text.ts";
import type { PageContext, UsherEnv } from "../context.ts";
import { privateJson, refusalOf, renderRefusal, retryAfterOf } from "../respond.ts";
import { isReadByPerson } from "./for-people.ts";
import { frameOf } from "./frame.ts";
import { wordsFor } from "./language.ts";
import { problemOf } from "./page-problem.ts";
import { renderPage } from "./render-page.ts";

/** Renders whatever was thrown: to a person at a page's path as a page, to a program as its endpoint's specification asks. */
export async function answerError(error: unknown, c: PageContext, isOutage: Services["isOutage"]): Promise<Response> {
  return answerRefusal(refusalOf(error, isOutage), c);
}

/** Where nothing is: whoever browses reads a page, wherever that is. */
export async function answerNotFound(c: PageContext): Promise<Response> {
  const error = new ProtocolError("not_found", "there is nothing here");
  return isReadByPerson(c) ? errorPage(error, c) : answerRefusal(error, c);
}

/** The last line of a page's routes: whatever method was not served above it. */
export function onlyPageMethods(...methods: readonly string[]): Handler<UsherEnv> {
  return async (c) => {
    const error = new ProtocolError("unsupported_method_type", `this page takes ${methods.join(" or ")}`);
    const response = await answerRefusal(error, c);
    response.headers.set("Allow", methods.join(", "));
    return response;
  };
}

async function answerRefusal(error: ProtocolError, c: PageContext): Promise<Response> {
  if (c.var.isForPeople !== true) return renderRefusal(error, c);
  return isReadByPerson(c) ? errorPage(error, c) : errorForScript(error, c);
}

async function errorPage(error: ProtocolError, c: PageContext): Promise<Response> {
  for (const [name, value] of Object.entries(retryAfterOf(error))) c.header(name, value);
  const page = ErrorPage({ frame: await frameOf(c), problem: problemOf(error), requestId: c.var.requestId });
  return renderPage(c, page, error.status);
}

/** What a script of ours shows, beside what a program reads. */
function errorForScript(error: ProtocolError, c: PageContext): Response {
  const { title, next } = wordsFor(c).problems[problemOf(error)];
  const body = { error: error.code, error_description: wireSafe(error.message), message: `${title} ${next}` };
  return privateJson(body, error.status, retryAfterOf(error));
}
