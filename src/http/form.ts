import { ProtocolError } from "../shared/error.ts";
import { mediaType, readText } from "./body.ts";

const MAX_BYTES = 64 * 1024;
const MAX_PARAMETERS = 50;
const MAX_NAME_LENGTH = 64;
const MAX_VALUE_LENGTH = 4 * 1024;
/** Sealed and signed values are longer than anything else a form carries; an ID Token has 16 KB, more once encoded. */
const LONGER_VALUES: Readonly<Record<string, number>> = {
  claim_token: 22 * 1024,
  client_assertion: 8 * 1024,
  pct: 8 * 1024,
  refresh_token: 8 * 1024,
  rpt: 8 * 1024,
  ticket: 8 * 1024,
  token: 8 * 1024,
};
/** RFC 8707 §2 lets `resource` repeat, so a client that sends two keeps within its rules. */
const REPEATABLE = new Set(["resource"]);

/** The parameters of a form, each at most once. Names and values are case-sensitive (Grant §1.1). */
export interface FormParameters {
  /** Null when absent; an empty value counts as absent (RFC 6749 §3.1). */
  get(name: string): string | null;
  /** @throws ProtocolError invalid_request when absent. */
  require(name: string): string;
}

/**
 * Reads a form body (RFC 6749 §3.2); parameters in the query are never looked at.
 * @throws ProtocolError invalid_request for another media type, a repeated parameter or too much of anything.
 */
export async function readForm(request: Request): Promise<FormParameters> {
  const { type, charset } = mediaType(request);
  if (type !== "application/x-www-form-urlencoded" || (charset !== null && charset !== "utf-8")) {
    throw refusal("send the parameters as application/x-www-form-urlencoded in UTF-8");
  }
  return parametersOf(new URLSearchParams(await readText(request, MAX_BYTES)));
}

function parametersOf(pairs: URLSearchParams): FormParameters {
  if (pairs.size > MAX_PARAMETERS) throw refusal(`the form has more than ${MAX_PARAMETERS} parameters`);
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    checkPair(name, value);
    if (values.has(name) && !REPEATABLE.has(name)) throw refusal("the form repeats a parameter");
    values.set(name, value);
  }
  const get = (name: string) => values.get(name) || null;
  return { get, require: (name) => get(name) ?? missing(name) };
}

function checkPair(name: string, value: string): void {
  if (name.length > MAX_NAME_LENGTH) throw refusal(`a parameter name is longer than ${MAX_NAME_LENGTH} characters`);
  const limit = Object.hasOwn(LONGER_VALUES, name) ? (LONGER_VALUES[name] ?? 0) : MAX_VALUE_LENGTH;
  if (value.length > limit) throw refusal(`a parameter is longer than ${limit} characters`);
}

function missing(name: string): never {
  throw refusal(`the parameter ${name} is missing`);
}

function refusal(description: string): ProtocolError {
  return new ProtocolError("invalid_request", description);
}
