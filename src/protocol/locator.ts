import * as v from "valibot";

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
}

/** A refresh token: its grant, and how often it has been rotated. */
interface RefreshLocator {
  readonly ledger: string;
  readonly grantId: string;
  readonly generation: number;
}

/** A refresh token of a connection: its family, the connection it was made under, and how often it has been rotated. */
export interface ConnectionRefreshLocator {
  readonly ownerId: string;
  readonly clientId: string;
  readonly familyId: string;
  readonly connectionGeneration: number;
  readonly generation: number;
}

const RptStatement = v.tuple([
  v.string(),
  v.string(),
  v.string(),
  v.number(),
  v.number(),
  v.nullable(v.array(v.string())),
]);
const RefreshStatement = v.tuple([v.string(), v.string(), v.number()]);
const ConnectionRefreshStatement = v.tuple([v.string(), v.string(), v.string(), v.number(), v.number()]);

/** A locator as it is sealed: by place, because it is carried in every token. */
export function rptStatement(locator: RptLocator): v.InferOutput<typeof RptStatement> {
  const { ledger, grantId, clientId, issuedAt, expiresAt, scopes } = locator;
  return [ledger, grantId, clientId, issuedAt, expiresAt, scopes && [...scopes]];
}

/** @param statement what the seal gave, null when it did not open */
export function parseRptLocator(statement: unknown): RptLocator | null {
  const parsed = v.safeParse(RptStatement, statement);
  if (!parsed.success) return null;
  const [ledger, grantId, clientId, issuedAt, expiresAt, scopes] = parsed.output;
  return { ledger, grantId, clientId, issuedAt, expiresAt, scopes };
}

export function refreshStatement({
  ledger,
  grantId,
  generation,
}: RefreshLocator): v.InferOutput<typeof RefreshStatement> {
  return [ledger, grantId, generation];
}

/** @param statement what the seal gave, null when it did not open */
export function parseRefreshLocator(statement: unknown): RefreshLocator | null {
  const parsed = v.safeParse(RefreshStatement, statement);
  if (!parsed.success) return null;
  const [ledger, grantId, generation] = parsed.output;
  return { ledger, grantId, generation };
}

export function connectionRefreshStatement({
  ownerId,
  clientId,
  familyId,
  connectionGeneration,
  generation,
}: ConnectionRefreshLocator): v.InferOutput<typeof ConnectionRefreshStatement> {
  return [ownerId, clientId, familyId, connectionGeneration, generation];
}

/** @param statement what the seal gave, null when it did not open */
export function parseConnectionRefreshLocator(statement: unknown): ConnectionRefreshLocator | null {
  const parsed = v.safeParse(ConnectionRefreshStatement, statement);
  if (!parsed.success) return null;
  const [ownerId, clientId, familyId, connectionGeneration, generation] = parsed.output;
  return { ownerId, clientId, familyId, connectionGeneration, generation };
}
