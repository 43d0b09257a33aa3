import type { AccessRequest } from "../../protocol/access-request.ts";
import { invalidTarget } from "../../protocol/access-request.ts";
import { ACCESS_TOKEN_TYPE, type ExchangedTokenBody } from "../../protocol/wire/token.ts";
import { invalidRequest } from "../../shared/error.ts";
import { type HearTokenServices, hearToken } from "../grant/hear-token.ts";
import { type GrantByWordServices, grantByWord, type WordOrder } from "./grant-by-word.ts";

interface ExchangeServices extends GrantByWordServices, HearTokenServices {
  readonly config: GrantByWordServices["config"];
}

/** A token request with the token exchange grant (RFC 8693 §2.1). */
interface ExchangeRequest extends Omit<WordOrder, "access" | "ownOwnerId" | "hear"> {
  readonly subjectToken: string;
  readonly subjectTokenType: string;
  /** Null: it was left out. */
  readonly requestedTokenType: string | null;
  readonly actorToken: string | null;
  readonly audiences: readonly string[];
  readonly access: AccessRequest | null;
}

/**
 * Exchanges a token of a trusted issuer about somebody for an RPT in their name (RFC 8693 §2): what it says is heard like a
 * claim token, by the same rows of the format table, and counts as far.
 * @throws ProtocolError as grantByWord; invalid_request for an exchange of another kind
 */
export async function exchangeToken(
  services: ExchangeServices,
  request: ExchangeRequest,
  now: number,
): Promise<ExchangedTokenBody> {
  const { client, subjectToken: token, subjectTokenType: tokenType, confirmation } = request;
  const access = checkKind(request);
  const pushed = { client, token, name: { tokenType }, ticket: null, confirmation };
  const hear: WordOrder["hear"] = (place) => hearToken(services, pushed, place, now);
  // Who an issuer speaks of is a requesting party, whatever accounts they have here.
  const body = await grantByWord(services, { ...request, access, ownOwnerId: null, hear }, now);
  return { ...body, issued_token_type: ACCESS_TOKEN_TYPE };
}

/** What this server exchanges: one person's token, for access to what is named. @returns what is named */
function checkKind({ access, requestedTokenType, actorToken, audiences }: ExchangeRequest): AccessRequest {
  if (requestedTokenType !== null && requestedTokenType !== ACCESS_TOKEN_TYPE) {
    throw invalidRequest(`requested_token_type: can only be ${ACCESS_TOKEN_TYPE}`);
  }
  if (actorToken !== null) throw invalidRequest("actor_token: who acts is the client, and nobody besides");
  if (audiences.length > 0) throw invalidTarget("name what the token is for by resource, and not by audience");
  if (access !== null) return access;
  throw invalidRequest("resource or authorization_details is missing: they say what the token is for");
}
