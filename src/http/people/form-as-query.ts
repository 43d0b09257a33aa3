import type { Handler } from "hono";
import { contentTooLarge, invalidRequest } from "../../shared/error.ts";
import { MAX_FORM_AS_QUERY_BYTES } from "../../shared/limits.ts";
import { mediaType, readText } from "../body.ts";
import { basePathOf } from "../browser/frame.ts";
import { seeOther } from "../browser/redirect.ts";
import type { UsherEnv } from "../context.ts";

/**
 * Takes a form from a page of anybody where those may send people (OpenID Connect Core §3.1.2.1, RP-Initiated Logout §2):
 * the browser is told to ask for the same by GET. It sends no cookies with the form of another site, and with a link it
 * does; and so this changes nothing, whoever sends it.
 * @param path of the endpoint, below the issuer.
 */
export function formAsQuery(path: string): Handler<UsherEnv> {
  return async (c) => {
    if (mediaType(c.req.raw) !== "application/x-www-form-urlencoded") {
      throw invalidRequest("send the parameters as application/x-www-form-urlencoded, or in the query");
    }
    const sent = new URLSearchParams(await readText(c.req.raw, MAX_FORM_AS_QUERY_BYTES));
    const query = sent.toString();
    if (query.length > MAX_FORM_AS_QUERY_BYTES) {
      throw contentTooLarge(`the parameters must have at most ${MAX_FORM_AS_QUERY_BYTES} bytes, encoded for a query`);
    }
    return seeOther(c, `${basePathOf(c)}${path}?${query}`);
  };
}
