import type { WhereBody } from "../language/policy.ts";

/** The words in which evaluation answers; shared by evaluate.ts, the ledger and explain. */

/** Something that evaluation has not seen and that could change its answer. */
export type Need =
  /** A claim of the party. */
  | (Askable & {
      readonly kind: "claim";
      readonly claim: string;
      /** Of any issuer's word only that of these would help, and nobody may be told so; gone once witnesses were asked. */
      readonly undisclosed?: readonly string[];
    })
  /** A sign-in at most this many seconds old. */
  | (Askable & { readonly kind: "sign_in"; readonly within: number })
  /** That the party agrees to the text of this policy, which it does in person. */
  | { readonly kind: "agreement"; readonly policyId: string };

/** Whom to ask. */
interface Askable {
  /** Whose word would count and could be pushed; null: that of any trusted issuer; empty: nobody's. */
  readonly issuers: readonly string[] | null;
  /** In which forms theirs could be pushed; left out: as an ID Token. */
  readonly formats?: readonly string[];
  /** Whose word would count and could be had by meeting the party in a browser; left out: nobody's. */
  readonly inPerson?: readonly string[];
}

/**
 * The value of a condition. `unknown` carries what would decide it; `error` means that it cannot be evaluated
 * (an operator we do not know, a value of the wrong type, a caller whose country is not known).
 */
export type Truth = "yes" | "no" | "unknown" | "error";

/** Why a part of a policy came out as it did. `path` points into the document, such as `who.all[1]`. */
export interface Reason {
  readonly path: string;
  readonly truth: Exclude<Truth, "yes">;
  /** In plain words, without any value of a claim. */
  readonly why: string;
}

/** What one policy says about one scope of one resource. */
export interface PolicyOutcome {
  readonly policyId: string;
  readonly version: number;
  readonly effect: "permit" | "deny";
  /** yes: it applies in full. submitted (permit only): all holds but the owner has yet to approve. */
  readonly outcome: "yes" | "no" | "unknown" | "submitted";
  readonly reasons: readonly Reason[];
  readonly needs: readonly Need[];
  /** For a yes or submitted of a permit: when it stops at the latest (epoch seconds); null: no end of its own. */
  readonly endsAt: number | null;
  /** For a no of a deny that only its time keeps off: when it can begin to deny (epoch seconds); otherwise null. */
  readonly startsAt: number | null;
  /**
   * For a yes of a permit: where it holds; null: anywhere. For a no of a deny that only its where keeps off: where it
   * denies. Otherwise null.
   */
  readonly where: WhereBody | null;
  /** Seconds; null: the server's default. */
  readonly tokenLifetime: number | null;
  /** Whether a yes counts against a limited number of uses. */
  readonly counted: boolean;
  /** Groups whose membership was looked at, with what was found: a later change of one of these can undo the answer. */
  readonly memberships: Readonly<Record<string, Truth>>;
}

/** What all policies of the owner say together about one scope of one resource: deny wins, nothing matches means no. */
export interface Decision {
  readonly outcome: "permit" | "deny" | "unknown" | "submitted";
  readonly needs: readonly Need[];
  /**
   * For a permit: the outcomes that said yes. Each carries the permission on its own, until its `endsAt`, which is no
   * later than the start of any deny that is on its way.
   */
  readonly grounds: readonly PolicyOutcome[];
  /** Every policy that was looked at. */
  readonly considered: readonly PolicyOutcome[];
}
