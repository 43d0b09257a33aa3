import { invalidRequest, type ProtocolError } from "../../shared/error.ts";

/** The refusal of a request that carries its access token more than once (RFC 6750 §2). */
export function sentTwice(): ProtocolError {
  return invalidRequest("send the access token once, in the Authorization header");
}
