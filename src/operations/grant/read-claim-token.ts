import type { Client } from "../../protocol/client.ts";
import type { PermissionTicket } from "../../protocol/ticket.ts";
import { type Evidence, type HearTokenServices, hearToken, NO_EVIDENCE } from "./hear-token.ts";

/** A claim token as a client pushes it with a ticket (Grant §3.3.1). */
export interface PushedClaimToken {
  readonly client: Client;
  readonly ticket: string;
  readonly claimToken: string | null;
  readonly claimTokenFormat: string | null;
}

/** A claim token that does not count is as good as none; if the policy needs it, need_info says so (Grant §3.3.6). */
export async function readClaimToken(
  services: HearTokenServices,
  { client, ticket, claimToken: token, claimTokenFormat: format }: PushedClaimToken,
  place: PermissionTicket,
  now: number,
): Promise<Evidence> {
  if (token === null || format === null) return NO_EVIDENCE;
  return hearToken(services, { client, token, name: { format }, ticket }, place, now);
}
