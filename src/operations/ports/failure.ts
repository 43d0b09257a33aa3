/** What fails, and from where: the two a failure is counted by. */
export interface Attempt {
  /** Such as `client:` and an id. */
  readonly subject: string;
  /** Where it comes from, as the edge saw it (http/source.ts), or a client that has proved who it is. */
  readonly source: string;
}

/** Counts failures, by subject and source; whoever succeeds is never counted. */
export interface FailureLimiter {
  /** Seconds for which attempts of this source are not looked at; 0: they are. What this isolate knows: no round trip. */
  penalty(attempt: Attempt): number;
  /**
   * Counts a failure exactly, over all isolates, and by subject over all sources. One round trip.
   * @returns the penalty that is in force now, in seconds; 0: none.
   */
  record(attempt: Attempt): Promise<number>;
  /** As `record`, as far as this isolate sees and without a round trip: for what nobody could ever guess. */
  note(attempt: Attempt): number;
}
