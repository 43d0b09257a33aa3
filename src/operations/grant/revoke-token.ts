import type { LedgerDirectory } from "../../ledger/contract.ts";
import type { Client } from "../../protocol/client.ts";
import { parseRefreshLocator } from "../../protocol/locator.ts";
import { guesserOf, noteGuess } from "../failures.ts";
import { type FindRptServices, findRpt } from "../find-rpt.ts";
import type { AccessTokenClaims } from "../ports/access-token.ts";
import type { ConnectionStore } from "../ports/connection.ts";
import type { FailureLimiter } from "../ports/failure.ts";
import type { Randomness } from "../ports/secret.ts";

interface RevokeServices extends FindRptServices {
  readonly connections: ConnectionStore;
  readonly ledgers: LedgerDirectory;
  readonly randomness: Randomness;
  readonly failures: FailureLimiter;
}

interface RevocationRequest {
  readonly client: Client;
  readonly token: string;
  /** Where the request came from, as the edge saw it. */
  readonly source: string;
}

/**
 * Revokes a token of this client, whatever kind it is and whatever the hint said (RFC 7009 §2.1). An RPT and its
 * refresh token are one grant and end together; a PAT ends with every other PAT of its connection. Tokens of other
 * clients, and what is no token at all, are left alone without a word (RFC 7009 §2.2).
 *
 * @throws ProtocolError too_many_requests for a client that keeps guessing (RFC 7009 §5)
 */
export async function revokeToken(
  services: RevokeServices,
  { client, token, source }: RevocationRequest,
  now: number,
): Promise<void> {
  const grant =
    (await findRpt(services, token, now)) ?? parseRefreshLocator(await services.sealer.open("refresh", token));
  if (grant) return services.ledgers.ledger(grant.ledger).revoke(client.id, grant.grantId);
  const claims = await services.tokens.verify(token, now);
  if (!claims) return countGuess(services, client, source);
  if (claims.client_id === client.id) await renewConnection(services, claims);
}

function countGuess({ failures }: RevokeServices, client: Client, source: string): void {
  const counted = { subject: `revocation:${client.id}`, source: guesserOf(client, source) };
  noteGuess(failures, counted, "tokens that were not issued here");
}

/** A new generation of the connection as it is: every access token of the old one is dead (FedAuthz §8). */
async function renewConnection(services: RevokeServices, claims: AccessTokenClaims): Promise<void> {
  const connection = await services.connections.find(claims.sub, claims.client_id);
  if (connection === null || connection.generation !== claims.connection_generation) return;
  const { clientId, scopes, ownerId } = connection;
  const change = { kind: "put_connection", clientId, scopes } as const;
  await services.ledgers.ledger(ownerId).change(services.randomness.id(), change, null);
}
