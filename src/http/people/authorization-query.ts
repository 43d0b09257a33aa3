import type { SentParameters } from "../../protocol/authorization-request.ts";
import { invalidRequest } from "../../shared/error.ts";
import {
  MAX_PARAMETER_CHARACTERS,
  MAX_PARAMETER_NAME_CHARACTERS,
  MAX_SEALED_PARAMETER_CHARACTERS,
} from "../../shared/limits.ts";
import { readSentParameters } from "./sent-parameters.ts";

/** RFC 8707 §2 lets `resource` repeat, so a client that sends two keeps within its rules. */
const REPEATABLE = new Set(["resource"]);

/**
 * Reads the query of an authorization request (RFC 6749 §3.1). No parameter is longer than any that means something.
 * @throws ProtocolError invalid_request for too much of anything.
 */
export function readAuthorizationQuery(request: Request): SentParameters {
  const url = new URL(request.url);
  const parameters = readSentParameters(url, REPEATABLE);
  for (const [name, value] of url.searchParams) checkPair(name, value);
  return parameters;
}

function checkPair(name: string, value: string): void {
  const limit = name === "request_uri" ? MAX_SEALED_PARAMETER_CHARACTERS : MAX_PARAMETER_CHARACTERS;
  if (name.length > MAX_PARAMETER_NAME_CHARACTERS || value.length > limit) {
    throw invalidRequest(`a parameter must have at most ${limit} characters`);
  }
}
