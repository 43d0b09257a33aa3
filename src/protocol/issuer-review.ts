import { MINUTE } from "../shared/time.ts";
import type { Warning } from "../shared/warning.ts";
import { isAboutToken } from "./admissible-claims.ts";
import type { Speaker } from "./claims.ts";
import { type Choices, countedForms } from "./profile.ts";
import type { TrustedIssuer } from "./trusted-issuer.ts";

/** A sign-in takes about as long, so a younger limit refuses what honest clients push. */
const USUAL_TOKEN_AGE_SECONDS = MINUTE;

/**
 * What an operator may well have meant otherwise: entries that are in order, and by which less of the issuer's word
 * counts than it seems.
 */
export function reviewIssuer(
  trusted: Omit<TrustedIssuer, "id">,
  choices: Pick<Choices, "claimTokens">,
): readonly Warning[] {
  return [...reviewSpeech(trusted), ...reviewAge(trusted), ...reviewFormats(trusted), ...reviewForms(trusted, choices)];
}

/** The same of what alone somebody may speak for. */
export function reviewSpeech(speaker: Pick<Speaker, "claims" | "emailDomains">): readonly Warning[] {
  return [...reviewClaims(speaker), ...reviewDomains(speaker)];
}

function reviewClaims({ claims }: Pick<Speaker, "claims">): readonly Warning[] {
  if (claims === "all") return [];
  if (claims.length === 0) {
    return [
      { path: "claims", message: "is empty, so nothing counts but who its subjects are; name what it may speak for" },
    ];
  }
  return claims.flatMap((name, index) =>
    isAboutToken(name) && name !== "sub"
      ? [{ path: `claims[${index}]`, message: `${name} is about the token and not about a person: it never counts` }]
      : [],
  );
}

function reviewDomains({ claims, emailDomains }: Pick<Speaker, "claims" | "emailDomains">): readonly Warning[] {
  const speaksForEmail = maySpeakForEmail(claims);
  if (speaksForEmail && emailDomains.length === 0) {
    return [{ path: "email_domains", message: "is empty, so no address counts; name the domains it may speak for" }];
  }
  if (!speaksForEmail && emailDomains.length > 0) {
    return [{ path: "email_domains", message: "counts for nothing unless claims has email" }];
  }
  return [];
}

/** Whether e-mail addresses are among the claims that an issuer may speak for, as far as their domains allow. */
export function maySpeakForEmail(claims: Speaker["claims"]): boolean {
  return claims === "all" || claims.includes("email");
}

function reviewAge({ maxTokenAge }: Pick<TrustedIssuer, "maxTokenAge">): readonly Warning[] {
  if (maxTokenAge === null || maxTokenAge >= USUAL_TOKEN_AGE_SECONDS) return [];
  return [{ path: "max_token_age", message: "is under a minute; many ID Tokens are older when they are pushed" }];
}

function reviewFormats({ claims: allowed, formats }: Pick<TrustedIssuer, "claims" | "formats">): readonly Warning[] {
  if (formats.length === 0) return [{ path: "claim_tokens", message: "is empty, so nothing that is pushed counts" }];
  return formats.flatMap(({ claims }, index) =>
    claims === "all" || allowed === "all" || claims.every((name) => allowed.includes(name))
      ? []
      : [{ path: `claim_tokens[${index}].claims`, message: "counts only for what claims of the issuer has as well" }],
  );
}

function reviewForms(
  { formats }: Pick<TrustedIssuer, "formats">,
  choices: Pick<Choices, "claimTokens">,
): readonly Warning[] {
  const counted = countedForms(choices, formats);
  return formats.flatMap((format, index) =>
    counted.includes(format)
      ? []
      : [
          {
            path: `claim_tokens[${index}].kind`,
            message: "counts for nothing where only signed forms do (CLAIM_TOKENS)",
          },
        ],
  );
}
