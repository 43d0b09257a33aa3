import type { KeptNotice } from "../../events/notice.ts";
import { type AddressedMessage, webhookMessage } from "../../events/webhook-message.ts";
import type { WebhookEndpoint } from "../../protocol/webhook.ts";
import type { WebhookQueues, WebhookStore } from "../ports/webhook.ts";

interface WebhookServices {
  readonly webhooks: Pick<WebhookStore, "listFor">;
  readonly webhookQueues: WebhookQueues;
}

/** Queues what happened for every endpoint that wants to hear of it. To repeat it does no harm: a message keeps its id. */
export async function tellWebhooks(
  { webhooks, webhookQueues }: WebhookServices,
  ownerId: string,
  notices: readonly KeptNotice[],
): Promise<void> {
  const messages = notices.map((notice) => webhookMessage(ownerId, notice)).filter((message) => message !== null);
  if (messages.length === 0) return;
  const clientIds = new Set(messages.flatMap(({ concerns }) => concerns));
  const endpoints = await webhooks.listFor([...clientIds]);
  await Promise.all(
    endpoints.map(async (endpoint) => {
      const wanted = messages.filter((message) => isWanted(endpoint, message)).map(({ message }) => message);
      if (wanted.length > 0) await webhookQueues.queue(endpoint.id).add(wanted);
    }),
  );
}

/** INVARIANT: a resource server hears of nothing that concerns another one alone. */
function isWanted({ clientId, types }: WebhookEndpoint, { message, concerns }: AddressedMessage): boolean {
  return types.includes(message.type) && (clientId === null || concerns.includes(clientId));
}
