import * as v from "valibot";
import { canonicalDomain } from "../shared/domain.ts";
import { invalidRequest } from "../shared/error.ts";
import { MAX_CLAIMS_PER_ISSUER, MAX_EMAIL_DOMAINS, MAX_WORD_CHARACTERS } from "../shared/limits.ts";
import { allOr, boundedText, line, setOf } from "../shared/parse.ts";
import type { Speaker } from "./claims.ts";
import { maySpeakForEmail } from "./issuer-review.ts";

/** A bare domain: no scheme, no wildcard, no address. Subdomains are named on their own. */
const Domain = v.pipe(
  boundedText(MAX_WORD_CHARACTERS),
  v.transform(canonicalDomain),
  v.string("must be a domain such as example.com"),
);

/** The members by which an operator says what somebody may speak for; it is never assumed. */
export const SPEECH_MEMBERS = {
  claims: allOr(setOf(line(MAX_WORD_CHARACTERS), MAX_CLAIMS_PER_ISSUER)),
  email_domains: v.exactOptional(allOr(setOf(Domain, MAX_EMAIL_DOMAINS))),
};

/**
 * Whoever lets an issuer speak for addresses and forgets whose would wonder for long why none counts.
 * @throws ProtocolError invalid_request where that is not said.
 */
export function readSpeech(body: {
  readonly claims: Speaker["claims"];
  readonly email_domains?: Speaker["emailDomains"];
}): Omit<Speaker, "issuer"> {
  const { claims, email_domains: domains } = body;
  if (domains !== undefined || !maySpeakForEmail(claims)) return { claims, emailDomains: domains ?? [] };
  throw invalidRequest(
    "email_domains: say for the addresses of which domains this issuer may speak: a list, [] for none, or all",
  );
}
