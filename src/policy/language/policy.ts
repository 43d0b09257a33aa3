import type { ClaimScalar } from "../../protocol/claims.ts";

/**
 * The policy language: what a resource owner writes, as data. These types are the documents as they travel and as
 * they are kept; `parse-policy.ts` says which documents are accepted, `evaluate.ts` what they mean.
 */

export type Effect = "permit" | "deny";

/** What a policy is about, by the member that tells it: named resources, every resource of a type, or everything. */
export interface TargetKinds {
  readonly resources: { readonly resources: readonly string[] };
  readonly type: { readonly type: string };
  readonly all: { readonly all: true };
}

export type TargetBody = TargetKinds[keyof TargetKinds];

/** One test of one claim. A claim that holds several values passes when one of them does. */
export interface ClaimTest {
  /** The claim's name, such as `email`. */
  readonly claim: string;
  /** The issuers whose word counts here; left out: every trusted issuer that may speak for the claim. */
  readonly issuer?: string | readonly string[];
  readonly equals?: ClaimScalar;
  readonly one_of?: readonly ClaimScalar[];
  /** For an e-mail address: its domain, compared without case. Subdomains do not match. */
  readonly domain?: string;
  readonly exists?: true;
  readonly greater_than?: number;
  readonly at_least?: number;
  readonly less_than?: number;
  readonly at_most?: number;
}

/** Every kind of condition, by the member that tells it. */
export interface ConditionKinds {
  readonly anyone: { readonly anyone: true };
  readonly all: { readonly all: readonly Condition[] };
  readonly any: { readonly any: readonly Condition[] };
  readonly not: { readonly not: Condition };
  readonly group: { readonly group: string };
  readonly client: { readonly client: string | readonly string[] };
  readonly claim: ClaimTest;
}

export type Condition = ConditionKinds[keyof ConditionKinds];

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];

/** Hours of the day on some days of the week, in a time zone (IANA name). `to` is not included. */
export interface HoursBody {
  readonly days?: readonly Day[];
  /** "HH:MM" */
  readonly from: string;
  /** "HH:MM"; "24:00" is the end of the day. Earlier than `from`: the window runs past midnight. */
  readonly to: string;
  readonly time_zone: string;
}

export interface WhenBody {
  /** RFC 3339 date-times. */
  readonly not_before?: string;
  readonly expires?: string;
  /** At least one of these windows must be open. */
  readonly hours?: readonly HoursBody[];
}

export interface WhereBody {
  /** CIDR blocks, IPv4 or IPv6. */
  readonly networks?: readonly string[];
  /** ISO 3166-1 alpha-2. */
  readonly countries?: readonly string[];
}

export interface TermsBody {
  /** The owner decides each request. */
  readonly approval?: true;
  /** The party must have signed in at most this many seconds ago. */
  readonly signed_in_within?: number;
  /** A text that the party must have agreed to. */
  readonly agreement?: { readonly title: string; readonly text: string };
  /** RPTs made under this policy live at most this many seconds. */
  readonly token_lifetime?: number;
  /** How many RPTs may ever be made under this policy. */
  readonly uses?: number;
}

/** A policy document as the owner writes it. */
export interface PolicyBody {
  readonly name?: string;
  readonly effect: Effect;
  readonly target: TargetBody;
  /** The scopes it is about. "all" covers every scope, and also a permission that asks for no scope at all. */
  readonly scopes: readonly string[] | "all";
  readonly who: Condition;
  readonly when?: WhenBody;
  readonly where?: WhereBody;
  readonly terms?: TermsBody;
}

/** A policy as it is kept. The version is raised by every change. */
export interface Policy {
  readonly id: string;
  readonly version: number;
  readonly document: PolicyBody;
}

/** A person as a member of an owner's group: by verified e-mail address, or by issuer and subject. */
export interface GroupMemberKinds {
  readonly email: { readonly email: string };
  readonly subject: { readonly issuer: string; readonly subject: string };
}

export type GroupMemberBody = GroupMemberKinds[keyof GroupMemberKinds];

export interface GroupBody {
  readonly name: string;
  readonly members: readonly GroupMemberBody[];
}

export interface Group {
  readonly id: string;
  readonly version: number;
  readonly document: GroupBody;
}
