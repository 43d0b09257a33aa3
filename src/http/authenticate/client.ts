import type { Context } from "hono";
import { authenticateClient, readAssertedClientId } from "../../operations/authenticate/client.ts";
import type { Client } from "../../protocol/client.ts";
import type { UsherEnv } from "../context.ts";
import { type FormParameters, readForm } from "../form.ts";
import { sourceOf } from "../source.ts";
import { certificateOf } from "./certificate.ts";
import { parsePresentedClient } from "./presented-client.ts";

/** The form of a token or revocation request, and the client that sent it. */
export interface ClientRequest {
  readonly form: FormParameters;
  readonly client: Client;
}

/**
 * Reads the form, which may hold the credentials, and authenticates the client before any other parameter is looked at.
 * @throws ProtocolError invalid_request, invalid_client or too_many_requests.
 */
export async function readClientRequest(c: Context<UsherEnv>): Promise<ClientRequest> {
  const form = await readForm(c.req.raw);
  return { form, client: await authenticateSender(c, form) };
}

/**
 * Authenticates the client that sent a form.
 * @throws ProtocolError invalid_request, invalid_client or too_many_requests.
 */
export async function authenticateSender(c: Context<UsherEnv>, form: FormParameters): Promise<Client> {
  const { services, now } = c.var;
  const request = c.req.raw;
  const presented = parsePresentedClient(request, form, (assertion) => readAssertedClientId(services, assertion));
  const [endpoint = ""] = request.url.split("?", 1);
  const attempt = { presented, endpoint, certificate: certificateOf(request), source: sourceOf(request) };
  return authenticateClient(services, attempt, now);
}
