import * as v from "valibot";
import type { RptFormat } from "./client.ts";
import type { RequestedPermission } from "./permission.ts";

/** What a permission ticket says once its seal is opened. Ids are 16 random bytes in base64url. */
export interface PermissionTicket {
  readonly id: string;
  /** The authorization process (Grant §1.3.1) it belongs to; an RPT that comes of it is known by the same id. */
  readonly processId: string;
  /** 0 as minted for the resource server; each rotation adds one. */
  readonly step: number;
  /** The name of the owner ledger that spends it, so that an owner can be split while tickets live. */
  readonly ledger: string;
  readonly resourceServerId: string;
  /** The generation of the resource server's connection that it was made under; it ends with that. */
  readonly connectionGeneration: number;
  /** The access token that it was asked for with, whose revocation ends it; null from the first rotation on. */
  readonly tokenId: string | null;
  readonly rptFormat: RptFormat;
  /** The client that the process belongs to; null until the first client presents a ticket. */
  readonly clientId: string | null;
  readonly permissions: readonly RequestedPermission[];
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/**
 * The form of a statement. Tickets live for hours and a server is replaced in minutes, so a server must see whether
 * it can read a ticket that a newer or older one sealed.
 */
const FORM = 2;

/** A ticket travels in headers and URLs, so its members stand by place, not by name. */
const Statement = v.tuple([
  v.literal(FORM),
  v.string(),
  v.string(),
  v.number(),
  v.string(),
  v.string(),
  v.number(),
  v.picklist(["jwt", "opaque"]),
  v.nullable(v.string()),
  v.array(v.tupleWithRest([v.string()], v.string())),
  v.number(),
  // Came later: what was sealed before lacks it, and what reads tickets as before passes it over.
  v.optional(v.nullable(v.string()), null),
]);

/** A ticket as it is sealed. Each permission is its resource id followed by its scopes. */
export function ticketStatement(ticket: PermissionTicket): v.InferOutput<typeof Statement> {
  const permissions = ticket.permissions.map(({ resourceId, scopes }): [string, ...string[]] => [
    resourceId,
    ...scopes,
  ]);
  const { id, processId, step, ledger, resourceServerId, connectionGeneration, rptFormat, clientId } = ticket;
  const party = [resourceServerId, connectionGeneration, rptFormat, clientId] as const;
  return [FORM, id, processId, step, ledger, ...party, permissions, ticket.expiresAt, ticket.tokenId];
}

/** @returns null for a statement of another form. */
export function parseTicket(statement: unknown): PermissionTicket | null {
  const parsed = v.safeParse(Statement, statement);
  if (!parsed.success) return null;
  const [, id, processId, step, ledger, resourceServerId, connectionGeneration, ...rest] = parsed.output;
  const [rptFormat, clientId, entries, expiresAt, tokenId] = rest;
  const permissions = entries.map(([resourceId, ...scopes]) => ({ resourceId, scopes }));
  const from = { ledger, resourceServerId, connectionGeneration, tokenId };
  return { id, processId, step, ...from, rptFormat, clientId, permissions, expiresAt };
}
