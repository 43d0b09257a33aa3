import type { HeardParty } from "../../ledger/contract.ts";
import type { Client } from "../../protocol/client.ts";
import { joinOneParty, partyKey } from "../../protocol/party.ts";
import { parseClaimTokens } from "../../protocol/several-claim-tokens.ts";
import type { PermissionTicket } from "../../protocol/ticket.ts";
import { SEVERAL_FORMAT } from "../../protocol/wire/claims.ts";
import type { Confirmation } from "../../protocol/wire/confirmation.ts";
import { type Evidence, type HearTokenServices, hearToken, NO_EVIDENCE, refuseToken } from "./hear-token.ts";

/** A claim token as a client pushes it with a ticket (Grant §3.3.1). */
export interface PushedClaimToken {
  readonly client: Client;
  readonly ticket: string;
  readonly claimToken: string | null;
  readonly claimTokenFormat: string | null;
  /** What the client proved beside it, to which its RPT is bound, too; null: nothing. */
  readonly confirmation: Confirmation | null;
}

/** A claim token that does not count is as good as none; if the policy needs it, need_info says so (Grant §3.3.6). */
export async function readClaimToken(
  services: HearTokenServices,
  { client, ticket, claimToken: token, claimTokenFormat: format, confirmation }: PushedClaimToken,
  place: PermissionTicket,
  now: number,
): Promise<Evidence> {
  if (token === null || format === null) return NO_EVIDENCE;
  const beside = { client, ticket, confirmation };
  if (format !== SEVERAL_FORMAT) return hearToken(services, { ...beside, token, name: { format } }, place, now);
  const parts = parseClaimTokens(token);
  if (parts === null) return refuseToken(services, "form", client, place);
  const each = await Promise.all(
    parts.map((part) =>
      hearToken(services, { ...beside, token: part.token, name: { format: part.format } }, place, now),
    ),
  );
  const heard = each.flatMap(({ pushed }) => pushed ?? []);
  const pushed = joinHeard(heard);
  if (pushed === null && heard.length > 0) return refuseToken(services, "parties", client, place);
  const fault = each.find((one) => one.fault !== null)?.fault ?? null;
  return { pushed, fault, leftOut: each.flatMap(({ leftOut }) => leftOut) };
}

/** INVARIANT: claims of two people are never added up, though one client pushes both (Grant §3.3.4). */
function joinHeard(heard: readonly HeardParty[]): HeardParty | null {
  const claims = joinOneParty(heard.map((one) => one.claims));
  const whole = claims && heard.find((one) => partyKey(one.claims) === partyKey(claims));
  if (!whole) return null;
  return { ...whole, claims, trustedUntil: Math.min(...heard.map(({ trustedUntil }) => trustedUntil)) };
}
