/**
 * What a client is told, as far as it may know: of its own registration and its own claim token everything, and of the
 * owner's policies nothing (Grant §6.3). A public client's name proves nothing, so whoever gives it is told no more than
 * the protocol asks for.
 */

import { isMetInPerson, isPushable } from "../policy/evaluation/needs.ts";
import type { Need } from "../policy/evaluation/outcome.ts";
import { requiredClaims } from "../policy/evaluation/required-claims.ts";
import {
  type ClaimLeftOut,
  type ClaimTokenFault,
  describeClaimFault,
  describeTokenFault,
} from "../protocol/claim-token-fault.ts";
import { wireSafe } from "../shared/wire-text.ts";
import type { DenialCause } from "./event.ts";

/** What became of the claim token of a request, if one was pushed. */
export interface Testimony {
  /** Null: none was pushed, or it counts. */
  readonly fault: ClaimTokenFault | null;
  /** Of a token that counts, the claims that do not. */
  readonly leftOut: readonly ClaimLeftOut[];
}

const DENIED = "the resource owner does not allow this access";
/** What came of asking the owner. */
const OWNERS_ANSWERS: Readonly<Partial<Record<DenialCause, string>>> = {
  owner_refused: "the resource owner was asked and does not allow this access",
  owner_silent:
    "the resource owner was asked and has not answered in time; start again at the resource server to ask anew",
  too_many_waiting: "too many requests wait for the resource owner's decision: try again when some are decided",
};
/** By what a client is not registered for, and could be. */
const OBSTACLES: Readonly<Partial<Record<DenialCause, string>>> = {
  client_may_not_push:
    "this client is not registered to push claims (may_push_claims), and nothing else would help: ask the operator",
  client_may_not_redirect:
    "the requesting party could help in a browser, and this client has no claims_redirect_uris: ask the operator",
};

/** The description of need_info. */
export function describeAsk(testimony: Testimony, needs: readonly Need[], isAuthenticated: boolean): string {
  const asked = `more must be known of the requesting party: ${waysOf(needs).join(", or ")}`;
  return isAuthenticated ? sentence([asked, ...describeTestimony(testimony, needs)]) : asked;
}

function waysOf(needs: readonly Need[]): readonly string[] {
  return [
    ...(needs.some(isPushable) ? ["required_claims says what"] : []),
    ...(needs.some(isMetInPerson) ? ["send them to redirect_user"] : []),
  ];
}

/** To whom a refusal goes, and what the owner says to them. */
interface DenialAudience {
  readonly isAuthenticated: boolean;
  /** Null: nothing. */
  readonly word: string | null;
}

/**
 * The description of request_denied. That the owner was asked, whoever asked has heard by request_submitted; so they also
 * hear what came of it.
 */
export function describeDenial(
  testimony: Testimony,
  cause: DenialCause,
  { isAuthenticated, word }: DenialAudience,
): string {
  const answer = OWNERS_ANSWERS[cause];
  if (answer !== undefined) return sentence(word === null ? [answer] : [answer, `they say: ${withoutMarks(word)}`]);
  if (!isAuthenticated) return DENIED;
  const obstacle = OBSTACLES[cause];
  if (obstacle !== undefined) return sentence([DENIED, obstacle]);
  return sentence([DENIED, ...describeTestimony(testimony, [])]);
}

/** Of the claims that were left out, those that are asked for; with none asked for, none would have helped. */
function describeTestimony({ fault, leftOut }: Testimony, needs: readonly Need[]): readonly string[] {
  if (fault !== null) return [`the claim token does not count: ${describeTokenFault(fault)}`];
  const asked = new Set(requiredClaims(needs).map(({ name }) => name));
  return leftOut
    .filter(({ name }) => asked.has(name))
    .map((claim) => `of the claim token ${claim.name} does not count: ${describeClaimFault(claim.fault)}`);
}

/** On the wire a letter is of ASCII (RFC 6749 §5.2): one without its marks is read more easily than none. */
function withoutMarks(word: string): string {
  return word.normalize("NFKD").replaceAll(/\p{M}/gu, "").replaceAll('"', "'");
}

function sentence(parts: readonly string[]): string {
  return wireSafe(parts.join("; "));
}
