import type { GrantedRpt } from "../../ledger/contract.ts";
import { audienceOf, type Door, grantedDetails, scopeOfPermissions } from "../../protocol/door.ts";
import type { Confirmation } from "../../protocol/wire/confirmation.ts";
import type { TokenBody } from "../../protocol/wire/token.ts";
import { type IssueServices, issueRpt } from "../grant/issue-rpt.ts";

/** What was granted through a door, and to whom. */
interface AccessOrder {
  readonly ledger: string;
  readonly clientId: string;
  readonly door: Door;
  readonly rpt: GrantedRpt;
  readonly confirmation: Confirmation | null;
}

/**
 * An RPT for a client that came by a door, which reads from the answer what it got (RFC 6749 §5.1, RFC 9396 §7): it knows
 * neither tickets nor what introspection tells its resource server.
 */
export async function issueAccess(
  services: IssueServices,
  { door, rpt, ...order }: AccessOrder,
): Promise<TokenBody & { readonly scope: string }> {
  const body = await issueRpt(services, { ...order, rpt, scopes: null, audience: audienceOf(door) });
  const details = grantedDetails(door, rpt.permissions);
  return {
    ...body,
    scope: scopeOfPermissions(rpt.permissions),
    ...(details.length === 0 ? {} : { authorization_details: details }),
  };
}
