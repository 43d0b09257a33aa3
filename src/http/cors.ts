import type { MiddlewareHandler } from "hono";
import type { UsherEnv } from "./context.ts";
import { emptyAnswer } from "./respond.ts";

const ALLOWED_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"].join();
const ALLOWED_HEADERS = [
  "Authorization",
  "Content-Type",
  "DPoP",
  "If-Match",
  "If-None-Match",
  "Idempotency-Key",
  "X-Request-ID",
].join();
const EXPOSED_HEADERS = [
  "WWW-Authenticate",
  "DPoP-Nonce",
  "Retry-After",
  "Location",
  "ETag",
  "Link",
  "X-Request-ID",
].join();
/** Seconds for which a browser need not ask again. */
const MAX_AGE = "600";

const PREFLIGHT = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": ALLOWED_METHODS,
  "Access-Control-Allow-Headers": ALLOWED_HEADERS,
  "Access-Control-Max-Age": MAX_AGE,
};

/**
 * RFC 9700 §2.6: any page may call, as nothing here is done on the strength of a cookie. The headers are set on the
 * finished answer: what is set beforehand, as Hono's own middleware does, makes Hono build each answer twice.
 */
export const browserMayCall: MiddlewareHandler<UsherEnv> = async (c, next) => {
  if (c.req.method === "OPTIONS") return emptyAnswer(204, PREFLIGHT);
  await next();
  c.res.headers.set("Access-Control-Allow-Origin", "*");
  c.res.headers.set("Access-Control-Expose-Headers", EXPOSED_HEADERS);
  return undefined;
};
