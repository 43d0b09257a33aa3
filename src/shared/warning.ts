/** What was taken as it was sent, and yet will not do what whoever sent it may count on. */
export interface Warning {
  /** The member it is about, as in a refusal: `claims[1]`. */
  readonly path: string;
  /** What is so, and what to do about it; goes on after the path. */
  readonly message: string;
}
