import type { Receipt } from "../operations/under-connection.ts";
import { emptyAnswer, privateJson } from "./respond.ts";

/** The answer to a change that is booked, so that it already takes away, but that D1 has yet to record. */
export function pendingAnswer(identity: object, status = "still being recorded"): Response {
  return privateJson({ ...identity, status }, 202);
}

/** The answer to taking something away. */
export function renderRemoved(receipt: Receipt): Response {
  return receipt.recorded ? emptyAnswer(204) : pendingAnswer({}, "withdrawn, still being recorded");
}
