import type { Challenge } from "./uma.ts";

/** What Consult wants to do with a report. */
export interface Wish {
  readonly report: string;
  readonly action: "view" | "edit";
  /** For an edit: the new text. */
  readonly text: string | null;
}

export type StepKind =
  | "challenge"
  | "need_info"
  | "sign_in"
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

/** Everything one browser has going on here. Tokens and tickets stay in it, and it stays on the server. */
export interface Session {
  readonly signedIn: SignedIn | null;
  readonly pendingSignIn: PendingSignIn | null;
  /** A wish that waits for somebody to sign in, with the ticket to come back with. */
  readonly waiting: { readonly wish: Wish; readonly challenge: Challenge } | null;
  /** The RPT for each report. */
  readonly rpts: Readonly<Record<string, string>>;
  /** The last ticket that was presented: spent, kept only to show that it opens nothing again. */
  readonly spent: Challenge | null;
  /** The story of the last wish. */
  readonly steps: readonly Step[];
  readonly document: Report | null;
}

export const EMPTY_SESSION: Session = {
  signedIn: null,
  pendingSignIn: null,
  waiting: null,
  rpts: {},
  spent: null,
  steps: [],
  document: null,
};
