import type { MiddlewareHandler } from "hono";
import { accepts } from "hono/accepts";
import type { PageContext, UsherEnv } from "../context.ts";

/** At these paths are pages, so whatever goes wrong is told to a person. No other origin's script may read them. */
export const forPeople: MiddlewareHandler<UsherEnv> = async (c, next) => {
  c.set("isForPeople", true);
  await next();
};

/** Whether the answer is read by a person in a browser; programs say that they want JSON, or nothing (RFC 9110 §12.5.1). */
export function isReadByPerson(c: PageContext): boolean {
  return accepts(c, { header: "Accept", supports: [JSON_TYPE, HTML_TYPE], default: JSON_TYPE }) === HTML_TYPE;
}

const JSON_TYPE = "application/json";
const HTML_TYPE = "text/html";
