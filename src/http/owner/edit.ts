import type { Context, HonoRequest } from "hono";
import type { VersionExpectation } from "../../ledger/change.ts";
import type { Editor } from "../../operations/own/edit-policy.ts";
import { ProtocolError } from "../../shared/error.ts";
import type { ConnectedEnv } from "../context.ts";

/** A key of the caller's own for sending the same edit again: printable ASCII. */
const REPEAT_KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Who edits, and whether the same edit may be sent again.
 * @throws ProtocolError invalid_request for an Idempotency-Key that is too long or holds other characters.
 */
export function editorOf(c: Context<ConnectedEnv>): Editor {
  const { caller } = c.var;
  const repeatKey = c.req.header("idempotency-key") ?? null;
  if (repeatKey === null || REPEAT_KEY.test(repeatKey)) return { caller, repeatKey };
  throw new ProtocolError("invalid_request", "Idempotency-Key: must be 1 to 255 printable ASCII characters");
}

/** The entity tag of a version (RFC 9110 §8.8.3). */
export function versionTag(version: number): { readonly ETag: string } {
  return { ETag: `"${version}"` };
}

/**
 * The version that a change is meant for (RFC 9110 §13.1.1).
 * @throws ProtocolError precondition_failed for a tag that no version of ours ever had.
 */
export function parseExpectedVersion(request: HonoRequest): VersionExpectation {
  const tag = request.header("if-match") ?? "*";
  if (tag === "*") return "any";
  const version = /^"(\d{1,15})"$/.exec(tag)?.[1];
  if (version !== undefined) return Number(version);
  throw new ProtocolError("precondition_failed", "If-Match: send one ETag as it was received, or *");
}
