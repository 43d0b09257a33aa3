import type { SentParameters } from "../../protocol/authorization-request.ts";
import { invalidRequest } from "../../shared/error.ts";
import { MAX_FORM_PARAMETERS } from "../../shared/limits.ts";

/**
 * Reads the query of a request at the claims interaction endpoint, as application/x-www-form-urlencoded (Grant §3.3.2).
 * An empty value counts as absent; parameters that are not known are passed over.
 * @throws ProtocolError invalid_request for too many of them: what is repeated is looked for, and whoever asks is nobody known.
 */
export function readClaimsQuery(request: Request): SentParameters {
  const { searchParams } = new URL(request.url);
  if (searchParams.size > MAX_FORM_PARAMETERS) {
    throw invalidRequest(`the query must have at most ${MAX_FORM_PARAMETERS} parameters`);
  }
  const names = [...searchParams.keys()];
  return {
    get: (name) => searchParams.get(name) || null,
    repeated: names.filter((name, index) => names.indexOf(name) < index),
  };
}
