import { ID_TOKEN_FORMAT, type RequiredClaimBody } from "../../protocol/wire/claims.ts";
import { distinctNeeds, isPushable } from "./needs.ts";
import type { Need } from "./outcome.ts";

type ClaimNeed = Extract<Need, { readonly kind: "claim" }>;

/** Claim names that OpenID Connect Core §5.1 defines get its friendly words. */
const FRIENDLY_NAMES: Readonly<Record<string, string>> = {
  sub: "an account",
  email: "a verified e-mail address",
  auth_time: "a recent sign-in",
};

/** How the value is meant, where that has a URI: the one of the example in Grant §3.3.6. */
const CLAIM_TYPES: Readonly<Record<string, string>> = {
  email: "urn:oid:0.9.2342.19200300.100.1.3",
};

/**
 * The `required_claims` of a need_info answer (Grant §3.3.6): computed from what the policies still need, never
 * configured. It names kinds of claims and acceptable issuers, and never a value that a policy expects (Grant §6.3).
 *
 * @returns an empty list when no claim that a client could push would help
 */
export function requiredClaims(needs: readonly Need[]): readonly RequiredClaimBody[] {
  return distinctNeeds(needs.flatMap(claimNeedsOf)).map(renderNeed);
}

/** A sign-in shows in a claim, however long ago it may be; an agreement shows in none. */
function claimNeedsOf(need: Need): readonly ClaimNeed[] {
  if (!isPushable(need)) return [];
  switch (need.kind) {
    case "claim":
      return [claimNeed(need.claim, need)];
    case "sign_in":
      return [claimNeed("auth_time", need)];
    case "agreement":
      return [];
  }
}

function claimNeed(claim: string, { issuers, formats }: Pick<ClaimNeed, "issuers" | "formats">): ClaimNeed {
  return { kind: "claim", claim, issuers, ...(formats === undefined ? {} : { formats }) };
}

function renderNeed({ claim, issuers, formats = [ID_TOKEN_FORMAT] }: ClaimNeed): RequiredClaimBody {
  const friendly = Object.hasOwn(FRIENDLY_NAMES, claim) ? FRIENDLY_NAMES[claim] : undefined;
  // Any other value is meant as the claim of this name in an ID Token.
  const type = Object.hasOwn(CLAIM_TYPES, claim) ? CLAIM_TYPES[claim] : undefined;
  return {
    name: claim,
    claim_type: type ?? claim,
    ...(friendly === undefined ? {} : { friendly_name: friendly }),
    claim_token_format: formats,
    ...(issuers === null ? {} : { issuer: issuers }),
  };
}
