import type { AccessRequest } from "../../protocol/access-request.ts";
import { accessSaid } from "../../protocol/assertion-access.ts";
import type { TokenBody } from "../../protocol/wire/token.ts";
import { invalidRequest } from "../../shared/error.ts";
import { redeemAssertion } from "../authorize/redeem-assertion.ts";
import { type VerifyAssertionServices, verifyAssertion } from "../authorize/verify-assertion.ts";
import type { PresentedAssertion } from "../ports/assertion.ts";
import { accessByAssertion } from "./access-by-assertion.ts";
import type { WordOrder } from "./grant-by-word.ts";

type TradeServices = VerifyAssertionServices &
  Parameters<typeof redeemAssertion>[0] &
  Parameters<typeof accessByAssertion>[0];

/** A token request with an assertion as its grant (RFC 7523 §2.1). */
interface TradeRequest extends PresentedAssertion, Pick<WordOrder, "whereabouts" | "source"> {
  /** The `scope` parameter; null: it was left out. */
  readonly scopes: readonly string[] | null;
  /** What the request names; null: nothing. */
  readonly access: AccessRequest | null;
  readonly ownerId: string | null;
}

/**
 * Trades an assertion: for access to the resources that the request, or else the assertion, names; and where neither names
 * any, for an access token under a connection.
 * @throws ProtocolError unauthorized_client, invalid_grant, invalid_request; as redeemAssertion and accessByAssertion
 */
export async function tradeAssertion(services: TradeServices, request: TradeRequest, now: number): Promise<TokenBody> {
  const accepted = await verifyAssertion(services, request, now);
  const access = request.access ?? accessSaid(accepted.payload, request.scopes, services.config.issuer);
  if (access === null) return redeemAssertion(services, request, accepted, now);
  // What is named says itself whose it is, and that may be somebody else.
  if (request.ownerId !== null) throw invalidRequest("resource_owner says nothing where resources are named");
  return accessByAssertion(services, { ...request, access }, accepted, now);
}
