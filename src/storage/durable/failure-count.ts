import { FAILURE_WINDOW_SECONDS } from "../../protocol/lifetimes.ts";

/** Failures of late, and when they are forgotten: epoch seconds. */
export interface FailureCount {
  readonly failures: number;
  readonly endsAt: number;
}

/** Counts one more. With the last one allowed the penalty begins; what fails during a penalty does not prolong it. */
export function countFailure(present: FailureCount | null, limit: number, now: number): FailureCount {
  if (present === null || now >= present.endsAt) return { failures: 1, endsAt: now + FAILURE_WINDOW_SECONDS };
  if (present.failures >= limit) return present;
  const failures = present.failures + 1;
  return failures < limit ? { ...present, failures } : { failures, endsAt: now + FAILURE_WINDOW_SECONDS };
}

/** Seconds that a penalty still lasts; 0: none is in force. */
export function penaltyOf({ failures, endsAt }: FailureCount, limit: number, now: number): number {
  return failures >= limit ? Math.max(0, endsAt - now) : 0;
}
