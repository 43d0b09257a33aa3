import type { WebhookQueues, WebhookStore } from "../ports/webhook.ts";
import { type Check, lookAtPage } from "./check.ts";

interface WebhookServices {
  readonly webhooks: Pick<WebhookStore, "listFor">;
  readonly webhookQueues: WebhookQueues;
}

/** Whether what is told to the operator's own endpoints arrives there. */
export async function checkWebhooks(services: WebhookServices): Promise<readonly Check[]> {
  const { items } = await lookAtPage("webhook", async () => {
    const endpoints = await services.webhooks.listFor([]);
    return { items: await Promise.all(endpoints.map(({ id }) => checkWebhook(services, id))), next: null };
  });
  return items;
}

async function checkWebhook({ webhookQueues }: WebhookServices, subject: string): Promise<Check> {
  const { dead } = await webhookQueues.queue(subject).counts();
  if (dead === 0) return { check: "webhook", subject, status: "ok", message: "what is sent arrives" };
  const message = `${dead} messages could not be delivered: GET /admin/webhooks/${subject}/dead-letters says why`;
  return { check: "webhook", subject, status: "warning", message };
}
