import { badProof, invalidRequest, ProtocolError } from "../shared/error.ts";
import {
  MAX_IDENTIFIER_CHARACTERS,
  MAX_LOGIN_HINT_CHARACTERS,
  MAX_NONCE_CHARACTERS,
  MAX_STATE_CHARACTERS,
  MAX_UI_LOCALES_CHARACTERS,
} from "../shared/limits.ts";
import { type AccessRequest, invalidTarget, parseAccessRequest } from "./access-request.ts";
import { type Client, checkGrantAllowed, mayUseCode } from "./client.ts";
import { isThumbprint } from "./confirmation.ts";
import { isCodeChallenge } from "./pkce.ts";
import { isRegistered } from "./redirect-uri.ts";
import { parseScope } from "./scope.ts";
import { AUTHORIZATION_ERRORS, type AuthorizationErrorCode, PROMPTS, type Prompt } from "./wire/authorization.ts";
import { CONNECTION_SCOPES, type ConnectionScope } from "./wire/connection.ts";
import { IDENTITY_SCOPES, type IdentityScope, OPENID_SCOPE } from "./wire/identity.ts";

/** Where an authorization response goes, before it is known what it says. */
export interface ResponseTarget {
  readonly clientId: string;
  readonly redirectUri: string;
  /** Whether the client named that URI, so that it has to name it again for its token (RFC 6749 §4.1.3). */
  readonly isUriSent: boolean;
  /** Returned exactly, if it was sent (RFC 6749 §4.1.2). */
  readonly state: string | null;
}

/** What a client wants to learn about whoever signs in (OpenID Connect Core §3.1.2.1). */
export interface IdentityRequest {
  /** `openid` and what else is asked for. */
  readonly scopes: readonly IdentityScope[];
  /** Comes back in the ID Token; null: none was sent. */
  readonly nonce: string | null;
}

/**
 * What a client asks a person for, in order in every respect (RFC 6749 §4.1.1). It has up to three parts, and at least
 * one: a connection or access, and identity beside either or alone.
 */
export interface AuthorizationRequest extends ResponseTarget {
  /** What it wants to do for an owner from now on; empty: nothing. */
  readonly connectionScopes: readonly ConnectionScope[];
  /** Null: it wants to know nothing about the person. */
  readonly identity: IdentityRequest | null;
  /** Null: it asks for nothing that owners keep somewhere. */
  readonly access: AccessRequest | null;
  /** The thumbprint of the key that the code is bound to (RFC 9449 §10); null: none. */
  readonly dpopJkt: string | null;
  /** By S256 (RFC 7636 §4.2). */
  readonly codeChallenge: string;
  readonly prompts: readonly Prompt[];
  /** Seconds that may have passed since the person signed in; null: any. */
  readonly maxAge: number | null;
  /** Who the client thinks will sign in. */
  readonly loginHint: string | null;
  /** The account that the client means, by an ID Token that it has (operations/identify/hinted-person.ts); null: any. */
  readonly meantAccountId: string | null;
  /** The languages that the person reads, the best first, as the client knows. */
  readonly uiLocales: string | null;
}

/** The parameters of an authorization request, from a query or pushed. An empty value counts as absent (RFC 6749 §3.1). */
export interface SentParameters {
  get(name: string): string | null;
  /** What may be sent more than once (RFC 8707 §2), in order. */
  all(name: "resource"): readonly string[];
  /** Of the parameters that were sent more than once, those known here or not (RFC 6749 §3.1). */
  readonly repeated: readonly string[];
}

/** What may stand in `scope`. */
export const SUPPORTED_SCOPES = [...IDENTITY_SCOPES, ...CONNECTION_SCOPES] as const;

/** RFC 6749 appendix A.5. */
const STATE = /^[\x20-\x7e]+$/;

/** Seconds of `max_age`: more digits say nothing that fewer do not. */
const SECONDS = /^\d{1,10}$/;

/**
 * Reads where the response to a request goes. What is wrong here is told to the person and not sent on, because nobody
 * knows whether the URI is the client's (RFC 6749 §3.1.2.4).
 * @throws ProtocolError invalid_request or unauthorized_client
 */
export function parseResponseTarget(client: Client, parameters: SentParameters): ResponseTarget {
  checkGrantAllowed(client, "authorization_code");
  for (const name of ["client_id", "redirect_uri"]) {
    if (parameters.repeated.includes(name)) throw invalidRequest(`the parameter ${name} is sent more than once`);
  }
  const sent = bounded(parameters, "redirect_uri", MAX_IDENTIFIER_CHARACTERS);
  const state = parameters.repeated.includes("state") ? null : bounded(parameters, "state", MAX_STATE_CHARACTERS);
  return { clientId: client.id, redirectUri: findRedirectUri(client, sent), isUriSent: sent !== null, state };
}

/** RFC 6749 §3.1.2.3: it may be left out where there is but one, and that one can be only itself. */
function findRedirectUri({ redirectUris }: Client, sent: string | null): string {
  const [only, another] = redirectUris;
  if (sent === null) {
    if (only !== undefined && another === undefined) return only;
    throw invalidRequest("the parameter redirect_uri is missing, and this client has registered several");
  }
  if (isRegistered(redirectUris, sent)) return sent;
  throw invalidRequest("redirect_uri is not one that this client has registered", "unregistered_redirect");
}

/** Whether a client may still be answered there: an operator may have changed its registration since it asked. */
export function isStillRegistered(client: Client, { clientId, redirectUri }: ResponseTarget): boolean {
  return client.id === clientId && mayUseCode(client) && isRegistered(client.redirectUris, redirectUri);
}

/**
 * Reads the rest of a request. What is wrong here is the client's to hear, at its redirect URI or where it pushed.
 * @param meantAccountId what `id_token_hint` says
 * @throws ProtocolError with one of the codes of an authorization response
 */
export function parseAuthorizationRequest(
  target: ResponseTarget,
  parameters: SentParameters,
  meantAccountId: string | null,
): AuthorizationRequest {
  const [repeated] = parameters.repeated;
  if (repeated !== undefined) throw invalidRequest("a parameter is sent more than once");
  checkForm(parameters);
  checkState(target.state);
  return {
    ...target,
    codeChallenge: parseCodeChallenge(parameters),
    ...parseParts(parameters),
    dpopJkt: parseKeyThumbprint(parameters.get("dpop_jkt")),
    prompts: parsePrompts(parameters.get("prompt")),
    maxAge: parseMaxAge(parameters.get("max_age")),
    loginHint: hint(parameters.get("login_hint"), MAX_LOGIN_HINT_CHARACTERS),
    meantAccountId,
    uiLocales: hint(parameters.get("ui_locales"), MAX_UI_LOCALES_CHARACTERS),
  };
}

/**
 * Acting for an owner is for clients that are registered for it: others do not even ask.
 * @throws ProtocolError invalid_scope
 */
export function checkMayAsk(client: Client, { connectionScopes }: AuthorizationRequest): void {
  const denied = connectionScopes.filter((scope) => !client.connectionScopes.includes(scope));
  if (denied.length === 0) return;
  throw new ProtocolError("invalid_scope", `this client is not registered to ask for ${denied.join(" ")}`);
}

/** Which kind of request it is, and which kind of response it asks for. */
function checkForm(parameters: SentParameters): void {
  // OpenID Connect Core §3.1.2.6: a request by value and one by reference to elsewhere are not read here.
  if (parameters.get("request") !== null) throw notSupported("request_not_supported", "request");
  if (parameters.get("request_uri") !== null) throw notSupported("request_uri_not_supported", "request_uri");
  const responseType = parameters.get("response_type");
  if (responseType === null) throw invalidRequest("the parameter response_type is missing");
  if (responseType !== "code") throw new ProtocolError("unsupported_response_type", "response_type must be code");
  const mode = parameters.get("response_mode");
  if (mode !== null && mode !== "query") throw invalidRequest("response_mode must be query, or left out");
}

function notSupported(code: "request_not_supported" | "request_uri_not_supported", name: string): ProtocolError {
  return new ProtocolError(code, `${name} is not read here: send the parameters themselves, or push them (RFC 9126)`);
}

function checkState(state: string | null): void {
  if (state !== null && !STATE.test(state)) throw invalidRequest("state: must be printable ASCII");
}

/** RFC 7636 §4.3 and §4.4.1: of every client, and never in the clear, which is what it means to leave out the method. */
function parseCodeChallenge(parameters: SentParameters): string {
  const challenge = parameters.get("code_challenge");
  if (challenge === null) throw invalidRequest("code_challenge is missing: every client uses PKCE (RFC 7636)");
  if (parameters.get("code_challenge_method") !== "S256") throw invalidRequest("code_challenge_method must be S256");
  if (isCodeChallenge(challenge)) return challenge;
  throw invalidRequest("code_challenge must be 43 characters of base64url, without padding");
}

/**
 * Nobody is asked to consent to what was not named, so a request without a scope has no default (RFC 6749 §3.3), unless it
 * names resources: of these whatever can be had is asked for.
 */
function parseParts(
  parameters: SentParameters,
): Pick<AuthorizationRequest, "connectionScopes" | "identity" | "access"> {
  const scopes = parseScope(parameters.get("scope") ?? "");
  const identity = parseIdentity(scopes, parameters);
  const connectionScopes = CONNECTION_SCOPES.filter((scope) => scopes.includes(scope));
  const own: readonly string[] = [...connectionScopes, ...(identity?.scopes ?? [])];
  const others = scopes.filter((scope) => !own.includes(scope));
  const access = parseAccess(parameters, others);
  if (access !== null && connectionScopes.length > 0) {
    throw invalidTarget(`what is kept at a resource server is asked for without ${connectionScopes.join(" ")}`);
  }
  if (access !== null || (own.length > 0 && others.length === 0)) return { connectionScopes, identity, access };
  const known = SUPPORTED_SCOPES.join(" ");
  const description = `scope must name one or more of: ${known}; scopes of a resource need resource beside them (RFC 8707)`;
  throw new ProtocolError("invalid_scope", description);
}

/** OpenID Connect Core §3.1.2.1: without `openid` nothing of it means anything here. */
function parseIdentity(scopes: readonly string[], parameters: SentParameters): IdentityRequest | null {
  if (!scopes.includes(OPENID_SCOPE)) return null;
  const asked = IDENTITY_SCOPES.filter((scope) => scopes.includes(scope));
  return { scopes: asked, nonce: bounded(parameters, "nonce", MAX_NONCE_CHARACTERS) };
}

/** RFC 9449 §10: by SHA-256, in base64url. */
function parseKeyThumbprint(text: string | null): string | null {
  if (text === null || isThumbprint(text)) return text;
  throw invalidRequest("dpop_jkt must be the SHA-256 thumbprint of a key, as 43 characters of base64url");
}

function parseAccess(parameters: SentParameters, scopes: readonly string[]): AccessRequest | null {
  const authorizationDetails = parameters.get("authorization_details");
  return parseAccessRequest({ resources: parameters.all("resource"), scopes, authorizationDetails });
}

/** OpenID Connect Core §3.1.2.1: none says that nothing is to be shown, so it stands alone. */
function parsePrompts(text: string | null): readonly Prompt[] {
  const words = text?.split(" ").filter((word) => word !== "") ?? [];
  const prompts = PROMPTS.filter((prompt) => words.includes(prompt));
  if (words.some((word) => !prompts.some((prompt) => prompt === word))) {
    throw invalidRequest(`prompt: must be of ${PROMPTS.join(", ")}`);
  }
  if (prompts.includes("none") && prompts.length > 1) throw invalidRequest("prompt: none stands alone");
  return prompts;
}

function parseMaxAge(text: string | null): number | null {
  if (text === null) return null;
  if (!SECONDS.test(text)) throw invalidRequest("max_age: must be a whole number of seconds");
  return Number(text);
}

/** What only helps is left out where it is too long to be true. */
function hint(text: string | null, maxCharacters: number): string | null {
  return text !== null && text.length <= maxCharacters ? text : null;
}

function bounded(parameters: SentParameters, name: string, maxCharacters: number): string | null {
  const value = parameters.get(name);
  if (value === null || value.length <= maxCharacters) return value;
  throw invalidRequest(`${name} must have at most ${maxCharacters} characters`);
}

/** All scopes of a request, as one `scope` parameter says them (RFC 6749 §3.3). */
export function scopeOf({
  connectionScopes,
  identity,
  access,
}: Pick<AuthorizationRequest, "connectionScopes" | "identity" | "access">): string {
  return [...(identity?.scopes ?? []), ...connectionScopes, ...(access?.scopes ?? [])].join(" ");
}

/**
 * A proof beside a pushed request binds the code as `dpop_jkt` does (RFC 9449 §10.1).
 * @throws ProtocolError invalid_dpop_proof where the two name different keys
 */
export function bindCode(request: AuthorizationRequest, jkt: string): AuthorizationRequest {
  if (request.dpopJkt === null || request.dpopJkt === jkt) return { ...request, dpopJkt: jkt };
  throw badProof("its key is not the one that dpop_jkt names", { isAtResource: false, reason: "dpop_jkt" });
}

/** Whether a refusal is one that a client may be sent at its redirect URI. */
export function isAuthorizationError(code: string): code is AuthorizationErrorCode {
  return AUTHORIZATION_ERRORS.some((known) => known === code);
}

/** Whether the client wants an answer at once, without anybody being shown anything. */
export function isSilent({ prompts }: Pick<AuthorizationRequest, "prompts">): boolean {
  return prompts.includes("none");
}

/**
 * When the person must have signed in, at the earliest (OpenID Connect Core §3.1.2.1).
 * @returns epoch seconds; null: whenever
 */
export function signedInSince({ prompts, maxAge }: AuthorizationRequest, now: number): number | null {
  if (prompts.includes("login") || prompts.includes("select_account")) return now;
  return maxAge === null ? null : now - maxAge;
}
