import type { SentParameters } from "../../protocol/authorization-request.ts";
import { invalidRequest } from "../../shared/error.ts";
import {
  MAX_FORM_PARAMETERS,
  MAX_PARAMETER_CHARACTERS,
  MAX_PARAMETER_NAME_CHARACTERS,
  MAX_SEALED_PARAMETER_CHARACTERS,
} from "../../shared/limits.ts";

/** RFC 8707 §2 lets `resource` repeat, so a client that sends two keeps within its rules. */
const REPEATABLE = new Set(["resource"]);

/**
 * Reads the query of an authorization request (RFC 6749 §3.1). An empty value counts as absent.
 * @throws ProtocolError invalid_request for too much of anything.
 */
export function readAuthorizationQuery(request: Request): SentParameters {
  const { searchParams } = new URL(request.url);
  if (searchParams.size > MAX_FORM_PARAMETERS) {
    throw invalidRequest(`the query must have at most ${MAX_FORM_PARAMETERS} parameters`);
  }
  for (const [name, value] of searchParams) checkPair(name, value);
  const names = [...searchParams.keys()];
  return {
    get: (name) => searchParams.get(name) || null,
    repeated: names.filter((name, index) => names.indexOf(name) < index && !REPEATABLE.has(name)),
  };
}

function checkPair(name: string, value: string): void {
  const limit = name === "request_uri" ? MAX_SEALED_PARAMETER_CHARACTERS : MAX_PARAMETER_CHARACTERS;
  if (name.length > MAX_PARAMETER_NAME_CHARACTERS || value.length > limit) {
    throw invalidRequest(`a parameter must have at most ${limit} characters`);
  }
}
