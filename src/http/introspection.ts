import { type Context, Hono, type Next } from "hono";
import { introspectAsClient, introspectToken } from "../operations/protect/introspect-token.ts";
import { signIntrospection } from "../operations/protect/sign-introspection.ts";
import type { Services } from "../operations/services.ts";
import { PROTECTION_SCOPE } from "../protocol/wire/connection.ts";
import { type IntrospectionBody, SIGNED_INTROSPECTION_TYPE } from "../protocol/wire/introspection.ts";
import { invalidRequest, ProtocolError } from "../shared/error.ts";
import { authenticateSender } from "./authenticate/client.ts";
import { protectedBy } from "./authenticate/connected-caller.ts";
import { sentTwice } from "./authenticate/sent-twice.ts";
import { mediaType } from "./body.ts";
import type { UsherEnv, UsherHono } from "./context.ts";
import { type FormParameters, readForm } from "./form.ts";
import { NO_STORE, onlyMethods, privateJson, renderError, renderRefusal } from "./respond.ts";

const SIGNED = `application/${SIGNED_INTROSPECTION_TYPE}`;

/** Members of a form by which a client says who it is (RFC 6749 §2.3.1, RFC 7523 §2.2). */
const CREDENTIALS = ["client_id", "client_secret", "client_assertion"];

/** The introspection endpoint (FedAuthz §5.1, RFC 7662 §2, RFC 9701). token_type_hint is not needed to find a token. */
export function introspectionRoutes(): UsherHono {
  const routes = new Hono<UsherEnv>()
    .post("/", answerClient, protectedBy(PROTECTION_SCOPE), async (c) => {
      const { services, caller, now } = c.var;
      const { clientId } = caller;
      const form = await readQuestion(c.req.raw);
      if (form.get("access_token") !== null) throw sentTwice();
      const body = await introspectToken(services, caller, form.require("token"), now);
      return answer(services, { request: c.req.raw, clientId, body }, now);
    })
    .all("/", onlyMethods("POST"));
  return routes.onError((error, c) => renderIntrospectionError(error, c, c.var.services.isOutage));
}

/** Answers a resource server that comes with its own credentials; whoever brings none is asked for a PAT. */
async function answerClient(c: Context<UsherEnv>, next: Next): Promise<Response | undefined> {
  const form = mayBeClient(c.req.raw) ? await readQuestion(c.req.raw) : null;
  if (form === null || !namesClient(c.req.raw, form)) {
    await next();
    return undefined;
  }
  const { services, now } = c.var;
  const client = await authenticateSender(c, form);
  const body = await introspectAsClient(services, client, form.require("token"), now);
  return answer(services, { request: c.req.raw, clientId: client.id, body }, now);
}

function mayBeClient(request: Request): boolean {
  return isBasic(request) || (!request.headers.has("authorization") && isForm(request));
}

function namesClient(request: Request, form: FormParameters): boolean {
  return isBasic(request) || CREDENTIALS.some((name) => form.get(name) !== null);
}

function isBasic(request: Request): boolean {
  return /^basic /i.test(request.headers.get("authorization") ?? "");
}

function isForm(request: Request): boolean {
  return mediaType(request) === "application/x-www-form-urlencoded";
}

/** A list of tokens, or one more of them, is refused with what is right (RFC 7662 §2.1). */
async function readQuestion(request: Request): Promise<FormParameters> {
  try {
    return await readForm(request);
  } catch (error) {
    if (!(error instanceof ProtocolError) || error.code !== "invalid_request" || error.status !== 400) throw error;
    throw invalidRequest(`${error.message}; one token is introspected at a time`, error.reason);
  }
}

interface Answer {
  readonly request: Request;
  /** Who asked. */
  readonly clientId: string;
  readonly body: IntrospectionBody;
}

/** Signed for a reader that asks for that (RFC 9701 §4), else plain. */
async function answer(services: Services, { request, clientId, body }: Answer, now: number): Promise<Response> {
  if (!wantsSigned(request)) return privateJson(body);
  const jwt = await signIntrospection(services, clientId, body, now);
  return new Response(jwt, { headers: { ...NO_STORE, "Content-Type": SIGNED } });
}

/** Whether the signed form is accepted at all, and named: a reader of anything gets what it got before there was one. */
function wantsSigned(request: Request): boolean {
  const ranges = (request.headers.get("accept") ?? "").toLowerCase().split(",");
  return ranges.some((range) => {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
    return type === SIGNED && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

/** RFC 7662 §2.3 asks for 401 where RFC 6750 §3.1 has 403; invalid_token would send the caller for the same token. */
function renderIntrospectionError(error: unknown, c: Context<UsherEnv>, isOutage: Services["isOutage"]): Response {
  const lacksScope = error instanceof ProtocolError && error.code === "insufficient_scope";
  return lacksScope ? renderRefusal(error, c, 401) : renderError(error, c, isOutage);
}
