import { ProtocolError } from "../shared/error.ts";

/** Of one `scope` parameter. */
const MAX_SCOPES = 50;
/** Of one scope, in characters; as long as a resource description may name them. */
export const MAX_SCOPE_LENGTH = 256;
/** RFC 6749 §3.3. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * Reads a `scope` parameter: an unordered, case-sensitive set, separated by spaces (RFC 6749 §3.3).
 * @throws ProtocolError invalid_scope when it is malformed or too long.
 */
export function parseScope(text: string): readonly string[] {
  const scopes = [...new Set(text.split(" ").filter((scope) => scope !== ""))];
  if (scopes.length > MAX_SCOPES) throw refusal(`scope holds more than ${MAX_SCOPES} values`);
  for (const scope of scopes) {
    if (!SCOPE_TOKEN.test(scope)) throw refusal("scope holds a character that RFC 6749 does not allow");
    if (scope.length > MAX_SCOPE_LENGTH) throw refusal(`a scope is longer than ${MAX_SCOPE_LENGTH} characters`);
  }
  return scopes;
}

function refusal(description: string): ProtocolError {
  return new ProtocolError("invalid_scope", description);
}
