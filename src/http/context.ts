import type { Hono } from "hono";
import type { Services } from "../operations/services.ts";
import type { ConnectedCaller } from "../protocol/connection.ts";

/** What every route finds on its request. */
export interface UsherVariables {
  /** To hand on to operations, whole. */
  readonly services: Services;
  /** Epoch seconds, read once, when the request comes in. */
  readonly now: number;
}

export type UsherEnv = { Variables: UsherVariables };
export type UsherHono = Hono<UsherEnv>;

/** What a route finds that is protected by a scope. */
export type ConnectedEnv = { Variables: UsherVariables & { readonly caller: ConnectedCaller } };
