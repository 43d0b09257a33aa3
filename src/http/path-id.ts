import type { Context } from "hono";
import { notFound } from "../operations/under-connection.ts";
import { isId } from "../shared/ids.ts";
import type { UsherEnv } from "./context.ts";

/**
 * The identifier in the path of a request. What cannot be one of ours is not found, before anything is booked for it.
 * @throws ProtocolError not_found.
 */
export function idOf(c: Context<UsherEnv>): string {
  const id = c.req.param("id") ?? "";
  if (isId(id)) return id;
  throw notFound();
}
