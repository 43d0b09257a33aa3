import type { PresentedClient } from "../../operations/authenticate/client.ts";
import { invalidRequest, ProtocolError } from "../../shared/error.ts";
import { MAX_CLIENT_SECRET_CHARACTERS, MAX_PRESENTED_ID_CHARACTERS } from "../../shared/limits.ts";
import type { FormParameters } from "../form.ts";
import { queryHas } from "../query.ts";

/** RFC 7521 §4.2. */
const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

type Credential = Exclude<PresentedClient, { readonly method: "none" }>;

/**
 * Reads client credentials (RFC 6749 §2.3, RFC 7523 §2.2).
 * @param subjectOf reads the client id out of an assertion, which may stand alone.
 * @throws ProtocolError invalid_request for more than one method, invalid_client for none or an unreadable one.
 */
export function parsePresentedClient(
  request: Request,
  form: FormParameters,
  subjectOf: (assertion: string) => string | null,
): PresentedClient {
  checkQuery(request);
  checkOneMethod(request, form);
  const credential = fromHeader(request) ?? fromBody(form) ?? fromAssertion(form, subjectOf);
  return checkLengths(credential ? checkSameClient(credential, form) : named(form));
}

/** RFC 6749 §2.3.1: not in the URI, which ends up in logs. */
function checkQuery(request: Request): void {
  if (!queryHas(request, "client_secret") && !queryHas(request, "client_assertion")) return;
  throw invalidRequest("send client credentials in the header or the body, never in the URL");
}

/** RFC 6749 §2.3: whichever was meant, and whether or not each can be read. */
function checkOneMethod(request: Request, form: FormParameters): void {
  const sent = [request.headers.get("authorization"), form.get("client_secret"), form.get("client_assertion")];
  if (sent.filter((credential) => credential !== null).length <= 1) return;
  throw invalidRequest("use one method of client authentication, not several");
}

function fromHeader(request: Request): Credential | null {
  const header = request.headers.get("authorization");
  if (header === null) return null;
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(header)?.[1];
  const pair = encoded === undefined ? null : decodeBasic(encoded);
  const colon = pair?.indexOf(":") ?? -1;
  if (pair === null || colon < 0) throw unreadable("the Authorization header does not hold Basic credentials");
  const id = formDecode(pair.slice(0, colon));
  const secret = formDecode(pair.slice(colon + 1));
  if (id === null || secret === null)
    throw unreadable("form-encode client_id and secret before joining them for Basic");
  return { method: "secret", id, secret };
}

function decodeBasic(encoded: string): string | null {
  try {
    return decoder.decode(Uint8Array.fromBase64(encoded));
  } catch {
    return null;
  }
}

/** RFC 6749 §2.3.1: both parts are form-encoded, so that a colon or a letter outside ASCII can be part of them. */
function formDecode(part: string): string | null {
  try {
    return decodeURIComponent(part.replaceAll("+", " "));
  } catch {
    return null;
  }
}

function fromBody(form: FormParameters): Credential | null {
  const secret = form.get("client_secret");
  return secret === null ? null : { method: "secret", id: form.require("client_id"), secret };
}

function fromAssertion(form: FormParameters, subjectOf: (assertion: string) => string | null): Credential | null {
  const assertion = form.get("client_assertion");
  if (assertion === null) return null;
  if (form.require("client_assertion_type") !== JWT_BEARER)
    throw unreadable(`client_assertion_type must be ${JWT_BEARER}`);
  const id = subjectOf(assertion);
  if (id === null) throw unreadable("client_assertion is not a JWT that names the client in sub");
  return { method: "private_key_jwt", id, assertion };
}

/** Many clients send client_id beside their credentials; it may not be another one. */
function checkSameClient(credential: Credential, form: FormParameters): Credential {
  const id = form.get("client_id");
  if (id === null || id === credential.id) return credential;
  if (credential.method === "private_key_jwt") throw unreadable("client_id is not the one that client_assertion names");
  throw invalidRequest("client_id is not the one of the client credentials");
}

function named(form: FormParameters): PresentedClient {
  const id = form.get("client_id");
  if (id === null) throw unreadable("the client must say who it is: send its credentials, or client_id if it has none");
  return { method: "none", id };
}

function checkLengths(presented: PresentedClient): PresentedClient {
  if (presented.id.length > MAX_PRESENTED_ID_CHARACTERS) throw unreadable("client_id is too long");
  if (presented.method === "secret" && presented.secret.length > MAX_CLIENT_SECRET_CHARACTERS) {
    throw unreadable("client_secret is too long");
  }
  return presented;
}

function unreadable(description: string): ProtocolError {
  return new ProtocolError("invalid_client", description);
}
