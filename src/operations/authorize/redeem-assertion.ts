import type { IssuerWords } from "../../ledger/ports.ts";
import { scopesSaid } from "../../protocol/assertion.ts";
import type { Connection } from "../../protocol/connection.ts";
import type { TokenBody } from "../../protocol/wire/token.ts";
import { ProtocolError } from "../../shared/error.ts";
import { identityIdOf } from "../identity-id.ts";
import type { PresentedAssertion } from "../ports/assertion.ts";
import type { ConnectionStore } from "../ports/connection.ts";
import type { ReplayGuard } from "../ports/replay.ts";
import type { Randomness } from "../ports/secret.ts";
import { type IssueConnectionTokenServices, issueConnectionToken } from "../protect/issue-connection-token.ts";
import { type AcceptedAssertion, spendAssertion } from "./verify-assertion.ts";

interface RedeemAssertionServices extends IssueConnectionTokenServices {
  readonly connections: Pick<ConnectionStore, "findOfPerson">;
  readonly inPerson: Pick<IssuerWords, "findLeased">;
  readonly replayGuard: ReplayGuard;
  readonly randomness: Randomness;
}

interface AssertionRequest extends PresentedAssertion {
  /** Null: everything that the assertion is good for. */
  readonly scopes: readonly string[] | null;
  /** For which of the owners that the person acts for; null: for what is their own. */
  readonly ownerId: string | null;
}

/**
 * Trades what a trusted issuer says about a person for an access token under a connection (RFC 7523 §2.1, RFC 7521 §4.1).
 * The consent is the connection, which stands already; the assertion says that the person who gave it is at the client
 * now. There is no refresh token: another assertion does its work.
 * @throws ProtocolError invalid_grant, invalid_scope
 */
export async function redeemAssertion(
  services: RedeemAssertionServices,
  request: AssertionRequest,
  accepted: AcceptedAssertion,
  now: number,
): Promise<TokenBody> {
  const connection = await findConnection(services, accepted, request, now);
  const scope = grantedScopes(connection, accepted, request.scopes).join(" ");
  await spendAssertion(services, accepted.spendable);
  const order = { ...connection, scope, tokenId: services.randomness.id(), issuedAt: now };
  return issueConnectionToken(services, { ...order, confirmation: request.confirmation, person: null });
}

/**
 * The connection under which the person lets this client act, while people can sign in here at the issuer. Whether nobody
 * has linked the identity, or its person acts for nobody who connected the client, is told nobody: an issuer's clients
 * must not find out who has an account.
 */
async function findConnection(
  { connections, inPerson }: RedeemAssertionServices,
  { trusted: { issuer }, payload }: AcceptedAssertion,
  { client, ownerId }: AssertionRequest,
  now: number,
): Promise<Connection> {
  const identityId = await identityIdOf({ issuer, subject: String(payload.sub) });
  const isHeard = (await inPerson.findLeased(issuer)) !== null;
  const connection = isHeard ? await connections.findOfPerson({ identityId, ownerId, clientId: client.id }, now) : null;
  if (connection !== null) return connection;
  const description =
    "nobody whom the assertion is about has connected this client here: send them to /authorize first";
  throw new ProtocolError("invalid_grant", description, { reason: "assertion_not_connected" });
}

/** What the connection allows, the operator lets assertions of this issuer do, and the assertion itself, where it says. */
function grantedScopes(
  connection: Connection,
  { trust, payload }: AcceptedAssertion,
  requested: readonly string[] | null,
): readonly string[] {
  const said = scopesSaid(payload);
  const allowed: readonly string[] = connection.scopes.filter(
    (scope) => trust.scopes.includes(scope) && (said === null || said.includes(scope)),
  );
  const excess = requested?.find((scope) => !allowed.includes(scope));
  if (excess !== undefined)
    throw new ProtocolError("invalid_scope", `the assertion is not good for the scope ${excess}`);
  const granted = requested ?? allowed;
  if (granted.length > 0) return granted;
  throw new ProtocolError("invalid_scope", "the assertion is good for no scope that the connection allows");
}
