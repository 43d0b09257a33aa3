import { type AuthorizationCode, codeStatement } from "../../protocol/authorization-code.ts";
import { type AuthorizationRequest, type ResponseTarget, scopeOf } from "../../protocol/authorization-request.ts";
import { AUTHORIZATION_CODE_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import { withParameters } from "../../protocol/redirect-uri.ts";
import type { AuthorizationErrorCode } from "../../protocol/wire/authorization.ts";
import { wireSafe } from "../../shared/wire-text.ts";
import type { EventSink } from "../ports/event.ts";
import type { Sealer } from "../ports/seal.ts";
import type { Randomness } from "../ports/secret.ts";

interface RespondServices {
  readonly config: { readonly issuer: string };
}

export interface IssueCodeServices extends RespondServices {
  readonly sealer: Sealer;
  readonly randomness: Randomness;
  readonly events: EventSink;
}

/** What was consented to, and by whom. */
type Consent = Pick<AuthorizationCode, "accountId" | "gift">;

/** @returns where the browser goes with an authorization response without a code (RFC 6749 §4.1.2.1, RFC 9207 §2). */
export function errorLocation(
  { config }: RespondServices,
  { redirectUri, state }: ResponseTarget,
  error: AuthorizationErrorCode,
  description: string,
): string {
  return withParameters(redirectUri, { error, error_description: wireSafe(description), state, iss: config.issuer });
}

/** @returns where the browser goes with a code (RFC 6749 §4.1.2, RFC 9207 §2). */
export async function codeLocation(
  services: IssueCodeServices,
  request: AuthorizationRequest,
  consent: Consent,
  now: number,
): Promise<string> {
  const { config, sealer, randomness, events } = services;
  const { clientId, dpopJkt, redirectUri, isUriSent, codeChallenge, state } = request;
  const code: AuthorizationCode = {
    ...consent,
    id: randomness.id(),
    clientId,
    dpopJkt,
    redirectUri,
    isUriSent,
    codeChallenge,
    expiresAt: now + AUTHORIZATION_CODE_LIFETIME_SECONDS,
  };
  const sealed = await sealer.seal("code", codeStatement(code));
  tellGift(events, request, consent);
  return withParameters(redirectUri, { code: sealed, state, iss: config.issuer });
}

function tellGift(events: EventSink, request: AuthorizationRequest, { accountId, gift }: Consent): void {
  const { clientId } = request;
  if (gift.kind !== "identity") {
    const ownerId = gift.kind === "access" ? gift.ticket.ledger : gift.ownerId;
    events.emit({ kind: "consented", ownerId, clientId, accountId, scope: scopeOf(request) });
  }
  const identity = gift.kind === "access" ? null : gift.identity;
  if (identity !== null) events.emit({ kind: "identified", clientId, accountId, scope: identity.scopes.join(" ") });
}
