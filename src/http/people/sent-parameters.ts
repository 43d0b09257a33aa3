import type { SentParameters } from "../../protocol/authorization-request.ts";
import { invalidRequest } from "../../shared/error.ts";
import { MAX_FORM_PARAMETERS } from "../../shared/limits.ts";

/**
 * Reads the query of a request, as application/x-www-form-urlencoded (RFC 6749 §3.1, Grant §3.3.2). An empty value counts
 * as absent; parameters that are not known are passed over.
 * @param repeatable what may be sent more than once.
 * @throws ProtocolError invalid_request for too many of them: what is repeated is looked for, and whoever asks is nobody known.
 */
export function readSentParameters({ searchParams }: URL, repeatable: ReadonlySet<string> = new Set()): SentParameters {
  if (searchParams.size > MAX_FORM_PARAMETERS) {
    throw invalidRequest(`the query must have at most ${MAX_FORM_PARAMETERS} parameters`);
  }
  const names = [...searchParams.keys()];
  return {
    get: (name) => searchParams.get(name) || null,
    all: (name) => searchParams.getAll(name).filter((value) => value !== ""),
    repeated: names.filter((name, index) => names.indexOf(name) < index && !repeatable.has(name)),
  };
}
