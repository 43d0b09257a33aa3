/** Counts failures of one kind; only failures are counted, so a caller who gets it right is never held up. */
export interface FailureLimiter {
  /** @returns false when this key failed too often of late. */
  record(key: string): Promise<boolean>;
}
