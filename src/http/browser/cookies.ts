import { getCookie, setCookie } from "hono/cookie";
import type { PageContext } from "../context.ts";

/** Those that hold what somebody is in the middle of, in as many parts as it takes (long-cookies.ts). */
export type LongCookieName = "upstream" | "return";

/** The cookies of our pages. Their prefix binds them to this host, its root and TLS (RFC 6265bis §4.1.3.2). */
export type CookieName =
  | "visit"
  | "session"
  | "language"
  | "known"
  | "invitation"
  | "given"
  | "arrival"
  | LongCookieName
  | `${LongCookieName}-${number}`;

/** @returns null where it was not sent; what was sent is anybody's word. */
export function readCookie(c: PageContext, name: CookieName): string | null {
  return getCookie(c, name, "host") ?? null;
}

/** @param maxAge seconds; null: until the browser is closed. Zero takes the cookie away. */
export function writeCookie(c: PageContext, name: CookieName, value: string, maxAge: number | null): void {
  setCookie(c, name, value, {
    prefix: "host",
    httpOnly: true,
    secure: true,
    sameSite: "Lax",
    path: "/",
    ...(maxAge === null ? {} : { maxAge }),
  });
}
