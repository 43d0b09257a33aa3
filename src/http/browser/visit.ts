import type { Context } from "hono";
import { decodeBase64url, encodeBase64url } from "../../shared/base64url.ts";
import { sha256 } from "../../shared/sha-256.ts";
import type { PageContext, UsherEnv } from "../context.ts";
import { readCookie, writeCookie } from "./cookies.ts";

const VISIT_BYTES = 16;

/**
 * The secret that tells this browser from any other, signed in or not: made at its first page, gone when it is closed.
 * Nothing is stored of it here.
 */
export function visitOf(c: PageContext): string {
  const known = c.var.visit ?? readCookie(c, "visit");
  if (known !== null && decodeBase64url(known)?.length === VISIT_BYTES) return known;
  // Browsers keep the cookie back from what a page of another origin sends: that must not end the visit there is.
  return c.req.method === "POST" ? newVisit(c) : startVisit(c);
}

/** Another visit from here on, as whoever knew the old one must not come along into a session (RFC 9700 §4.7). */
export function startVisit(c: PageContext): string {
  const visit = newVisit(c);
  writeCookie(c, "visit", visit, null);
  return visit;
}

/** A visit that lasts for this one request. */
function newVisit(c: PageContext): string {
  const visit = encodeBase64url(crypto.getRandomValues(new Uint8Array(VISIT_BYTES)));
  // Every page's context has this variable; TypeScript cannot set it on a union of contexts.
  (c as Context<UsherEnv>).set("visit", visit);
  return visit;
}

/** What a sealed statement holds of the visit, so that it opens in the same browser only. */
export async function visitHashOf(c: PageContext): Promise<string> {
  return encodeBase64url(await sha256(`visit|${visitOf(c)}`));
}
