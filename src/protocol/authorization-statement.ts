import * as v from "valibot";
import type { AccessRequest } from "./access-request.ts";
import type { AuthorizationRequest, IdentityRequest, ResponseTarget } from "./authorization-request.ts";
import { AUTHORIZATION_ERRORS, type AuthorizationErrorCode, PROMPTS } from "./wire/authorization.ts";
import { CONNECTION_SCOPES } from "./wire/connection.ts";
import { IDENTITY_SCOPES } from "./wire/identity.ts";

/**
 * What of an authorization travels sealed, so that nothing is stored for somebody who has not signed in. These
 * statements stand in URLs, one inside the other, so their members stand by place. Times are epoch seconds.
 */

/** A request that a client pushed (RFC 9126 §2.2). */
export interface PushedRequest {
  readonly id: string;
  readonly request: AuthorizationRequest;
  readonly expiresAt: number;
}

/**
 * An authorization on its way, between the request and the response to it. It is worth no more than the request, which
 * anybody may repeat in any browser: what counts is who signs in and what they say.
 */
export interface AuthorizationFlow {
  /** The pushed request that it came of, which gets one response; null: none. */
  readonly pushedId: string | null;
  /** When the person must have signed in, at the earliest; null: whenever. */
  readonly signedInSince: number | null;
  readonly expiresAt: number;
  readonly asked: AskedRequest | RefusedRequest;
}

export interface AskedRequest {
  readonly kind: "asked";
  readonly request: AuthorizationRequest;
}

/** Wrong, and told the client only after somebody has signed in (RFC 9700 §4.11.2). */
export interface RefusedRequest {
  readonly kind: "refused";
  readonly target: ResponseTarget;
  readonly error: AuthorizationErrorCode;
  readonly description: string;
}

const Target = v.tuple([v.string(), v.string(), v.boolean(), v.nullable(v.string())]);
const Identity = v.tuple([v.array(v.picklist(IDENTITY_SCOPES)), v.nullable(v.string())]);
const Scopes = v.nullable(v.array(v.string()));
const Access = v.tuple([v.array(v.string()), Scopes, v.array(v.tuple([v.string(), v.nullable(v.string()), Scopes]))]);
const Request = v.tuple([
  Target,
  v.array(v.picklist(CONNECTION_SCOPES)),
  v.nullable(Identity),
  v.nullable(Access),
  v.nullable(v.string()),
  v.string(),
  v.array(v.picklist(PROMPTS)),
  v.nullable(v.number()),
  v.nullable(v.string()),
  v.nullable(v.string()),
  // Came later.
  v.optional(v.nullable(v.string()), null),
]);
const Pushed = v.tuple([v.string(), Request, v.number()]);
const Asked = v.union([v.tuple([Request]), v.tuple([Target, v.picklist(AUTHORIZATION_ERRORS), v.string()])]);
const Flow = v.tuple([v.nullable(v.string()), v.nullable(v.number()), v.number(), Asked]);

export function pushedStatement({ id, request, expiresAt }: PushedRequest): v.InferOutput<typeof Pushed> {
  return [id, requestStatement(request), expiresAt];
}

/** @param statement what the seal gave, null when it did not open */
export function parsePushedRequest(statement: unknown): PushedRequest | null {
  const parsed = v.safeParse(Pushed, statement);
  if (!parsed.success) return null;
  const [id, request, expiresAt] = parsed.output;
  return { id, request: toRequest(request), expiresAt };
}

export function flowStatement({
  pushedId,
  signedInSince,
  expiresAt,
  asked,
}: AuthorizationFlow): v.InferOutput<typeof Flow> {
  const what: v.InferOutput<typeof Asked> =
    asked.kind === "asked"
      ? [requestStatement(asked.request)]
      : [targetStatement(asked.target), asked.error, asked.description];
  return [pushedId, signedInSince, expiresAt, what];
}

/** @param statement what the seal gave, null when it did not open */
export function parseAuthorizationFlow(statement: unknown): AuthorizationFlow | null {
  const parsed = v.safeParse(Flow, statement);
  if (!parsed.success) return null;
  const [pushedId, signedInSince, expiresAt, what] = parsed.output;
  return { pushedId, signedInSince, expiresAt, asked: toAsked(what) };
}

function toAsked(what: v.InferOutput<typeof Asked>): AskedRequest | RefusedRequest {
  if (what.length === 1) return { kind: "asked", request: toRequest(what[0]) };
  const [target, error, description] = what;
  return { kind: "refused", target: toTarget(target), error, description };
}

function targetStatement({ clientId, redirectUri, isUriSent, state }: ResponseTarget): v.InferOutput<typeof Target> {
  return [clientId, redirectUri, isUriSent, state];
}

function requestStatement(request: AuthorizationRequest): v.InferOutput<typeof Request> {
  const { connectionScopes, identity, access, dpopJkt, codeChallenge, prompts, maxAge } = request;
  const { loginHint, uiLocales, meantAccountId } = request;
  return [
    targetStatement(request),
    [...connectionScopes],
    identity && identityStatement(identity),
    access && accessStatement(access),
    dpopJkt,
    codeChallenge,
    [...prompts],
    maxAge,
    loginHint,
    uiLocales,
    meantAccountId,
  ];
}

function identityStatement({ scopes, nonce }: IdentityRequest): v.InferOutput<typeof Identity> {
  return [[...scopes], nonce];
}

function accessStatement({ resources, scopes, details }: AccessRequest): v.InferOutput<typeof Access> {
  const detailed = details.map(({ location, identifier, actions }): v.InferOutput<typeof Access>[2][number] => {
    return [location, identifier, actions && [...actions]];
  });
  return [[...resources], scopes && [...scopes], detailed];
}

function toAccess([resources, scopes, details]: v.InferOutput<typeof Access>): AccessRequest {
  return {
    resources,
    scopes,
    details: details.map(([location, identifier, actions]) => ({ location, identifier, actions })),
  };
}

function toTarget([clientId, redirectUri, isUriSent, state]: v.InferOutput<typeof Target>): ResponseTarget {
  return { clientId, redirectUri, isUriSent, state };
}

function toRequest(statement: v.InferOutput<typeof Request>): AuthorizationRequest {
  const [target, connectionScopes, identity, access, dpopJkt, codeChallenge, ...manner] = statement;
  const [prompts, maxAge, loginHint, uiLocales, meantAccountId] = manner;
  return {
    ...toTarget(target),
    connectionScopes,
    identity: identity && { scopes: identity[0], nonce: identity[1] },
    access: access && toAccess(access),
    dpopJkt,
    codeChallenge,
    prompts,
    maxAge,
    loginHint,
    uiLocales,
    meantAccountId,
  };
}
