import type { CodeFault, LedgerDirectory } from "../../ledger/contract.ts";
import type { Whereabouts } from "../../policy/evaluation/where.ts";
import { checkOwnTarget } from "../../protocol/access-request.ts";
import {
  type AuthorizationCode,
  type ConnectionGift,
  type IdentityGift,
  parseAuthorizationCode,
} from "../../protocol/authorization-code.ts";
import type { Client } from "../../protocol/client.ts";
import { isSameConfirmation } from "../../protocol/confirmation.ts";
import type { GrantedIdentity } from "../../protocol/identity.ts";
import { isCodeVerifier } from "../../protocol/pkce.ts";
import type { Confirmation } from "../../protocol/wire/confirmation.ts";
import type { TokenBody } from "../../protocol/wire/token.ts";
import { ProtocolError } from "../../shared/error.ts";
import { type RedeemAccessServices, redeemAccess } from "../doors/redeem-access.ts";
import { guesserOf, noteGuess } from "../failures.ts";
import {
  type IssueIdentityServices,
  issueIdentityTokens,
  issueIdToken,
  tellPerson,
} from "../identify/issue-identity.ts";
import type { FailureLimiter } from "../ports/failure.ts";
import type { IdentityConsentStore } from "../ports/identity-consent.ts";
import type { ReplayGuard } from "../ports/replay.ts";
import type { Secrets } from "../ports/secret.ts";
import { type IssueFamilyTokensServices, issueFamilyTokens } from "./issue-family-tokens.ts";

interface RedeemCodeServices
  extends Omit<IssueFamilyTokensServices, "tokens">,
    Omit<IssueIdentityServices, "tokens">,
    RedeemAccessServices {
  readonly config: IssueFamilyTokensServices["config"] & RedeemAccessServices["config"];
  readonly ledgers: LedgerDirectory;
  readonly replayGuard: ReplayGuard;
  readonly identityConsents: Pick<IdentityConsentStore, "endTokens" | "find">;
  readonly failures: Pick<FailureLimiter, "note">;
  readonly secrets: Pick<Secrets, "matches">;
}

interface CodeRequest {
  readonly client: Client;
  readonly code: string;
  /** Null: it was left out, which is in order where the authorization request left it out too. */
  readonly redirectUri: string | null;
  readonly codeVerifier: string | null;
  /** The parameters `resource` (RFC 8707 §2.2), as identifiers are compared; empty: none was sent. */
  readonly resources: readonly string[];
  readonly whereabouts: Whereabouts;
  /** What the tokens are to be bound to; null: nothing. */
  readonly confirmation: Confirmation | null;
  /** Where the request came from, as the edge saw it. */
  readonly source: string;
}

/**
 * Turns a consent into tokens (RFC 6749 §4.1.3, RFC 7636 §4.5). Whoever cannot prove that the code is meant for them
 * neither spends it nor ends anything by it: a code that was seen in a log is no switch.
 * @throws ProtocolError invalid_grant; invalid_target for a resource that was not asked for; too_many_requests for a
 *   client that keeps guessing
 */
export async function redeemCode(services: RedeemCodeServices, request: CodeRequest, now: number): Promise<TokenBody> {
  const { client } = request;
  const code = parseAuthorizationCode(await services.sealer.open("code", request.code));
  if (code === null) {
    const counted = { subject: `code:${client.id}`, source: guesserOf(client, request.source) };
    noteGuess(services.failures, counted, "codes that were not issued here");
    throw notGood("unknown");
  }
  await checkProof(services, code, request);
  if (code.expiresAt <= now) throw notGood("expired");
  const { gift } = code;
  if (gift.kind !== "access") checkOwnTarget(services.config.issuer, request.resources);
  switch (gift.kind) {
    case "connection":
      return redeemConnection(services, request, code, gift);
    case "access":
      return redeemAccess(services, { ...request, gift, accountId: code.accountId });
    case "identity":
      return redeemIdentity(services, request, code, gift, now);
  }
}

/** What was consented to, for an owner; who consented is told beside it while they let the client know. */
async function redeemConnection(
  services: RedeemCodeServices,
  { client, confirmation }: CodeRequest,
  { id: familyId, clientId, accountId, expiresAt }: AuthorizationCode,
  { ownerId, connectionGeneration, scopes, identity }: ConnectionGift,
): Promise<TokenBody> {
  const [reply, isKnown] = await Promise.all([
    services.ledgers.ledger(ownerId).redeemCode({
      attemptId: services.randomness.id(),
      code: { id: familyId, clientId, accountId, connectionGeneration, scopes, expiresAt },
      mayRefresh: client.grantTypes.includes("refresh_token"),
    }),
    isStillKnown(services, identity),
  ]);
  if (reply.outcome === "invalid") {
    if (reply.fault === "spent") services.events.emit({ kind: "code_replayed", accountId, ownerId, clientId });
    throw notGood(reply.fault);
  }
  const { issuedAt, refreshGeneration } = reply;
  const order = {
    ownerId,
    clientId,
    familyId,
    connectionGeneration,
    scopes,
    refreshGeneration,
    issuedAt,
    confirmation,
  };
  if (identity === null || !isKnown) return issueFamilyTokens(services, { ...order, person: null });
  const known = { client, accountId, identity };
  const [body, idToken] = await Promise.all([
    tellPerson(services, known).then((person) => issueFamilyTokens(services, { ...order, person })),
    issueIdToken(services, known, issuedAt),
  ]);
  return { ...body, id_token: idToken };
}

/** A code that comes again ends the access tokens of its consent (RFC 6749 §4.1.2). */
async function redeemIdentity(
  services: RedeemCodeServices,
  { client, confirmation }: CodeRequest,
  { id, accountId, expiresAt }: AuthorizationCode,
  { identity }: IdentityGift,
  now: number,
): Promise<TokenBody> {
  // One object of 64 for each client, so that the sign-ins of one app fill no room that another's need.
  const [isFirst, isKnown] = await Promise.all([
    services.replayGuard.claim(`code-${client.id}-${id.charAt(0)}`, id, expiresAt),
    isStillKnown(services, identity),
  ]);
  if (!isKnown) throw notGood("consent_ended");
  if (isFirst) return issueIdentityTokens(services, { client, accountId, identity }, confirmation, now);
  await services.identityConsents.endTokens(identity.consentId, now);
  services.events.emit({ kind: "sign_in_tokens_ended", clientId: client.id, accountId });
  throw notGood("spent");
}

/** Whether the person still lets the client know who they are: a consent that was taken back meanwhile gives no ID Token. */
async function isStillKnown(
  { identityConsents }: Pick<RedeemCodeServices, "identityConsents">,
  identity: GrantedIdentity | null,
): Promise<boolean> {
  return identity !== null && (await identityConsents.find(identity.consentId)) !== null;
}

/** The client that the code was given to, the key that it is bound to (RFC 9449 §10), its redirect URI and verifier. */
async function checkProof(
  { secrets }: Pick<RedeemCodeServices, "secrets">,
  code: AuthorizationCode,
  request: CodeRequest,
): Promise<void> {
  if (code.clientId !== request.client.id) throw notGood("foreign_client");
  if (code.dpopJkt !== null && !isSameConfirmation({ jkt: code.dpopJkt }, request.confirmation)) throw notGood("key");
  const mayLeaveOut = !code.isUriSent && request.redirectUri === null;
  if (!mayLeaveOut && request.redirectUri !== code.redirectUri) throw notGood("redirect_uri");
  if (!(await isVerifierOf(secrets, request.codeVerifier, code.codeChallenge))) throw notGood("verifier");
}

/** RFC 7636 §4.6: S256 is the very hash by which secrets are kept. */
async function isVerifierOf(
  secrets: Pick<Secrets, "matches">,
  verifier: string | null,
  challenge: string,
): Promise<boolean> {
  return verifier !== null && isCodeVerifier(verifier) && secrets.matches(verifier, challenge);
}

/** Only the operator reads which it was. */
function notGood(
  reason: CodeFault | "unknown" | "foreign_client" | "key" | "redirect_uri" | "verifier" | "consent_ended",
): ProtocolError {
  const description = "the code is not good for this client, redirect_uri and code_verifier (any more): ask anew";
  return new ProtocolError("invalid_grant", description, { reason: `code_${reason}` });
}
