import type { Challenge } from "./uma.ts";

/** What Consult wants to do with a report. */
export interface Wish {
  /** Whose it is, by the number that the clinic gave them; null: the clinic's own. */
  readonly patient: string | null;
  readonly report: string;
  readonly action: "view" | "edit";
  /** For an edit: the new text. */
  readonly text: string | null;
}

export function keyOf({ patient, report }: Wish): string {
  return patient === null ? report : `${patient}/${report}`;
}

export type StepKind =
  | "challenge"
  | "need_info"
  | "sign_in"
  | "sent_to_usher"
  | "back_from_usher"
  | "cancelled"
  | "remembered"
  | "claims_pushed"
  | "granted"
  | "submitted"
  | "refused"
  | "document"
  | "unavailable";

/** One thing that happened, for people (`say`) and for those who build with it (`wire`). */
export interface Step {
  readonly kind: StepKind;
  readonly say: string;
  readonly wire: string;
}

export interface Report {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** The person who signed in, and the ID Token that proves it. */
export interface SignedIn {
  readonly name: string;
  readonly email: string;
  readonly issuer: string;
  readonly idToken: string;
}

/** A sign-in on its way: what the answer must fit (OIDC Core §3.1.2.1, RFC 7636). */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** A wish that waits for its person, with the ticket to go on with and where else than here they could be asked. */
export interface Waiting {
  readonly wish: Wish;
  readonly challenge: Challenge;
  /** Whether to sign in at the identity provider would help. */
  readonly signInHelps: boolean;
  readonly redirectUser: string | null;
}

/** Everything one browser has going on here. Tokens and tickets stay in it, and it stays on the server. */
export interface Session {
  readonly signedIn: SignedIn | null;
  readonly pendingSignIn: PendingSignIn | null;
  readonly waiting: Waiting | null;
  /** The `state` of a visit to Usher that somebody is on, for the wish that waits. */
  readonly visitState: string | null;
  /** What Usher gave us to know this person by, and nobody else (Grant §3.3.5); it goes when they sign out. */
  readonly pct: string | null;
  /** Whose reports are looked at beside the clinic's own. */
  readonly patient: string | null;
  /** The RPT for each report, by `keyOf`. */
  readonly rpts: Readonly<Record<string, string>>;
  /** The last ticket that was presented: spent, kept only to show that it opens nothing again. */
  readonly spent: Challenge | null;
  /** The story of the last wish. */
  readonly steps: readonly Step[];
  /** What was opened last, and by which wish. */
  readonly document: OpenedReport | null;
}

export interface OpenedReport extends Report {
  readonly patient: string | null;
}

export const EMPTY_SESSION: Session = {
  signedIn: null,
  pendingSignIn: null,
  waiting: null,
  visitState: null,
  pct: null,
  patient: null,
  rpts: {},
  spent: null,
  steps: [],
  document: null,
};
