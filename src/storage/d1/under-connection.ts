import type { ConnectedCaller } from "../../protocol/connection.ts";
import type { ConnectionScope } from "../../protocol/wire/connection.ts";

/**
 * Work done under a connection. The connection is read in the same batch as the work, one round trip and one
 * transaction, so what an ended connection's token still asks for is neither answered nor written.
 */

/** True in a statement whose first four parameters are the standing's. */
export const CONNECTION_STANDS = `EXISTS (
  SELECT 1 FROM connections
  WHERE owner_id = ?1 AND client_id = ?2 AND generation = ?3 AND active = 1
    AND EXISTS (SELECT 1 FROM json_each(connections.scopes) WHERE value = ?4))`;

const STANDING = `SELECT ledger FROM owners WHERE id = ?1 AND ${CONNECTION_STANDS}`;

type Parameter = string | number | null;

/** The four parameters of CONNECTION_STANDS. */
export function standingParameters(caller: ConnectedCaller, scope: ConnectionScope): readonly Parameter[] {
  return [caller.ownerId, caller.clientId, caller.generation, scope];
}

/**
 * Runs one statement with the standing of the caller's connection.
 * @param statement may name the standing's parameters ?1 to ?4 (?4 it must, if it has none of its own: D1 counts);
 *   its own `parameters` start at ?5.
 * @returns the statement's rows and the owner's ledger; null when the connection does not stand for this scope.
 */
export async function queryUnderConnection<Row>(
  db: D1Database,
  caller: ConnectedCaller,
  scope: ConnectionScope,
  statement: string,
  parameters: readonly Parameter[],
): Promise<{ readonly ledger: string; readonly rows: readonly Row[] } | null> {
  const standing = standingParameters(caller, scope);
  const [stands, work] = await db.batch([
    db.prepare(STANDING).bind(...standing),
    db.prepare(statement).bind(...standing, ...parameters),
  ]);
  const owner = stands?.results[0] as { readonly ledger: string } | undefined;
  return owner === undefined ? null : { ledger: owner.ledger, rows: (work?.results ?? []) as Row[] };
}
