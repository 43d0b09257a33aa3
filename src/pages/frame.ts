import type { Words } from "./words/en.ts";

/** What every page stands in, whatever it is about. */
export interface Frame {
  readonly words: Words;
  /** IANA name. */
  readonly timeZone: string;
  /** Epoch seconds. */
  readonly now: number;
  /** The issuer's path, without a slash at its end: every link of ours begins with it. */
  readonly base: string;
  readonly files: StaticFiles;
  /** Path and query of this page, to come back to when another language is chosen. */
  readonly here: string;
  /** Goes into every form, and into the header X-CSRF of what scripts send. */
  readonly csrf: string;
  /** Who is signed in. */
  readonly person: FramePerson | null;
}

export interface FramePerson {
  /** Null: never told. */
  readonly name: string | null;
  /** Verified here. */
  readonly address: string | null;
}

/** Where each file is, with its version. */
export interface StaticFiles {
  readonly style: string;
  readonly icon: string;
  readonly webauthn: string;
  readonly passkey: string;
  readonly copy: string;
  readonly live: string;
}
