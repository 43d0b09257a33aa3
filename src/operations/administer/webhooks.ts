import type { WebhookEndpoint } from "../../protocol/webhook.ts";
import type { WebhookRegistration } from "../../protocol/webhook-registration.ts";
import { invalidRequest, ProtocolError } from "../../shared/error.ts";
import { MAX_WEBHOOKS_OF_CLIENT, MAX_WEBHOOKS_OF_OPERATOR } from "../../shared/limits.ts";
import type { Versioned } from "../../shared/versioned.ts";
import type { EventSink } from "../ports/event.ts";
import type { Page } from "../ports/page.ts";
import type { Randomness } from "../ports/secret.ts";
import type { DeadLetter, QueueCounts, WebhookQueues, WebhookSecrets, WebhookStore } from "../ports/webhook.ts";
import { changedMeanwhile, checkVersion, type Edited } from "./versions.ts";

interface WebhookServices {
  readonly webhooks: WebhookStore;
  readonly webhookQueues: WebhookQueues;
  readonly webhookSecrets: WebhookSecrets;
  readonly randomness: Randomness;
  readonly events: EventSink;
}

/** An endpoint, and its secret, which is told this once. */
export interface MadeWebhook extends Versioned<WebhookEndpoint> {
  readonly secret: string;
}

/** @throws ProtocolError invalid_request for a client that is not there; quota_exceeded for one too many. */
export async function addWebhook(services: WebhookServices, registration: WebhookRegistration): Promise<MadeWebhook> {
  const { secret, sealed } = await services.webhookSecrets.make();
  const endpoint: WebhookEndpoint = { ...registration, id: services.randomness.id(), sealedSecret: sealed };
  const outcome = await services.webhooks.insert(endpoint);
  if (outcome === "no_client") throw invalidRequest("client_id: there is no such client");
  if (outcome === "full") throw tooMany(endpoint);
  services.events.emit({ kind: "administered", what: "add_webhook", subject: endpoint.id });
  return { value: endpoint, version: 1, secret };
}

function tooMany({ clientId }: WebhookEndpoint): ProtocolError {
  const most = clientId === null ? MAX_WEBHOOKS_OF_OPERATOR : MAX_WEBHOOKS_OF_CLIENT;
  return new ProtocolError("quota_exceeded", `at most ${most} of these can be told: remove another`);
}

/**
 * What waits goes to the new address.
 * @throws ProtocolError not_found; precondition_failed or conflict when it is not the version that was decided on;
 *   invalid_request for another client.
 */
export async function replaceWebhook(
  services: WebhookServices,
  { id, expected }: Edited,
  registration: WebhookRegistration,
): Promise<Versioned<WebhookEndpoint>> {
  const { value: present, version } = await loadWebhook(services, id);
  checkVersion(expected, version);
  if (present.clientId !== registration.clientId) {
    throw invalidRequest("client_id: cannot be changed, because what waits is for this one; add another instead");
  }
  const endpoint = { ...present, ...registration };
  if (!(await services.webhooks.replace(endpoint, version))) throw changedMeanwhile(expected);
  services.events.emit({ kind: "administered", what: "replace_webhook", subject: id });
  return { value: endpoint, version: version + 1 };
}

/** @throws ProtocolError not_found; precondition_failed or conflict when it is not the version that was decided on. */
export async function renewWebhookSecret(
  services: WebhookServices,
  { id, expected }: Edited,
  now: number,
): Promise<MadeWebhook> {
  const { value: present, version } = await loadWebhook(services, id);
  checkVersion(expected, version);
  const { secret, sealed } = await services.webhookSecrets.renew(present.sealedSecret, now);
  const endpoint = { ...present, sealedSecret: sealed };
  if (!(await services.webhooks.replace(endpoint, version))) throw changedMeanwhile(expected);
  services.events.emit({ kind: "administered", what: "renew_webhook_secret", subject: id });
  return { value: endpoint, version: version + 1, secret };
}

/**
 * What waits for it is forgotten.
 * @throws ProtocolError not_found; precondition_failed when it is not the version that was decided on.
 */
export async function removeWebhook(services: WebhookServices, { id, expected }: Edited): Promise<void> {
  if (!(await services.webhooks.remove(id, typeof expected === "number" ? expected : null))) {
    await loadWebhook(services, id);
    throw changedMeanwhile(expected);
  }
  await services.webhookQueues.queue(id).clear();
  services.events.emit({ kind: "administered", what: "remove_webhook", subject: id });
}

export function listWebhooks(
  { webhooks }: Pick<WebhookServices, "webhooks">,
  cursor: string | null,
  limit: number,
): Promise<Page<WebhookEndpoint>> {
  return webhooks.list(cursor, limit);
}

/** @throws ProtocolError not_found */
export async function loadWebhook(
  { webhooks }: Pick<WebhookServices, "webhooks">,
  id: string,
): Promise<Versioned<WebhookEndpoint>> {
  const endpoint = await webhooks.find(id);
  if (endpoint === null) throw unknownWebhook();
  return endpoint;
}

/** How many messages wait, and how many were given up. */
export function countMessages({ webhookQueues }: Pick<WebhookServices, "webhookQueues">, id: string) {
  return webhookQueues.queue(id).counts() satisfies Promise<QueueCounts>;
}

/** @throws ProtocolError not_found */
export async function listDeadLetters(
  services: Pick<WebhookServices, "webhooks" | "webhookQueues">,
  id: string,
  cursor: string | null,
  limit: number,
): Promise<Page<DeadLetter>> {
  await loadWebhook(services, id);
  return services.webhookQueues.queue(id).deadLetters(cursor, limit);
}

/**
 * Sends what was given up anew.
 * @param letterId null: all of it.
 * @returns how many messages.
 * @throws ProtocolError not_found
 */
export async function resendDeadLetters(
  services: Pick<WebhookServices, "webhooks" | "webhookQueues" | "events">,
  id: string,
  letterId: string | null,
): Promise<number> {
  await loadWebhook(services, id);
  const resent = await services.webhookQueues.queue(id).resend(letterId);
  if (letterId !== null && resent === 0) throw unknownDeadLetter();
  services.events.emit({ kind: "administered", what: "resend_dead_letters", subject: id });
  return resent;
}

/** @throws ProtocolError not_found */
export async function discardDeadLetter(
  services: Pick<WebhookServices, "webhooks" | "webhookQueues" | "events">,
  id: string,
  letterId: string,
): Promise<void> {
  await loadWebhook(services, id);
  if (!(await services.webhookQueues.queue(id).discard(letterId))) throw unknownDeadLetter();
  services.events.emit({ kind: "administered", what: "discard_dead_letter", subject: id });
}

/** The refusal of an id that no endpoint has. */
export function unknownWebhook(): ProtocolError {
  return new ProtocolError("not_found", "there is no webhook of this id");
}

/** The refusal of an id that no message has which was given up. */
export function unknownDeadLetter(): ProtocolError {
  return new ProtocolError("not_found", "no message of this id was given up here");
}
