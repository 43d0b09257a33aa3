import { decodeBase64url, encodeBase64url } from "../../shared/base64url.ts";
import type { PageContext } from "../context.ts";
import { readCookie, writeCookie } from "./cookies.ts";

const ARRIVAL_BYTES = 16;

/**
 * What tells this browser from any other as one that came with a ticket. It opens nothing; so, other than the visit, it
 * stays when somebody signs in on the way, and whoever comes once more with the same ticket is where they were.
 */
export function arrivalOf(c: PageContext): string {
  const known = readCookie(c, "arrival");
  if (known !== null && decodeBase64url(known)?.length === ARRIVAL_BYTES) return known;
  const arrival = encodeBase64url(crypto.getRandomValues(new Uint8Array(ARRIVAL_BYTES)));
  writeCookie(c, "arrival", arrival, null);
  return arrival;
}
