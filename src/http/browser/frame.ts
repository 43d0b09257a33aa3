import type { Frame, FramePerson } from "../../pages/frame.ts";
import type { PageContext } from "../context.ts";
import { csrfTokenOf } from "./csrf.ts";
import { wordsFor } from "./language.ts";
import { staticFilesBelow } from "./static-files.ts";
import { timeZoneOf } from "./time-zone.ts";

/** What the page of this request stands in. @param person who is signed in. */
export async function frameOf(c: PageContext, person: FramePerson | null = null): Promise<Frame> {
  const base = basePathOf(c);
  return {
    words: wordsFor(c),
    timeZone: timeZoneOf(c.req.raw),
    now: c.var.now,
    base,
    files: staticFilesBelow(base),
    here: hereOf(c.req.url),
    csrf: await csrfTokenOf(c),
    person,
  };
}

/** The issuer's path, without a slash at its end. */
export function basePathOf(c: PageContext): string {
  const { pathname } = new URL(c.var.services.config.issuer);
  return pathname === "/" ? "" : pathname;
}

/** An app's wish for a language must not overrule what is chosen on the page it came with. */
function hereOf(url: string): string {
  const { pathname, searchParams } = new URL(url);
  searchParams.delete("ui_locales");
  return searchParams.size === 0 ? pathname : `${pathname}?${searchParams}`;
}
