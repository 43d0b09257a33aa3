import { ID_TOKEN_FORMAT, type RequiredClaimBody } from "../../protocol/wire/claims.ts";
import type { Need } from "./outcome.ts";

/** Claim names that OpenID Connect Core §5.1 defines get its friendly words. */
const FRIENDLY_NAMES: Readonly<Record<string, string>> = {
  sub: "an account",
  email: "a verified e-mail address",
  auth_time: "a recent sign-in",
};

/**
 * The `required_claims` of a need_info answer (Grant §3.3.6): computed from what the policies still need, never
 * configured. It names kinds of claims and acceptable issuers, and never a value that a policy expects (Grant §6.3).
 *
 * @returns an empty list when no claim that a client could push would help
 */
export function requiredClaims(needs: readonly Need[]): readonly RequiredClaimBody[] {
  const entries = needs.flatMap((need) => {
    if (need.kind === "claim") return [entry(need.claim, need.issuers)];
    if (need.kind === "sign_in") return [entry("auth_time", null)];
    return [];
  });
  return [...new Map(entries.map((one) => [JSON.stringify(one), one])).values()];
}

function entry(name: string, issuers: readonly string[] | null): RequiredClaimBody {
  const friendly = FRIENDLY_NAMES[name];
  return {
    name,
    ...(friendly === undefined ? {} : { friendly_name: friendly }),
    claim_token_format: [ID_TOKEN_FORMAT],
    ...(issuers === null ? {} : { issuer: issuers }),
  };
}
