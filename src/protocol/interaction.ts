import * as v from "valibot";
import type { ClaimsTarget } from "./claims-request.ts";
import { INTERACTION_LIFETIME_SECONDS } from "./lifetimes.ts";
import { type PermissionTicket, parseTicket, ticketStatement } from "./ticket.ts";

/**
 * A visit of the requesting party on its way, which travels sealed. It stands for a ticket that was spent when its browser
 * arrived, and is worth no more than that was: what counts is who signs in and what they say. So it is bound to no
 * browser, and its person may sign in, or make an account, on the way.
 */
export interface Interaction extends ClaimsTarget {
  /** The ticket that it began with. */
  readonly ticket: PermissionTicket;
  /** The client that sent the browser, and gets it back. */
  readonly clientId: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/**
 * Until when a browser may come again with its ticket and find that it has arrived: each time another page begins to run
 * out. @returns epoch seconds
 */
export function lastArrival({ expiresAt }: Pick<PermissionTicket, "expiresAt">): number {
  return expiresAt + INTERACTION_LIFETIME_SECONDS;
}

/** When the last page of a visit has run out, whichever of them it ended on: epoch seconds. */
export function lastPageEnd(ticket: Pick<PermissionTicket, "expiresAt">): number {
  return lastArrival(ticket) + INTERACTION_LIFETIME_SECONDS;
}

/** It stands in URLs, inside another seal at times, so its members stand by place. */
const Statement = v.tuple([v.unknown(), v.string(), v.string(), v.nullable(v.string()), v.number()]);

export function interactionStatement(interaction: Interaction): v.InferOutput<typeof Statement> {
  const { ticket, clientId, redirectUri, state, expiresAt } = interaction;
  return [ticketStatement(ticket), clientId, redirectUri, state, expiresAt];
}

/** @param statement what the seal gave, null when it did not open */
export function parseInteraction(statement: unknown): Interaction | null {
  const parsed = v.safeParse(Statement, statement);
  if (!parsed.success) return null;
  const [sealed, clientId, redirectUri, state, expiresAt] = parsed.output;
  const ticket = parseTicket(sealed);
  return ticket && { ticket, clientId, redirectUri, state, expiresAt };
}
