import { type Actor, isAdministrator } from "../../protocol/actor.ts";
import { type ConnectedCaller, FAMILY_ID_CHARACTERS } from "../../protocol/connection.ts";
import { type ConnectionScope, POLICY_SCOPE } from "../../protocol/wire/connection.ts";
import { inTime } from "./administrators.ts";

/**
 * Work done under a connection. The connection is read in the same batch as the work, one round trip and one
 * transaction, so what an ended connection's token still asks for is neither answered nor written.
 */

/** The family of a token (protocol/connection.ts, familyOf), in SQL. */
const familyIn = (tokenId: string) => `substr(${tokenId}, 1, ${FAMILY_ID_CHARACTERS})`;

/** For each part of a standing the parameter of the statement that holds it, such as "?1". */
interface StandingParameters {
  readonly ownerId: string;
  readonly clientId: string;
  readonly generation: string;
  readonly scope: string;
  readonly tokenId: string;
}

/**
 * The condition that a connection stands, in this generation and for this scope, and that the token in hand was not
 * revoked; a write under it includes it.
 */
export function connectionStands({ ownerId, clientId, generation, scope, tokenId }: StandingParameters): string {
  return `EXISTS (
    SELECT 1 FROM connections
    WHERE owner_id = ${ownerId} AND client_id = ${clientId} AND generation = ${generation} AND active = 1
      AND EXISTS (SELECT 1 FROM json_each(connections.scopes) WHERE value = ${scope})
      AND NOT EXISTS (
        SELECT 1 FROM revoked_tokens
        WHERE owner_id = ${ownerId} AND token_id IN (${tokenId}, ${familyIn(tokenId)})))`;
}

const STANDING = `
  SELECT ledger FROM owners
  WHERE id = ?1 AND ${connectionStands({ ownerId: "?1", clientId: "?2", generation: "?3", scope: "?4", tokenId: "?5" })}`;

interface StandingRow {
  readonly ledger: string;
}

/** Finds the owner's ledger if the caller's connection stands for this scope, and no row if it does not. */
export function standingStatement(
  db: D1Database,
  caller: ConnectedCaller,
  scope: ConnectionScope,
): D1PreparedStatement {
  return db.prepare(STANDING).bind(caller.ownerId, caller.clientId, caller.generation, scope, caller.tokenId);
}

const ACTING = `
  SELECT ledger FROM owners
  WHERE id = ?1 AND EXISTS (
    SELECT 1 FROM administrators WHERE owner_id = ?1 AND account_id = ?2 AND ${inTime("?3")})`;

/** Finds the owner's ledger if the actor may act for the owner, and no row otherwise. */
export function actingStatement(db: D1Database, actor: Actor): D1PreparedStatement {
  if (!isAdministrator(actor)) return standingStatement(db, actor, POLICY_SCOPE);
  return db.prepare(ACTING).bind(actor.ownerId, actor.accountId, actor.now);
}

type Work = readonly [...D1PreparedStatement[], D1PreparedStatement];

interface Answered<Row> {
  readonly ledger: string;
  readonly rows: readonly Row[];
}

/**
 * Runs statements with the standing of the caller's connection.
 * @param work reads or writes what is the caller's; a write must include `connectionStands`, since only the answer to
 *   a read can be held back.
 * @returns the last statement's rows and the owner's ledger; null when the connection does not stand for this scope.
 */
export function queryUnderConnection<Row>(
  db: D1Database,
  caller: ConnectedCaller,
  scope: ConnectionScope,
  ...work: Work
): Promise<Answered<Row> | null> {
  return queryStanding(db, standingStatement(db, caller, scope), work);
}

/** Reads what is an owner's for whoever acts for them. @returns null when they do not (any more). */
export function queryAs<Row>(db: D1Database, actor: Actor, ...work: Work): Promise<Answered<Row> | null> {
  return queryStanding(db, actingStatement(db, actor), work);
}

/** The same for several reads. @returns the rows of each; null when they do not act for the owner (any more). */
export async function readAs(
  db: D1Database,
  actor: Actor,
  ...reads: readonly D1PreparedStatement[]
): Promise<readonly (readonly unknown[])[] | null> {
  const [found, ...read] = await db.batch([actingStatement(db, actor), ...reads]);
  return found?.results.length === 0 ? null : read.map(({ results }) => results);
}

async function queryStanding<Row>(
  db: D1Database,
  standing: D1PreparedStatement,
  work: Work,
): Promise<Answered<Row> | null> {
  const [found, ...done] = await db.batch([standing, ...work]);
  const owner = found?.results[0] as StandingRow | undefined;
  return owner === undefined ? null : { ledger: owner.ledger, rows: (done.at(-1)?.results ?? []) as Row[] };
}
