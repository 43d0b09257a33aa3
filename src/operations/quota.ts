import { ProtocolError } from "../shared/error.ts";

const NO_ROOM =
  "as many or as much of these is kept as may be, or policies on one target would take too long to weigh together: " +
  "remove some or shorten them, or ask the operator whether more can be";

/**
 * The refusal of a write for which there is no room: a quota is used up, or as many policies, or as heavy ones, target one thing as may. The
 * operator finds it in the log.
 */
export function quotaExceeded(): ProtocolError {
  return new ProtocolError("quota_exceeded", NO_ROOM);
}
