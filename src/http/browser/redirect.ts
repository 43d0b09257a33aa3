import type { PageContext } from "../context.ts";

/**
 * Sends the browser on with a GET, whatever it sent (RFC 9110 §15.4.4), and keeps the cookies that were set.
 * @param location made by us: a path with the issuer's own before it, or the registered address of an app.
 */
export function seeOther(c: PageContext, location: string): Response {
  return c.body(null, 303, { Location: location, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer" });
}
