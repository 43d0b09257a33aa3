import { openContinuation, sealContinuation } from "../../operations/account/continuation.ts";
import { CONTINUATION_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import type { PageContext } from "../context.ts";
import { basePathOf } from "./frame.ts";
import { forgetLongCookie, readLongCookie, writeLongCookie } from "./long-cookies.ts";

/** What somebody was in the middle of. */
export interface WayBack {
  /** Whose errand it is, as a page names it. */
  readonly app: string;
  readonly href: string;
}

/**
 * Remembers in this browser what somebody is in the middle of, while they see to their account.
 * @param path below the issuer, made by us
 */
export async function rememberWayBack(c: PageContext, path: string, app: string): Promise<void> {
  const { services, now } = c.var;
  const demand = { authenticatedSince: null, loginHint: null, addressSuffices: false };
  const sealed = await sealContinuation(services, { path, demand, app, leadsTo: null }, now);
  writeLongCookie(c, "return", sealed, CONTINUATION_LIFETIME_SECONDS);
}

/** @returns null where nobody was in the middle of anything, or too long ago */
export async function findWayBack(c: PageContext): Promise<WayBack | null> {
  const sealed = readLongCookie(c, "return");
  const opened = sealed === null ? null : await openContinuation(c.var.services, sealed, c.var.now);
  if (opened === null || opened.app === null) return null;
  return { app: opened.app, href: basePathOf(c) + opened.path };
}

/** When there is nothing to go back to any more. */
export function forgetWayBack(c: PageContext): void {
  forgetLongCookie(c, "return");
}
