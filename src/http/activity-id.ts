import { invalidRequest } from "../shared/error.ts";

/** The place in the log that a link or a tool goes on from. @throws ProtocolError invalid_request */
export function parseActivityId(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw invalidRequest("before: send the next of the page before");
}
