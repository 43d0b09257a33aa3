import { type Context, Hono } from "hono";
import type { Edited } from "../../operations/administer/versions.ts";
import {
  addWebhook,
  countMessages,
  discardDeadLetter,
  listDeadLetters,
  listWebhooks,
  loadWebhook,
  type MadeWebhook,
  removeWebhook,
  renewWebhookSecret,
  replaceWebhook,
  resendDeadLetters,
  unknownDeadLetter,
  unknownWebhook,
} from "../../operations/administer/webhooks.ts";
import type { DeadLetter } from "../../operations/ports/webhook.ts";
import { parseWebhookRegistration, renderWebhookEndpoint } from "../../protocol/webhook-registration.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { parsePaging, renderPage } from "../paging.ts";
import { idOf } from "../path-id.ts";
import { expectedVersion, versionTag } from "../preconditions.ts";
import { emptyAnswer, onlyMethods, privateJson } from "../respond.ts";
import { readAdminBody } from "./body.ts";

/** Where events are sent, and what could not be delivered there. */
export function administerWebhooks(): UsherHono {
  return new Hono<UsherEnv>()
    .post("/", async (c) => {
      const { services } = c.var;
      const registration = parseWebhookRegistration(await readAdminBody(c.req.raw), services.config.issuer);
      const made = await addWebhook(services, registration);
      return renderMade(made, 201, { Location: `${services.config.issuer}/admin/webhooks/${made.value.id}` });
    })
    .get("/", async (c) => {
      const { cursor, limit } = parsePaging(c.req.raw);
      return privateJson(renderPage(await listWebhooks(c.var.services, cursor, limit), renderWebhookEndpoint));
    })
    .all("/", onlyMethods("GET", "POST"))
    .get("/:id", async (c) => {
      const { value, version } = await loadWebhook(c.var.services, idOf(c.req, unknownWebhook));
      const { waiting, dead } = await countMessages(c.var.services, value.id);
      const body = { ...renderWebhookEndpoint(value), waiting, dead_letters: dead };
      return privateJson(body, 200, versionTag(version));
    })
    .put("/:id", async (c) => {
      const { services } = c.var;
      const registration = parseWebhookRegistration(await readAdminBody(c.req.raw), services.config.issuer);
      const { value, version } = await replaceWebhook(services, await editedWebhook(c), registration);
      return privateJson(renderWebhookEndpoint(value), 200, versionTag(version));
    })
    .delete("/:id", async (c) => {
      await removeWebhook(c.var.services, await editedWebhook(c));
      return emptyAnswer(204);
    })
    .all("/:id", onlyMethods("GET", "PUT", "DELETE"))
    .post("/:id/secret", async (c) =>
      renderMade(await renewWebhookSecret(c.var.services, await editedWebhook(c), c.var.now)),
    )
    .all("/:id/secret", onlyMethods("POST"))
    .route("/:id/dead-letters", deadLetters());
}

function deadLetters() {
  return new Hono<UsherEnv, Record<never, never>, "/:id/dead-letters">()
    .get("/", async (c) => {
      const { cursor, limit } = parsePaging(c.req.raw);
      const page = await listDeadLetters(c.var.services, idOf(c.req, unknownWebhook), cursor, limit);
      return privateJson(renderPage(page, renderDeadLetter));
    })
    .post("/", async (c) => {
      const resent = await resendDeadLetters(c.var.services, idOf(c.req, unknownWebhook), null);
      return privateJson({ resent }, 202);
    })
    .all("/", onlyMethods("GET", "POST"))
    .post("/:letterId", async (c) => {
      const letterId = idOf(c.req, unknownDeadLetter, "letterId");
      const resent = await resendDeadLetters(c.var.services, idOf(c.req, unknownWebhook), letterId);
      return privateJson({ resent }, 202);
    })
    .delete("/:letterId", async (c) => {
      const letterId = idOf(c.req, unknownDeadLetter, "letterId");
      await discardDeadLetter(c.var.services, idOf(c.req, unknownWebhook), letterId);
      return emptyAnswer(204);
    })
    .all("/:letterId", onlyMethods("POST", "DELETE"));
}

function renderMade(
  { value, version, secret }: MadeWebhook,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return privateJson({ ...renderWebhookEndpoint(value), secret }, status, { ...versionTag(version), ...headers });
}

function renderDeadLetter(letter: DeadLetter): object {
  return {
    id: letter.id,
    event: letter.type,
    queued_at: letter.queuedAt,
    given_up_at: letter.deadAt,
    attempts: letter.attempts,
    failure: letter.failure,
    message: JSON.parse(letter.body),
  };
}

async function editedWebhook({ req, var: { services } }: Context<UsherEnv>): Promise<Edited> {
  const id = idOf(req, unknownWebhook);
  return { id, expected: await expectedVersion(req, async () => (await loadWebhook(services, id)).version) };
}
