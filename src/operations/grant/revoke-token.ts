import type { LedgerDirectory } from "../../ledger/contract.ts";
import type { Client } from "../../protocol/client.ts";
import { FAILURE_WINDOW_SECONDS } from "../../protocol/lifetimes.ts";
import { parseRefreshLocator } from "../../protocol/locator.ts";
import { ProtocolError } from "../../shared/error.ts";
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

/**
 * Revokes a token of this client, whatever kind it is and whatever the hint said (RFC 7009 §2.1). An RPT and its
 * refresh token are one grant and end together; a PAT ends with every other PAT of its connection. Tokens of other
 * clients, and what is no token at all, are left alone without a word (RFC 7009 §2.2).
 *
 * @throws ProtocolError too_many_requests for a client that keeps guessing (RFC 7009 §5)
 */
export async function revokeToken(services: RevokeServices, client: Client, token: string, now: number): Promise<void> {
  const grant =
    (await findRpt(services, token, now)) ?? parseRefreshLocator(await services.sealer.open("refresh", token));
  if (grant) return services.ledgers.ledger(grant.ledger).revoke(client.id, grant.grantId);
  const claims = await services.tokens.verify(token, now);
  if (!claims) return countGuess(services, client);
  if (claims.client_id === client.id) await renewConnection(services, claims);
}

async function countGuess({ failures }: RevokeServices, client: Client): Promise<void> {
  if (await failures.record(`revocation:${client.id}`)) return;
  throw new ProtocolError("too_many_requests", "too many tokens that were not issued here: slow down", {
    retryAfter: FAILURE_WINDOW_SECONDS,
  });
}

/** A new generation of the connection as it is: every access token of the old one is dead (FedAuthz §8). */
async function renewConnection(services: RevokeServices, claims: AccessTokenClaims): Promise<void> {
  const connection = await services.connections.find(claims.sub, claims.client_id);
  if (connection === null || connection.generation !== claims.connection_generation) return;
  const { clientId, scopes, ownerId } = connection;
  const change = { kind: "put_connection", clientId, scopes } as const;
  await services.ledgers.ledger(ownerId).change(services.randomness.id(), change, null);
}
