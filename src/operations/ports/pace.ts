import type { Pace } from "../../protocol/pace.ts";

/** Counts exactly, over all isolates, how often something happens. */
export interface Pacer {
  /**
   * Lets one more of these happen, if its pace permits.
   * @param key such as `letters:` and a source.
   * @returns seconds to wait until it may; 0: it may now, and counts.
   */
  take(key: string, pace: Pace): Promise<number>;
}
