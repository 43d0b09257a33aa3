import * as v from "valibot";
import { ConfirmationSchema } from "./confirmation.ts";
import type { AudienceName } from "./door.ts";
import type { Confirmation } from "./wire/confirmation.ts";

/**
 * Where a token's grant is kept, sealed into the token: a plain one would tell clients which tokens share an owner
 * (docs/design.md, decision 5). Times are epoch seconds.
 */
export interface RptLocator {
  readonly ledger: string;
  readonly grantId: string;
  readonly clientId: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** What a refresh limited this RPT to (Grant §3.6); null: everything that the grant holds. */
  readonly scopes: readonly string[] | null;
  /** What its bearer has to prove; null: nothing. */
  readonly confirmation: Confirmation | null;
}

/** A refresh token: its grant, and how often it has been rotated. */
export interface RefreshLocator {
  readonly ledger: string;
  readonly grantId: string;
  readonly generation: number;
  /** Of the access token that it was issued with. */
  readonly confirmation: Confirmation | null;
  /** By which names the grant was asked for, where that was without a ticket (RFC 8707); null: with one. */
  readonly audience: readonly AudienceName[] | null;
}

/** A refresh token of a connection: its family, the connection it was made under, and how often it has been rotated. */
export interface ConnectionRefreshLocator {
  readonly ownerId: string;
  readonly clientId: string;
  readonly familyId: string;
  readonly connectionGeneration: number;
  readonly generation: number;
  /** Of the access token that it was issued with. */
  readonly confirmation: Confirmation | null;
}

/** At the end, and left out where it is null: a token that needs none is no longer than it has to be. */
const OwnConfirmation = v.optional(v.nullable(ConfirmationSchema), null);

const RptStatement = v.tuple([
  v.string(),
  v.string(),
  v.string(),
  v.number(),
  v.number(),
  v.nullable(v.array(v.string())),
  OwnConfirmation,
]);
const RefreshStatement = v.tuple([
  v.string(),
  v.string(),
  v.number(),
  OwnConfirmation,
  v.optional(v.nullable(v.array(v.tuple([v.string(), v.string(), v.boolean()]))), null),
]);
const ConnectionRefreshStatement = v.tuple([
  v.string(),
  v.string(),
  v.string(),
  v.number(),
  v.number(),
  OwnConfirmation,
]);

/** A locator as it is sealed: by place, because it is carried in every token. */
export function rptStatement(locator: RptLocator): unknown[] {
  const { ledger, grantId, clientId, issuedAt, expiresAt, scopes, confirmation } = locator;
  return [ledger, grantId, clientId, issuedAt, expiresAt, scopes && [...scopes], ...ownConfirmation(confirmation)];
}

/** @param statement what the seal gave, null when it did not open */
export function parseRptLocator(statement: unknown): RptLocator | null {
  const parsed = v.safeParse(RptStatement, statement);
  if (!parsed.success) return null;
  const [ledger, grantId, clientId, issuedAt, expiresAt, scopes, confirmation] = parsed.output;
  return { ledger, grantId, clientId, issuedAt, expiresAt, scopes, confirmation };
}

export function refreshStatement(locator: RefreshLocator): unknown[] {
  const { ledger, grantId, generation, confirmation, audience } = locator;
  if (audience !== null) {
    const names = audience.map(({ resourceId, location, isItself }) => [resourceId, location, isItself]);
    return [ledger, grantId, generation, confirmation, names];
  }
  return [ledger, grantId, generation, ...ownConfirmation(confirmation)];
}

/** @param statement what the seal gave, null when it did not open */
export function parseRefreshLocator(statement: unknown): RefreshLocator | null {
  const parsed = v.safeParse(RefreshStatement, statement);
  if (!parsed.success) return null;
  const [ledger, grantId, generation, confirmation, names] = parsed.output;
  const audience = names?.map(([resourceId, location, isItself]) => ({ resourceId, location, isItself })) ?? null;
  return { ledger, grantId, generation, confirmation, audience };
}

export function connectionRefreshStatement({
  ownerId,
  clientId,
  familyId,
  connectionGeneration,
  generation,
  confirmation,
}: ConnectionRefreshLocator): unknown[] {
  return [ownerId, clientId, familyId, connectionGeneration, generation, ...ownConfirmation(confirmation)];
}

/** @param statement what the seal gave, null when it did not open */
export function parseConnectionRefreshLocator(statement: unknown): ConnectionRefreshLocator | null {
  const parsed = v.safeParse(ConnectionRefreshStatement, statement);
  if (!parsed.success) return null;
  const [ownerId, clientId, familyId, connectionGeneration, generation, confirmation] = parsed.output;
  return { ownerId, clientId, familyId, connectionGeneration, generation, confirmation };
}

function ownConfirmation(confirmation: Confirmation | null): [] | [Confirmation] {
  return confirmation === null ? [] : [confirmation];
}
