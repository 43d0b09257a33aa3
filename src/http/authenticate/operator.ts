import type { MiddlewareHandler } from "hono";
import { authenticateOperator } from "../../operations/authenticate/operator.ts";
import type { UsherEnv } from "../context.ts";
import { sourceOf } from "../source.ts";
import { readBearer } from "./bearer.ts";

/** Lets only the operator pass; to anybody else it is not even told which paths there are. */
export const operatorOnly: MiddlewareHandler<UsherEnv> = async (c, next) => {
  const request = c.req.raw;
  await authenticateOperator(c.var.services, readBearer(request), sourceOf(request));
  await next();
};
