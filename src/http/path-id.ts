import type { HonoRequest } from "hono";
import { hostOfClientUrl } from "../protocol/client-document.ts";
import type { ProtocolError } from "../shared/error.ts";
import { isId } from "../shared/ids.ts";
import { MAX_PRESENTED_ID_CHARACTERS } from "../shared/limits.ts";

/** The identifier in the path of a request; null for what cannot be one of ours. */
export function findId(request: HonoRequest, name = "id"): string | null {
  const id = request.param(name) ?? "";
  return isId(id) ? id : null;
}

/** The id of a client in the path of a request, which may be a URL, encoded (protocol/client-document.ts). */
export function clientIdOf(request: HonoRequest, refusal: () => ProtocolError, name = "id"): string {
  const id = request.param(name) ?? "";
  if (isId(id) || (id.length <= MAX_PRESENTED_ID_CHARACTERS && hostOfClientUrl(id) !== null)) return id;
  throw refusal();
}

/**
 * The identifier in the path of a request. What cannot be one of ours is refused before anything is booked for it.
 * @param refusal not_found, as this API words it.
 */
export function idOf(request: HonoRequest, refusal: () => ProtocolError, name = "id"): string {
  const id = findId(request, name);
  if (id === null) throw refusal();
  return id;
}
