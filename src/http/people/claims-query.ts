import type { SentParameters } from "../../protocol/authorization-request.ts";

/**
 * Reads the query of a request at the claims interaction endpoint, as application/x-www-form-urlencoded (Grant §3.3.2).
 * An empty value counts as absent; parameters that are not known are passed over.
 */
export function readClaimsQuery(request: Request): SentParameters {
  const { searchParams } = new URL(request.url);
  const names = [...searchParams.keys()];
  return {
    get: (name) => searchParams.get(name) || null,
    repeated: names.filter((name, index) => names.indexOf(name) < index),
  };
}
