import type { PageContext } from "../context.ts";

/** What a script of our own pages reads, with the cookies that were set on the way; nobody keeps it. */
export function scriptAnswer(c: PageContext, body: object): Response {
  return c.json(body, 200, { "Cache-Control": "no-store" });
}
