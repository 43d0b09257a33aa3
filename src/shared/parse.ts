import * as v from "valibot";
import { ProtocolError } from "./error.ts";

/**
 * Turns what was sent into a typed value; it stops at the first fault and says where that is.
 * @throws ProtocolError invalid_request with "path: what is wrong".
 */
export function parseBody<Body>(schema: v.GenericSchema<unknown, Body>, input: unknown): Body {
  const result = v.safeParse(schema, input, { abortEarly: true, abortPipeEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new ProtocolError("invalid_request", `${v.getDotPath(issue) ?? "body"}: ${issue.message}`);
}

/** A text of at least one character. */
export function boundedText(maxLength: number): v.GenericSchema<unknown, string> {
  return v.pipe(
    v.string("must be a text"),
    v.minLength(1, "must not be empty"),
    v.maxLength(maxLength, `must not be longer than ${maxLength} characters`),
  );
}

/** The message of a strict object: which of its three faults it has. The fault's path names the member. */
export function strictly(issue: v.StrictObjectIssue): string {
  if (issue.expected === "never") return "is not known";
  return issue.expected === "Object" ? "must be an object" : "is missing";
}

/** A list that may be empty, of at most so many different texts. */
export function setOf<Item extends string>(
  item: v.GenericSchema<unknown, Item>,
  maxLength: number,
): v.GenericSchema<unknown, Item[]> {
  return v.pipe(
    v.array(item, "must be a list"),
    v.maxLength(maxLength, `must not have more than ${maxLength} entries`),
    v.check((items) => new Set(items).size === items.length, "must not name anything twice"),
  );
}
