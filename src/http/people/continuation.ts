import { openContinuation } from "../../operations/account/continuation.ts";
import type { Continuation } from "../../protocol/continuation.ts";
import { basePathOf } from "../browser/frame.ts";
import type { PageContext } from "../context.ts";
import { visitIn } from "./interaction-path.ts";

/** Where somebody who signs in came from, and goes on to. */
export interface Arrival {
  /** What the pages on the way carry along; null: nothing. */
  readonly sealed: string | null;
  /** Null also where it has expired: then the way ends at what is their own. */
  readonly continuation: Continuation | null;
}

/** @param sealed as a query or form holds it. */
export async function readArrival(c: PageContext, sealed: string | null): Promise<Arrival> {
  const continuation = sealed === null ? null : await openContinuation(c.var.services, sealed, c.var.now);
  return { sealed: continuation === null ? null : sealed, continuation };
}

/** Of a page that was opened with `continue` in its query. */
export function arrivalOf(c: PageContext): Promise<Arrival> {
  return readArrival(c, c.req.query("continue") ?? null);
}

/** What `form-action` has to allow on the pages of a way that may end at an app. */
export function formTargetsOf({ continuation }: Arrival): readonly string[] {
  return continuation?.leadsTo == null ? [] : [continuation.leadsTo];
}

/** The visit that somebody is on and can call off instead of signing in, sealed; null: they are on none. */
export function visitOf({ continuation }: Arrival): string | null {
  return continuation === null ? null : visitIn(continuation.path);
}

/** A path with the issuer's own before it: where somebody goes who has signed in. */
export function destinationOf(c: PageContext, { continuation }: Arrival, otherwise = "/console"): string {
  return basePathOf(c) + (continuation?.path ?? otherwise);
}
