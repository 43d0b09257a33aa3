import * as v from "valibot";
import { ProtocolError } from "../../shared/error.ts";
import { MAX_JSON_DEPTH } from "./limits.ts";

/**
 * Turns a document that was sent into a typed one. It stops at the first fault and says where that is.
 *
 * @param maxBytes of the document written as JSON.
 * @throws ProtocolError invalid_request with "path: what is wrong".
 */
export function parseDocument<Body>(schema: v.GenericSchema<unknown, Body>, input: unknown, maxBytes: number): Body {
  if (isDeeperThan(input, MAX_JSON_DEPTH)) throw refusal("the document is nested too deeply");
  if (byteLength(input) > maxBytes) throw refusal(`the document is larger than ${maxBytes} bytes`);
  const result = v.safeParse(schema, input, { abortEarly: true, abortPipeEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw refusal(`${pathOf(issue)}: ${messageOf(issue)}`);
}

/** Keeps the walks that follow from running out of stack. */
function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

function byteLength(input: unknown): number {
  return new TextEncoder().encode(JSON.stringify(input)).length;
}

/** Such as `who.all[1].claim`. */
function pathOf(issue: v.BaseIssue<unknown>): string {
  const keys = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`));
  return keys.join("").replace(/^\./, "") || "document";
}

function messageOf(issue: v.BaseIssue<unknown>): string {
  if (issue.type !== "strict_object") return issue.message;
  if (issue.expected === "Object") return "must be an object";
  return issue.expected === "never" ? "is not known" : "is missing";
}

/** The path repeats what was sent, so what RFC 6749 §5.2 does not allow in a description is replaced. */
function refusal(description: string): ProtocolError {
  const sendable = description.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, "?");
  return new ProtocolError("invalid_request", sendable.slice(0, 300), { reason: "bad_document" });
}
