import * as v from "valibot";
import {
  type AskedRequest,
  type AuthorizationFlow,
  flowStatement,
  parseAuthorizationFlow,
} from "./authorization-statement.ts";
import type { ClaimsTarget } from "./claims-request.ts";
import type { Door } from "./door.ts";
import { type GrantedIdentity, GrantedStatement, grantedStatement, toGranted } from "./identity.ts";
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
  /** The authorization that it is a part of, and whose code it ends with; null: it ends with a ticket. */
  readonly authorization: VisitingAuthorization | null;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/** An authorization whose client asks for what owners keep somewhere: its person visits as if it had a ticket. */
export interface VisitingAuthorization {
  readonly flow: AskedFlow;
  readonly door: Door;
  /** What the client is told beside it about whose visit it is; null: nothing. */
  readonly identity: GrantedIdentity | null;
  /** Who was signed in as it began; whoever else comes begins it anew, because a name may lead them elsewhere. */
  readonly accountId: string;
}

/** A flow that is in order. */
export interface AskedFlow extends AuthorizationFlow {
  readonly asked: AskedRequest;
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
const Statement = v.tuple([
  v.unknown(),
  v.string(),
  v.string(),
  v.nullable(v.string()),
  v.number(),
  v.optional(v.tuple([v.unknown(), v.array(v.string()), v.string(), v.nullable(GrantedStatement)])),
]);

export function interactionStatement(interaction: Interaction): unknown[] {
  const { ticket, clientId, redirectUri, state, expiresAt, authorization } = interaction;
  if (authorization === null) return [ticketStatement(ticket), clientId, redirectUri, state, expiresAt];
  const { flow, door, accountId, identity } = authorization;
  // Where its browser goes, and what was named, stands in the flow.
  const found = [...door.resources, ...door.details].map(({ resourceId }) => resourceId);
  const authorizing = [flowStatement(flow), found, accountId, identity && grantedStatement(identity)];
  return [ticketStatement(ticket), clientId, "", null, expiresAt, authorizing];
}

/** @param statement what the seal gave, null when it did not open */
export function parseInteraction(statement: unknown): Interaction | null {
  const parsed = v.safeParse(Statement, statement);
  if (!parsed.success) return null;
  const [sealed, clientId, redirectUri, state, expiresAt, authorizing] = parsed.output;
  const ticket = parseTicket(sealed);
  if (ticket === null) return null;
  if (authorizing === undefined) return { ticket, clientId, redirectUri, state, authorization: null, expiresAt };
  const [sealedFlow, found, accountId, identity] = authorizing;
  const flow = parseAuthorizationFlow(sealedFlow);
  if (flow === null || !isAsked(flow)) return null;
  const door = findDoor(flow, found);
  if (door === null) return null;
  const authorization = { flow, door, accountId, identity: identity && toGranted(identity) };
  return { ticket, clientId, ...targetOf(flow), authorization, expiresAt };
}

export function isAsked(flow: AuthorizationFlow): flow is AskedFlow {
  return flow.asked.kind === "asked";
}

/** @param found which resource each name of the request was found to be: those of `resource`, and then of its details */
function findDoor({ asked }: AskedFlow, found: readonly string[]): Door | null {
  const { access } = asked.request;
  if (access === null || access.resources.length + access.details.length !== found.length) return null;
  const resources = access.resources.map((location, place) => ({ location, resourceId: found[place] ?? "" }));
  const details = access.details.map(({ location, identifier }, place) => {
    return { location, identifier, resourceId: found[resources.length + place] ?? "" };
  });
  return { resources, details };
}

/** Where the browser of a visit goes that ends with a code. */
export function targetOf({ asked }: AskedFlow): ClaimsTarget {
  const { redirectUri, state } = asked.request;
  return { redirectUri, state };
}
