import type { ClaimLeftOut, ClaimTokenFault } from "../../protocol/claim-token-fault.ts";
import type { PartyClaims } from "../../protocol/claims.ts";
import type { Client } from "../../protocol/client.ts";

export type ClaimTokenVerdict =
  /** With the claims that the token states and that do not count. */
  | { readonly accepted: true; readonly party: PartyClaims; readonly leftOut: readonly ClaimLeftOut[] }
  /** `detail` is for the operator only: it may say what a host answered. */
  | { readonly accepted: false; readonly fault: ClaimTokenFault; readonly detail?: string };

export interface ClaimTokenVerifier {
  /** Verifies an ID Token that a client pushed (OIDC Core §3.1.3.7, Grant §5.7). Never throws for bad input. */
  verify(claimToken: string, client: Client, now: number): Promise<ClaimTokenVerdict>;
}
