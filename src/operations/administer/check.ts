import { ProtocolError } from "../../shared/error.ts";
import { withinSeconds } from "../../shared/time-limit.ts";
import type { Warning } from "../../shared/warning.ts";
import type { Page } from "../ports/page.ts";

/** What was looked at, how it is, and what to do about it. INVARIANT: no secret is in it. */
export interface Check {
  readonly check: string;
  readonly status: CheckStatus;
  readonly message: string;
  /** The setting, binding, issuer or client that it is about. */
  readonly subject?: string;
}

/** Whether something is as it should be, will surprise somebody, or does not work. */
export type CheckStatus = "ok" | "warning" | "error";

const FROM_BEST: readonly CheckStatus[] = ["ok", "warning", "error"];

/** Everything is looked at side by side: a page of a list, with all that its entries need, is the longest. */
const PAGE_SECONDS = 10;
const LOOK_SECONDS = 8;

/** The worst of them, for whoever looks at one word only. */
export function worstOf(checks: readonly Check[]): CheckStatus {
  return checks.map(({ status }) => status).reduce(worse, "ok");
}

function worse(one: CheckStatus, other: CheckStatus): CheckStatus {
  return FROM_BEST.indexOf(one) < FROM_BEST.indexOf(other) ? other : one;
}

/** One look at one thing. */
export function look(check: string, work: () => Promise<Check>): Promise<Check> {
  return lookOrTell(work, (fault) => unseen(check, fault));
}

/** Looks at a page of a list; where it cannot be read, that is all there is to tell of it. */
export function lookAtPage(check: string, work: () => Promise<Page<Check>>): Promise<Page<Check>> {
  return orTell(PAGE_SECONDS, work, (fault) => ({ items: [unseen(check, fault)], next: null }));
}

/** One look, where it is told in words of its own that nothing came of it. */
export function lookOrTell<T>(work: () => Promise<T>, tell: (fault: string) => T): Promise<T> {
  return orTell(LOOK_SECONDS, work, tell);
}

/** INVARIANT: what does not answer, or not in time, is told, and keeps nothing else from being told. */
async function orTell<T>(seconds: number, work: () => Promise<T>, tell: (fault: string) => T): Promise<T> {
  try {
    return await withinSeconds(seconds, work());
  } catch (error) {
    // A cursor that is none of ours is the caller's mistake.
    if (error instanceof ProtocolError && error.status < 500) throw error;
    return tell(faultOf(error));
  }
}

function unseen(check: string, fault: string): Check {
  return { check, status: "error", message: `could not be looked at (${fault})` };
}

function faultOf(error: unknown): string {
  if (error instanceof ProtocolError) return error.reason;
  return error instanceof Error ? error.message : String(error);
}

export function wordsOf({ path, message }: Warning): string {
  return `${path} ${message}`;
}
