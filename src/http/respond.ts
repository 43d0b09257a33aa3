import type { Handler } from "hono";
import type { Services } from "../operations/services.ts";
import { ACCEPTED_ALGORITHMS } from "../protocol/algorithm.ts";
import { REFUSALS_PATH } from "../protocol/wire/endpoints.ts";
import { ProtocolError, unavailable } from "../shared/error.ts";
import { wireSafe } from "../shared/wire-text.ts";
import type { UsherEnv, UsherVariables } from "./context.ts";
import { withWarnings } from "./warnings.ts";

/** Answers that carry tokens, tickets or refusals are nobody's to keep (RFC 6749 §5.1). */
export const NO_STORE = { "Cache-Control": "no-store", Pragma: "no-cache" };

/** As long as an isolate keeps keys, so that readers learn of a new one before its first use. */
export const PUBLIC = { "Cache-Control": "public, max-age=300" };

/** A JSON answer that no cache may keep. */
export function privateJson(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return json(body, status, { ...NO_STORE, ...headers });
}

/** A JSON answer that is the same for everybody, and may be kept for a while. */
export function publicJson(body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return json(body, 200, { ...PUBLIC, ...headers });
}

/** It ends its line, so that a terminal shows the answer whole and its prompt below. */
function json(body: unknown, status: number, headers: Readonly<Record<string, string>>): Response {
  return new Response(`${JSON.stringify(body)}\n`, {
    status,
    headers: { "Content-Type": "application/json", ...headers },
  });
}

/** An answer without a body. */
export function emptyAnswer(status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status, headers: { ...NO_STORE, ...headers } });
}

/** What of a request its refusal is made of. */
interface Asked {
  readonly req: { readonly raw: Request };
  /** Whoever asks whether the server is up at all is answered before there are services (app.ts). */
  readonly var: Partial<Pick<UsherVariables, "services">>;
}

/** Renders whatever was thrown to a program; browser/answer-error.ts has the same for people. */
export function renderError(error: unknown, c: Asked, isOutage: Services["isOutage"]): Response {
  return renderRefusal(refusalOf(error, isOutage), c);
}

/**
 * What of a thrown thing is told. A refusal as it is; anything else is a bug of ours or an outage, which the operator reads
 * in the log (http/story.ts) and the caller does not.
 */
export function refusalOf(error: unknown, isOutage: Services["isOutage"]): ProtocolError {
  return error instanceof ProtocolError ? error : unexpected(error, isOutage);
}

/** @param status for an endpoint whose own specification asks for another one than the table in shared/error.ts. */
export function renderRefusal(error: ProtocolError, c: Asked, status: number = error.status): Response {
  const headers = { ...challenge(error, c.req.raw, status), ...retryAfterOf(error), ...nonceOf(error.dpopNonce) };
  const issuer = c.var.services?.config.issuer;
  const body = {
    error: error.code,
    error_description: wireSafe(error.message),
    ...(issuer === undefined ? {} : { error_uri: `${issuer}${REFUSALS_PATH}#${error.code}` }),
  };
  return privateJson(withWarnings(body, error.warnings), status, headers);
}

/** RFC 9110 §10.2.3. */
export function retryAfterOf({ retryAfter }: ProtocolError): Readonly<Record<string, string>> {
  return retryAfter === null ? {} : { "Retry-After": String(retryAfter) };
}

/** RFC 9449 §8: what the next proof has to bear. */
function nonceOf(nonce: string | null): Readonly<Record<string, string>> {
  return nonce === null ? {} : { "DPoP-Nonce": nonce };
}

/** Tells with an answer what the next proof has to bear, before the nonce of this one is too old (RFC 9449 §8.2). */
export function offerNonce(answer: Response, nonce: string | null): Response {
  for (const [name, value] of Object.entries(nonceOf(nonce))) answer.headers.set(name, value);
  return answer;
}

/** RFC 6749 §5.2, RFC 6750 §3 and RFC 9449 §7.1: which scheme to answer with, and what was wrong. */
function challenge(error: ProtocolError, request: Request, status: number): Record<string, string> {
  if (error.code === "invalid_token" || error.code === "insufficient_scope") {
    return { "WWW-Authenticate": tokenChallenge(error, request) };
  }
  if (status === 401 && (error.code === "invalid_dpop_proof" || error.code === "use_dpop_nonce")) {
    return { "WWW-Authenticate": dpopChallenge(attributesOf(error)) };
  }
  // RFC 9110 §15.5.2: every 401 says how to authenticate.
  if (error.code === "invalid_client") {
    return { "WWW-Authenticate": 'Basic realm="usher", charset="UTF-8"' };
  }
  return {};
}

/**
 * In the scheme in which the token was sent. RFC 6750 §3.1: the challenge to who sent no token names no error; the body
 * says how to send one. Where a scope is asked for, a token that is bound to a key does as well (RFC 9449 §7.1).
 */
function tokenChallenge(error: ProtocolError, request: Request): string {
  const scheme = schemeOf(request);
  const scope = error.scope === null ? [] : [`scope="${wireSafe(error.scope)}"`];
  if (scheme === "dpop") return dpopChallenge([...attributesOf(error), ...scope]);
  const attributes = ['realm="usher"', ...(scheme === "bearer" ? attributesOf(error) : []), ...scope];
  const bearer = `Bearer ${attributes.join(", ")}`;
  return error.scope === null ? bearer : `${bearer}, ${dpopChallenge([])}`;
}

function attributesOf(error: ProtocolError): readonly string[] {
  return [`error="${error.code}"`, `error_description="${wireSafe(error.message)}"`];
}

function dpopChallenge(attributes: readonly string[]): string {
  return `DPoP ${[...attributes, `algs="${ACCEPTED_ALGORITHMS.join(" ")}"`].join(", ")}`;
}

function schemeOf(request: Request): string | null {
  return /^(\S+) /.exec(request.headers.get("authorization") ?? "")?.[1]?.toLowerCase() ?? null;
}

function unexpected(error: unknown, isOutage: Services["isOutage"]): ProtocolError {
  if (!isOutage(error)) return new ProtocolError("server_error", "the server failed; its operator can see why");
  return unavailable("the server cannot reach its storage; try again shortly");
}

/** The last line of an endpoint: whatever method was not served above it is refused by name (FedAuthz §3.2). */
export function onlyMethods(...methods: readonly string[]): Handler<UsherEnv> {
  return (c) => {
    const error = new ProtocolError("unsupported_method_type", `this endpoint takes ${methods.join(" or ")}`);
    const response = renderRefusal(error, c);
    response.headers.set("Allow", methods.join(", "));
    return response;
  };
}
