import { invalidRequest } from "../shared/error.ts";
import {
  MAX_AGREEMENT_CHARACTERS,
  MAX_CLAIM_TOKEN_CHARACTERS,
  MAX_FLOW_CHARACTERS,
  MAX_FORM_BODY_BYTES,
  MAX_FORM_PARAMETERS,
  MAX_PARAMETER_CHARACTERS,
  MAX_PARAMETER_NAME_CHARACTERS,
  MAX_SEALED_CHARACTERS,
  MAX_SEALED_PARAMETER_CHARACTERS,
  MAX_TYPED_FORM_PARAMETERS,
} from "../shared/limits.ts";
import { mediaType, readText } from "./body.ts";

const LONGER_VALUES: Readonly<Record<string, number>> = {
  agreement_text: MAX_AGREEMENT_CHARACTERS,
  assertion: MAX_SEALED_PARAMETER_CHARACTERS,
  // A ticket, and where its client is told to send it from.
  code: MAX_SEALED_PARAMETER_CHARACTERS,
  claim_token: MAX_CLAIM_TOKEN_CHARACTERS,
  offer: MAX_SEALED_CHARACTERS,
  at: MAX_FLOW_CHARACTERS,
  client_assertion: MAX_SEALED_PARAMETER_CHARACTERS,
  continue: MAX_FLOW_CHARACTERS,
  pct: MAX_SEALED_PARAMETER_CHARACTERS,
  refresh_token: MAX_SEALED_PARAMETER_CHARACTERS,
  // Path and query of a page, which may hold one of the others.
  return: MAX_FLOW_CHARACTERS,
  subject_token: MAX_CLAIM_TOKEN_CHARACTERS,
  rpt: MAX_SEALED_PARAMETER_CHARACTERS,
  ticket: MAX_SEALED_PARAMETER_CHARACTERS,
  token: MAX_SEALED_PARAMETER_CHARACTERS,
};
/** RFC 8707 §2 and RFC 8693 §2.1 let these repeat, so a client that sends two keeps within their rules. */
const REPEATABLE = new Set(["resource", "audience"]);
/** Of a page, what several of can be chosen: what may be done, and with which things. */
const CHOSEN = new Set(["act", "also"]);

/** The parameters of a form, each at most once. Names and values are case-sensitive (Grant §1.1). */
export interface FormParameters {
  /**
   * Null when absent; an empty value counts as absent (RFC 6749 §3.1).
   * @throws ProtocolError invalid_request for blanks: it is a guess whether their sender meant nothing or something.
   */
  get(name: string): string | null;
  /** @throws ProtocolError invalid_request when absent or blank. */
  require(name: string): string;
  /** Everything that was sent by a name that may repeat, in order; empty values count as absent. */
  all(name: "resource" | "audience"): readonly string[];
  /** Everything that a person chose of a list on a page, in the order of the list. */
  chosen(name: "act" | "also"): readonly string[];
}

/**
 * Reads a form body (RFC 6749 §3.2); parameters in the query are never looked at.
 * @param isTyped whether a person filled it in, for whom blanks are nothing; of a program it is a guess what it meant.
 * @throws ProtocolError invalid_request for another media type, a repeated parameter or too much of anything.
 */
export async function readForm(request: Request, isTyped = false): Promise<FormParameters> {
  // A charset means nothing here: the media type knows no parameters and is UTF-8 (RFC 6749, appendix B).
  if (mediaType(request) !== "application/x-www-form-urlencoded") {
    throw invalidRequest("send the parameters as application/x-www-form-urlencoded");
  }
  return parametersOf(new URLSearchParams(await readText(request, MAX_FORM_BODY_BYTES)), isTyped);
}

function parametersOf(pairs: URLSearchParams, isTyped: boolean): FormParameters {
  const most = isTyped ? MAX_TYPED_FORM_PARAMETERS : MAX_FORM_PARAMETERS;
  if (pairs.size > most) throw invalidRequest(`the form must have at most ${most} parameters`);
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    checkPair(name, value);
    if (values.has(name) && !mayRepeat(name, isTyped)) throw invalidRequest("the form repeats a parameter");
    values.set(name, value);
  }
  const get = (name: string) => presentValue(name, values.get(name) ?? "", isTyped);
  const all = (name: string) => pairs.getAll(name).filter((value) => value !== "");
  return { get, require: (name) => get(name) ?? missing(name), all, chosen: all };
}

function mayRepeat(name: string, isTyped: boolean): boolean {
  return REPEATABLE.has(name) || (isTyped && CHOSEN.has(name));
}

function presentValue(name: string, value: string, isTyped: boolean): string | null {
  if (value === "" || (isTyped && value.trim() === "")) return null;
  // A scope of blanks has a refusal of its own (protocol/scope.ts).
  if (value.trim() === "" && name !== "scope") throw invalidRequest(`the parameter ${name} is blank`);
  return value;
}

/** What a parameter of a form may have at most. */
export function maxCharactersOf(name: string): number {
  return Object.hasOwn(LONGER_VALUES, name) ? (LONGER_VALUES[name] ?? 0) : MAX_PARAMETER_CHARACTERS;
}

function checkPair(name: string, value: string): void {
  if (name.length > MAX_PARAMETER_NAME_CHARACTERS) {
    throw invalidRequest(`a parameter name must have at most ${MAX_PARAMETER_NAME_CHARACTERS} characters`);
  }
  const limit = maxCharactersOf(name);
  if (value.length > limit) throw invalidRequest(`a parameter must have at most ${limit} characters`);
}

function missing(name: string): never {
  throw invalidRequest(`the parameter ${name} is missing`);
}
