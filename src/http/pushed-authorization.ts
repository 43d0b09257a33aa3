import { Hono } from "hono";
import { pushRequest } from "../operations/authorize/push-request.ts";
import { readClientRequest } from "./authenticate/client.ts";
import type { UsherEnv, UsherHono } from "./context.ts";
import { onlyMethods, privateJson } from "./respond.ts";

/** The pushed authorization request endpoint (RFC 9126 §2). A form repeats no parameter. */
export function pushedAuthorizationRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .post("/", async (c) => {
      const { services, now } = c.var;
      const { form, client } = await readClientRequest(c);
      const body = await pushRequest(services, client, { get: (name) => form.get(name), repeated: [] }, now);
      return privateJson(body, 201);
    })
    .all("/", onlyMethods("POST"));
}
