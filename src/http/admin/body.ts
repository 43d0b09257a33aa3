import { readJson } from "../body.ts";

const MAX_BYTES = 64 * 1024;

/** @throws ProtocolError invalid_request for what is not JSON or too long. */
export function readAdminBody(request: Request): Promise<unknown> {
  return readJson(request, MAX_BYTES);
}
