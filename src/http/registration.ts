import { type Context, Hono } from "hono";
import {
  endRegistration,
  type RegistrationCaller,
  readRegistration,
  replaceRegistration,
} from "../operations/register/manage-registration.ts";
import { registerItself } from "../operations/register/register-client.ts";
import { describeRegistered } from "../operations/register/registered-client.ts";
import { ProtocolError } from "../shared/error.ts";
import { MAX_REGISTRATION_BODY_BYTES } from "../shared/limits.ts";
import { readBearer } from "./authenticate/bearer.ts";
import { readJson } from "./body.ts";
import type { UsherEnv, UsherHono } from "./context.ts";
import { findId } from "./path-id.ts";
import { emptyAnswer, onlyMethods, privateJson } from "./respond.ts";
import { sourceOf } from "./source.ts";

/** Clients that register themselves (RFC 7591), and manage that (RFC 7592). */
export function registrationRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .post("/", async (c) => {
      const { services, now } = c.var;
      const request = c.req.raw;
      const sent = { metadata: await readMetadata(request), token: readBearer(request), source: sourceOf(request) };
      return privateJson(describeRegistered(services, await registerItself(services, sent, now)), 201);
    })
    .all("/", onlyMethods("POST"))
    .get("/:id", async (c) => {
      const { services, now } = c.var;
      return privateJson(describeRegistered(services, await readRegistration(services, callerOf(c), now)));
    })
    .put("/:id", async (c) => {
      const { services, now } = c.var;
      const metadata = await readMetadata(c.req.raw);
      const replaced = await replaceRegistration(services, callerOf(c), metadata, now);
      return privateJson(describeRegistered(services, replaced));
    })
    .delete("/:id", async (c) => {
      await endRegistration(c.var.services, callerOf(c), c.var.now);
      return emptyAnswer(204);
    })
    .all("/:id", onlyMethods("GET", "PUT", "DELETE"));
}

/** RFC 7591 §3.2.2 has a code of its own for what cannot be read. */
async function readMetadata(request: Request): Promise<unknown> {
  try {
    return await readJson(request, MAX_REGISTRATION_BODY_BYTES);
  } catch (error) {
    if (!(error instanceof ProtocolError) || error.status !== 400) throw error;
    throw new ProtocolError("invalid_client_metadata", error.message);
  }
}

function callerOf({ req }: Context<UsherEnv, "/:id">): RegistrationCaller {
  return { clientId: findId(req), token: readBearer(req.raw), source: sourceOf(req.raw) };
}
