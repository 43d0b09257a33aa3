/** A record as it stands now: whoever decides on it hands its version back, and writes on no other. */
export interface Versioned<T> {
  readonly value: T;
  readonly version: number;
}
