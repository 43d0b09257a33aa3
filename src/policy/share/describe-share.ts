import { parseDateTime } from "../language/local-time.ts";
import { findUnknownMember, POLICY_MEMBERS, TERMS_MEMBERS, WHEN_MEMBERS } from "../language/members.ts";
import type { Effect, PolicyBody, TargetBody, TermsBody } from "../language/policy.ts";
import { type Audiences, readAudiences } from "./audience.ts";

/**
 * A policy as an owner thinks of it: with whom something is shared, what they may do, until when, on which terms. A deny
 * reads alike: who is kept out of what. Times are epoch seconds.
 */
export interface Share extends Audiences {
  readonly kind: "share";
  readonly effect: Effect;
  /** What its owner calls it; null: nothing. */
  readonly name: string | null;
  readonly target: TargetBody;
  readonly scopes: readonly string[] | "all";
  /** Null: from when it was made. */
  readonly from: number | null;
  /** Null: until somebody ends it. */
  readonly until: number | null;
  /** The owner decides each time. */
  readonly asksFirst: boolean;
  readonly agreement: { readonly title: string; readonly text: string } | null;
  /** Seconds that a sign-in may be old; null: any. */
  readonly signedInWithin: number | null;
  /** How often in all; null: without limit. */
  readonly uses: number | null;
}

/** A policy that says more than a share does: only its sentence (speech/describe-policy.ts) tells it whole. */
export interface ElaboratePolicy {
  readonly kind: "elaborate";
  readonly document: PolicyBody;
}

/** INVARIANT: what is read as a share means what its policy says; whatever does not fit is elaborate, and never left out. */
export function describeShare(document: PolicyBody): Share | ElaboratePolicy {
  const audiences = findAudiences(document);
  if (audiences === null) return { kind: "elaborate", document };
  const { name = null, effect, target, scopes, when, terms = {} } = document;
  return {
    kind: "share",
    effect,
    name,
    target,
    scopes,
    ...audiences,
    from: timeOf(when?.not_before),
    until: timeOf(when?.expires),
    ...readTerms(terms),
  };
}

/** A kept policy can be newer than this code and have any form (ledger/README.md, rule 10): what throws is elaborate. */
function findAudiences(document: PolicyBody): Audiences | null {
  try {
    return isPlain(document) ? readAudiences(document.who) : null;
  } catch {
    return null;
  }
}

/** How long a token lives is no limit to what somebody may do with the next one, so it is not told. */
function readTerms({ approval, agreement, signed_in_within: signedInWithin, uses }: TermsBody) {
  return {
    asksFirst: approval === true,
    agreement: agreement ?? null,
    signedInWithin: signedInWithin ?? null,
    uses: uses ?? null,
  };
}

/** Whether everything beside its `who` is told by a share. A member that is not known here could be a condition. */
function isPlain(document: PolicyBody): boolean {
  const { where, when = {}, terms = {} } = document;
  if (where !== undefined || when.hours !== undefined) return false;
  const parts: readonly [object, readonly string[]][] = [
    [document, POLICY_MEMBERS],
    [when, WHEN_MEMBERS],
    [terms, TERMS_MEMBERS],
  ];
  return parts.every(([part, known]) => findUnknownMember(part, known) === undefined);
}

/** A policy holds until and without the second it expires in (evaluation/when.ts). */
function timeOf(dateTime: string | undefined): number | null {
  return dateTime === undefined ? null : Math.floor(parseDateTime(dateTime));
}
