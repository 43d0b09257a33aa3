import type { Context } from "hono";
import type { Editor } from "../operations/own/edit-policy.ts";
import type { ConnectedCaller } from "../protocol/connection.ts";
import { invalidRequest } from "../shared/error.ts";
import type { ConnectedEnv } from "./context.ts";

/** A key of the caller's own for sending the same edit again: printable ASCII. */
const REPEAT_KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Who edits, and whether the same edit may be sent again.
 * @throws ProtocolError invalid_request for an Idempotency-Key that is too long or holds other characters.
 */
export function editorOf(c: Context<ConnectedEnv>): Editor<ConnectedCaller> {
  const { caller } = c.var;
  const repeatKey = c.req.header("idempotency-key") ?? null;
  if (repeatKey === null || REPEAT_KEY.test(repeatKey)) return { caller, repeatKey };
  throw invalidRequest("Idempotency-Key: must be 1 to 255 printable ASCII characters");
}
