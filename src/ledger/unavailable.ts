import type { UnavailableCause } from "./contract.ts";

/** What a decision rests on could not be had, so nothing may be decided. */
export class Unavailable extends Error {
  readonly reason: UnavailableCause;

  constructor(reason: UnavailableCause, options?: ErrorOptions) {
    super(reason, options);
    this.name = "Unavailable";
    this.reason = reason;
  }
}

/**
 * Answers what cannot be had as such, and tells the operator: nobody else would notice that a ledger stands still.
 *
 * @throws whatever else was thrown
 */
export function answerUnavailable(error: unknown, ledger: string): { outcome: "unavailable"; cause: UnavailableCause } {
  if (!(error instanceof Unavailable)) throw error;
  const message = error.cause instanceof Error ? error.cause.message : null;
  console.error({ event: "ledger_unavailable", cause: error.reason, ledger, message });
  return { outcome: "unavailable", cause: error.reason };
}
