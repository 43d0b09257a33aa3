import { ProtocolError } from "../shared/error.ts";
import { MAX_SCOPES_PER_PARAMETER, MAX_WORD_CHARACTERS } from "../shared/limits.ts";

/** RFC 6749 §3.3. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * Reads a `scope` parameter: an unordered, case-sensitive set, separated by spaces (RFC 6749 §3.3).
 * @returns none for an empty text.
 * @throws ProtocolError invalid_scope when it is malformed, too long or blank.
 */
export function parseScope(text: string): readonly string[] {
  if (text !== "" && text.trim() === "") throw invalidScope("scope: holds nothing but blanks; leave it out instead");
  const scopes = [...new Set(text.split(" ").filter((scope) => scope !== ""))];
  if (scopes.length > MAX_SCOPES_PER_PARAMETER) {
    throw invalidScope(`scope: must have at most ${MAX_SCOPES_PER_PARAMETER} entries`);
  }
  for (const scope of scopes) {
    if (!SCOPE_TOKEN.test(scope)) throw invalidScope("scope: holds a character that RFC 6749 does not allow");
    if (scope.length > MAX_WORD_CHARACTERS) {
      throw invalidScope(`scope: each must have at most ${MAX_WORD_CHARACTERS} characters`);
    }
  }
  return scopes;
}

function invalidScope(description: string): ProtocolError {
  return new ProtocolError("invalid_scope", description);
}
