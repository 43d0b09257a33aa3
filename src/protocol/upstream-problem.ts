import type { UpstreamFault } from "./upstream-fault.ts";

/** Why somebody who went to a provider is not signed in, or not linked, as they are told it. */
export type UpstreamProblem =
  /** Begun in another browser, too long ago, or finished already. */
  | "notBegun"
  /** The provider is no longer one of ours, or is switched off. */
  | "gone"
  | "unreachable"
  | "declined"
  /** The provider is not set up as it says, or its word does not count: only the operator can mend it. */
  | "failed"
  | "tooOld"
  | "tooLow"
  /** Somebody is signed in here, and nobody has linked what they are there. */
  | "notLinked"
  /** What they are there is linked to another account. */
  | "linkedElsewhere"
  | "tooMany"
  /** Somebody else is signed in by now, or nobody. */
  | "someoneElse";

const PROBLEMS: Readonly<Record<UpstreamFault, UpstreamProblem>> = {
  unreachable: "unreachable",
  metadata: "failed",
  answer: "notBegun",
  declined: "declined",
  refused: "failed",
  exchange: "failed",
  id_token: "failed",
  stale: "tooOld",
  level: "tooLow",
  userinfo: "failed",
};

export function problemOfFault(fault: UpstreamFault): UpstreamProblem {
  return PROBLEMS[fault];
}
