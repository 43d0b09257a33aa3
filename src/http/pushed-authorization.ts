import { Hono } from "hono";
import { pushRequest } from "../operations/authorize/push-request.ts";
import { readClientRequest } from "./authenticate/client.ts";
import { readProof } from "./authenticate/proof.ts";
import type { UsherEnv, UsherHono } from "./context.ts";
import { offerNonce, onlyMethods, privateJson } from "./respond.ts";

/** The pushed authorization request endpoint (RFC 9126 §2). A form repeats no parameter. */
export function pushedAuthorizationRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .post("/", async (c) => {
      const { services, now } = c.var;
      const { form, client } = await readClientRequest(c);
      const parameters = { ...form, repeated: [] };
      const request = { client, parameters, proof: readProof(c.req.raw) };
      const { body, nextNonce } = await pushRequest(services, request, now);
      return offerNonce(privateJson(body, 201), nextNonce);
    })
    .all("/", onlyMethods("POST"));
}
