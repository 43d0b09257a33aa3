import type { PartyClaims } from "../../protocol/claims.ts";
import type { Client } from "../../protocol/client.ts";

/** Why a claim token does not count; for logs only. */
export type ClaimTokenVerdict =
  | { readonly accepted: true; readonly party: PartyClaims }
  | { readonly accepted: false; readonly reason: string };

export interface ClaimTokenVerifier {
  /** Verifies an ID Token that a client pushed (OIDC Core §3.1.3.7, Grant §5.7). Never throws for bad input. */
  verify(claimToken: string, client: Client, now: number): Promise<ClaimTokenVerdict>;
}
