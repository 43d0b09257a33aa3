import type { WebhookStore } from "../ports/webhook.ts";

/** Whether anybody wants to hear of grants that are withdrawn. */
export function hearsOfGrants({ webhooks }: { readonly webhooks: Pick<WebhookStore, "isWanted"> }): Promise<boolean> {
  return webhooks.isWanted("grant.withdrawn");
}
