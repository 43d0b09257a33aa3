import type { PageContext } from "../context.ts";
import { type LongCookieName, readCookie, writeCookie } from "./cookies.ts";

/** Browsers drop a cookie of more than 4,096 bytes with its name (RFC 6265bis §5.7). */
const PART_CHARACTERS = 3_900;
/** Enough for what is carried along (MAX_FLOW_CHARACTERS), sealed once more. */
const PARTS = [0, 1, 2, 3, 4, 5];

/** A sealed text that may be longer than a cookie; of parts that do not belong together nothing opens. */
export function readLongCookie(c: PageContext, name: LongCookieName): string | null {
  const [first = null, ...others] = PARTS.map((part) => readCookie(c, partName(name, part)));
  if (first === null) return null;
  const end = others.indexOf(null);
  return [first, ...others.slice(0, end === -1 ? others.length : end)].join("");
}

/**
 * @param value of ASCII.
 * @param maxAge seconds.
 */
export function writeLongCookie(c: PageContext, name: LongCookieName, value: string, maxAge: number): void {
  for (const part of PARTS) {
    const text = value.slice(part * PART_CHARACTERS, (part + 1) * PART_CHARACTERS);
    if (text !== "") writeCookie(c, partName(name, part), text, maxAge);
    else forgetPart(c, name, part);
  }
}

export function forgetLongCookie(c: PageContext, name: LongCookieName): void {
  for (const part of PARTS) forgetPart(c, name, part);
}

/** What was longer before would be read on. */
function forgetPart(c: PageContext, name: LongCookieName, part: number): void {
  if (readCookie(c, partName(name, part)) !== null) writeCookie(c, partName(name, part), "", 0);
}

function partName(name: LongCookieName, part: number): LongCookieName | `${LongCookieName}-${number}` {
  return part === 0 ? name : `${name}-${part}`;
}
