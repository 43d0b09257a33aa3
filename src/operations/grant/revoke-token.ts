import type { LedgerDirectory } from "../../ledger/contract.ts";
import type { Client } from "../../protocol/client.ts";
import type { ConnectedCaller } from "../../protocol/connection.ts";
import { FAILURE_WINDOW_SECONDS, PAT_LIFETIME_MAX_SECONDS } from "../../protocol/lifetimes.ts";
import {
  type ConnectionRefreshLocator,
  parseConnectionRefreshLocator,
  parseRefreshLocator,
} from "../../protocol/locator.ts";
import { ProtocolError } from "../../shared/error.ts";
import { connectedCaller } from "../authenticate/connected-caller.ts";
import { guesserOf, noteGuess } from "../failures.ts";
import { type FindRptServices, findRpt } from "../find-rpt.ts";
import { openPerson } from "../identify/open-person.ts";
import { readPresentedPct } from "../interact/bound-pct.ts";
import type { AccessTokenClaims } from "../ports/access-token.ts";
import type { EventSink } from "../ports/event.ts";
import type { FailureLimiter } from "../ports/failure.ts";
import type { IdentityConsentStore } from "../ports/identity-consent.ts";
import type { PctStore } from "../ports/pct.ts";
import type { Randomness, Secrets } from "../ports/secret.ts";
import { tellChange } from "../tell-change.ts";

interface RevokeServices extends FindRptServices {
  readonly config: { readonly issuer: string };
  readonly ledgers: LedgerDirectory;
  readonly randomness: Randomness;
  readonly failures: FailureLimiter;
  readonly pcts: Pick<PctStore, "remove">;
  readonly identityConsents: Pick<IdentityConsentStore, "endTokens">;
  readonly secrets: Pick<Secrets, "hash">;
  readonly events: EventSink;
}

interface RevocationRequest {
  readonly client: Client;
  readonly token: string;
  /** Where the request came from, as the edge saw it. */
  readonly source: string;
}

/**
 * Revokes a token of this client, whatever kind it is and whatever the hint said (RFC 7009 §2.1). An RPT and its
 * refresh token are one grant and end together; a PAT ends alone, access tokens of a person's sign-in end together, the refresh token of a connection with every PAT that
 * came of the same consent, and the connection stands. Tokens of other clients, and what is no token at all, are left alone without a word (RFC 7009 §2.2).
 *
 * @throws ProtocolError too_many_requests for a client that keeps guessing, or ends more PATs than can be remembered
 *   (RFC 7009 §2.2.1, §5)
 */
export async function revokeToken(
  services: RevokeServices,
  { client, token, source }: RevocationRequest,
  now: number,
): Promise<void> {
  const family = parseConnectionRefreshLocator(await services.sealer.open("connection_refresh", token));
  if (family) return revokeFamily(services, client, family, now);
  const grant =
    (await findRpt(services, token, now)) ?? parseRefreshLocator(await services.sealer.open("refresh", token));
  if (grant) {
    await services.ledgers.ledger(grant.ledger).revoke(client.id, grant.grantId);
    return services.events.emit({ kind: "revoked", ownerId: grant.ledger, clientId: client.id });
  }
  const claims = await services.tokens.verify(token, now);
  if (claims) return revokeAccessToken(services, client, claims, now);
  if (!(await revokePct(services, client, token))) countGuess(services, client, source);
}

async function revokeFamily(
  services: RevokeServices,
  client: Client,
  { ownerId, clientId, familyId: tokenId, connectionGeneration: generation }: ConnectionRefreshLocator,
  now: number,
): Promise<void> {
  const caller = { ownerId, clientId, generation, tokenId, scopes: [] };
  await revokeUnderConnection(services, client, caller, now + PAT_LIFETIME_MAX_SECONDS);
}

/** A PCT ends alone (Grant §3.7): what was granted with it stands. */
async function revokePct(services: RevokeServices, { id }: Client, token: string): Promise<boolean> {
  const { pcts, secrets, events, sealer } = services;
  const pct = await readPresentedPct(sealer, token);
  if (pct === null || !(await pcts.remove(await secrets.hash(pct.secret), id))) return false;
  events.emit({ kind: "pcts_forgotten", clientId: id, accountId: null, count: 1 });
  return true;
}

function countGuess({ failures }: RevokeServices, client: Client, source: string): void {
  const counted = { subject: `revocation:${client.id}`, source: guesserOf(client, source) };
  noteGuess(failures, counted, "tokens that were not issued here");
}

/** One that acts for an owner ends alone, of a sign-in all that stand on its consent, because nothing is kept of each. */
async function revokeAccessToken(
  services: RevokeServices,
  client: Client,
  claims: AccessTokenClaims,
  now: number,
): Promise<void> {
  const caller = connectedCaller(claims, services.config.issuer);
  if (caller) return revokeUnderConnection(services, client, caller, claims.exp);
  const person = await openPerson(services.sealer, claims);
  if (person?.clientId !== client.id) return;
  await services.identityConsents.endTokens(person.consentId, now);
  services.events.emit({ kind: "sign_in_tokens_ended", clientId: client.id, accountId: person.accountId });
}

/**
 * Ends a token, or a family of them, by its id. INVARIANT: it is asked for under the token itself, so that it can change
 * nothing that the connection, as it stands by now, does not allow. A token whose connection has ended, or that was
 * revoked before, has nothing left to end.
 */
async function revokeUnderConnection(
  services: RevokeServices,
  client: Client,
  caller: ConnectedCaller,
  expiresAt: number,
): Promise<void> {
  const { ownerId, clientId, tokenId } = caller;
  if (clientId !== client.id) return;
  const change = { kind: "revoke_token", clientId, tokenId, expiresAt } as const;
  const reply = await services.ledgers
    .ledger(ownerId)
    .change(services.randomness.id(), change, { by: "caller", caller });
  tellChange(services.events, change, reply, { ownerId, clientId });
  if (reply.outcome !== "limit_reached") return;
  throw new ProtocolError("too_many_requests", "too many of these tokens were revoked: wait until some have expired", {
    retryAfter: FAILURE_WINDOW_SECONDS,
  });
}
