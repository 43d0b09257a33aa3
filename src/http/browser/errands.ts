import type { PageContext } from "../context.ts";
import { readCookie, writeCookie } from "./cookies.ts";
import { forgetLongCookie } from "./long-cookies.ts";

const SHORT = ["invitation", "given", "arrival"] as const;
const LONG = ["return", "upstream"] as const;

/** Forgets what somebody was in the middle of in this browser: whoever is at it next has no part in that. */
export function dropErrands(c: PageContext): void {
  for (const name of SHORT) if (readCookie(c, name) !== null) writeCookie(c, name, "", 0);
  for (const name of LONG) forgetLongCookie(c, name);
}
