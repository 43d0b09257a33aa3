import { invalidRequest, type ProtocolError } from "./error.ts";

/** The refusal of a text that is no cursor of ours. */
export function badCursor(): ProtocolError {
  return invalidRequest("cursor: take it unchanged from the next member of the page before");
}
