import type { WebhookSecrets, WebhookSender } from "../../operations/ports/webhook.ts";
import { FetchRefused } from "../../protocol/public-document.ts";
import { outcomeOf, WEBHOOK_TIMEOUT_SECONDS, type WebhookOutcome } from "../../protocol/webhook.ts";
import type { GuardedRequest } from "./guarded-fetch.ts";

interface SenderParts {
  readonly request: GuardedRequest;
  readonly secrets: Pick<WebhookSecrets, "sign">;
  /** The time in epoch seconds. */
  readonly clock: () => number;
}

/** Sends messages as Standard Webhooks has it, to public hosts only, following no redirect. */
export function createWebhookSender({ request, secrets, clock }: SenderParts): WebhookSender {
  return async (endpoint, message) => {
    const now = clock();
    try {
      const signature = await secrets.sign(endpoint.sealedSecret, message, now);
      // Unsigned it would teach receivers to take what nobody signed.
      if (signature === null) return failed("the secret cannot be read: renew it");
      const headers = {
        "content-type": "application/json",
        "webhook-id": message.id,
        "webhook-timestamp": String(now),
        "webhook-signature": signature,
      };
      const question = { method: "POST", headers, body: message.body, seconds: WEBHOOK_TIMEOUT_SECONDS } as const;
      return outcomeOf((await request(endpoint.url, question)).status);
    } catch (error) {
      return failed(error instanceof FetchRefused ? error.message : "could not be sent");
    }
  };
}

function failed(failure: string): WebhookOutcome {
  return { taken: false, failure, isFinal: false };
}
