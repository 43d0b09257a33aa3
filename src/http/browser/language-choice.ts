import { Hono } from "hono";
import { MAX_FLOW_CHARACTERS } from "../../shared/limits.ts";
import type { PageContext, UsherEnv, UsherHono } from "../context.ts";
import { onlyPageMethods } from "./answer-error.ts";
import { readOwnForm } from "./csrf.ts";
import { basePathOf } from "./frame.ts";
import { chooseLanguage } from "./language.ts";
import { PageProblem } from "./page-problem.ts";
import { seeOther } from "./redirect.ts";

/** The choice of a language, at the foot of every page. */
export function languageRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .post("/", async (c) => {
      const form = await readOwnForm(c);
      if (!chooseLanguage(c, form.require("language"))) throw new PageProblem("badRequest");
      return seeOther(c, addressBelowIssuer(c, form.require("return")));
    })
    .all("/", onlyPageMethods("POST"));
}

/**
 * INVARIANT: an address of our own pages, whatever was sent: the form is no way to send somebody elsewhere. It is given
 * whole, because a path that begins with two slashes, alone, names a host (RFC 3986 §4.2).
 */
function addressBelowIssuer(c: PageContext, path: string): string {
  const issuer = c.var.services.config.issuer;
  const url = URL.parse(path, `${issuer}/`);
  const isBelow = url?.origin === new URL(issuer).origin && url.pathname.startsWith(`${basePathOf(c)}/`);
  const address = isBelow ? url.origin + url.pathname + url.search : "";
  if (address === "" || address.length > MAX_FLOW_CHARACTERS) throw new PageProblem("badRequest");
  return address;
}
