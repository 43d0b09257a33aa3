import { MAX_ADMIN_BODY_BYTES } from "../../shared/limits.ts";
import { readJson } from "../body.ts";

/** @throws ProtocolError invalid_request for what is not JSON or too long. */
export function readAdminBody(request: Request): Promise<unknown> {
  return readJson(request, MAX_ADMIN_BODY_BYTES);
}
