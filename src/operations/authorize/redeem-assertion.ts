import { describeAssertionFault } from "../../protocol/assertion.ts";
import { type Client, isPublic } from "../../protocol/client.ts";
import type { Connection } from "../../protocol/connection.ts";
import type { Confirmation } from "../../protocol/wire/confirmation.ts";
import type { TokenBody } from "../../protocol/wire/token.ts";
import { ProtocolError } from "../../shared/error.ts";
import { identityIdOf } from "../identity-id.ts";
import type { AssertionVerdict, AssertionVerifier } from "../ports/assertion.ts";
import type { ConnectionStore } from "../ports/connection.ts";
import type { ReplayGuard } from "../ports/replay.ts";
import type { Randomness } from "../ports/secret.ts";
import { type IssueConnectionTokenServices, issueConnectionToken } from "../protect/issue-connection-token.ts";

interface RedeemAssertionServices extends IssueConnectionTokenServices {
  readonly assertions: AssertionVerifier;
  readonly connections: Pick<ConnectionStore, "findOfPerson">;
  readonly replayGuard: ReplayGuard;
  readonly randomness: Randomness;
}

interface AssertionRequest {
  readonly client: Client;
  readonly assertion: string;
  /** Null: everything that the assertion is good for. */
  readonly scopes: readonly string[] | null;
  /** For which of the owners that the person acts for; null: for what is their own. */
  readonly ownerId: string | null;
  /** What the token is to be bound to; null: nothing. */
  readonly confirmation: Confirmation | null;
}

type Accepted = Extract<AssertionVerdict, { readonly accepted: true }>;

/**
 * Trades what a trusted issuer says about a person for an access token under a connection (RFC 7523 §2.1, RFC 7521 §4.1).
 * The consent is the connection, which stands already; the assertion says that the person who gave it is at the client
 * now. There is no refresh token: another assertion does its work.
 * @throws ProtocolError unauthorized_client, invalid_grant, invalid_scope
 */
export async function redeemAssertion(
  services: RedeemAssertionServices,
  request: AssertionRequest,
  now: number,
): Promise<TokenBody> {
  const { client, confirmation } = request;
  if (isPublic(client)) throw new ProtocolError("unauthorized_client", "a public client cannot prove what it is");
  const verdict = await services.assertions.verify(request, now);
  if (!verdict.accepted) {
    const description = `the assertion is not good: ${describeAssertionFault(verdict.fault)}`;
    throw new ProtocolError("invalid_grant", description, { reason: reasonOf(verdict) });
  }
  const connection = await findConnection(services, verdict, request, now);
  const scope = grantedScopes(connection, verdict, request.scopes).join(" ");
  await spend(services, verdict);
  const order = { ...connection, scope, tokenId: services.randomness.id(), issuedAt: now };
  return issueConnectionToken(services, { ...order, confirmation, person: null });
}

function reasonOf({ fault, detail }: Exclude<AssertionVerdict, Accepted>): string {
  return detail === undefined ? `assertion_${fault}` : `assertion_${fault}: ${detail}`;
}

/**
 * The connection under which the person lets this client act. Whether nobody here has linked the identity, or its person
 * acts for nobody who connected the client, is told nobody: an issuer's clients must not find out who has an account.
 */
async function findConnection(
  { connections }: RedeemAssertionServices,
  { trusted, payload }: Accepted,
  { client, ownerId }: AssertionRequest,
  now: number,
): Promise<Connection> {
  const identityId = await identityIdOf({ issuer: trusted.issuer, subject: String(payload.sub) });
  const connection = await connections.findOfPerson({ identityId, ownerId, clientId: client.id }, now);
  if (connection !== null) return connection;
  const description =
    "nobody whom the assertion is about has connected this client here: send them to /authorize first";
  throw new ProtocolError("invalid_grant", description, { reason: "assertion_not_connected" });
}

/** What the connection allows, the operator lets assertions of this issuer do, and the assertion itself, where it says. */
function grantedScopes(
  connection: Connection,
  { trust, payload }: Accepted,
  requested: readonly string[] | null,
): readonly string[] {
  const said = typeof payload.scope === "string" ? payload.scope.split(" ") : null;
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

/** The last step that can fail, so that nobody but its client can spend it. */
async function spend({ replayGuard }: RedeemAssertionServices, { spendable }: Accepted): Promise<void> {
  const { audience, jti, expiresAt } = spendable;
  if (await replayGuard.claim(audience, jti, expiresAt)) return;
  throw new ProtocolError("invalid_grant", "the assertion is not good: its jti was used before; ask for a new one", {
    reason: "assertion_used",
  });
}
