/**
 * D1's errors carry neither a class nor a code, only text, and of an error that crossed a Durable Object's boundary
 * nothing else is left anyway. So their text is read here and nowhere else.
 */

/** What SQLite and D1 say when the values of a statement are at fault, which no repetition mends. */
const VALUES_AT_FAULT = /SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE)|^D1_TYPE_ERROR|^D1_ERROR: malformed JSON/;

/** The word of the trigger owner_epochs_in_turn: it is about the epoch, and says nothing about the change. */
const EPOCH_OUT_OF_TURN = "epoch out of turn";

/** Whether this is D1's error at all. */
export function isD1Failure(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("D1_");
}

/**
 * Whether D1 refuses a change for what it is, and would refuse it again.
 *
 * INVARIANT: only what is known to be the change's own fault counts. Anything else may pass, as a table does that is
 * missing while a release rolls out (SQLITE_ERROR), and a change taken for refused would lose what it withdraws.
 */
export function isRefusedForGood(error: unknown): boolean {
  if (!(error instanceof Error) || error.message.includes(EPOCH_OUT_OF_TURN)) return false;
  return VALUES_AT_FAULT.test(error.message);
}
