import type { Page } from "../../operations/ports/page.ts";
import type { DeadLetter, WebhookQueue, WebhookQueues } from "../../operations/ports/webhook.ts";
import { parseAgeCursor } from "../d1/page.ts";
import type { WebhookObject } from "./webhook.ts";

/** Queues by the endpoint that they are for. */
export function findWebhookQueues(namespace: DurableObjectNamespace<WebhookObject>): WebhookQueues {
  return { queue: (endpointId) => new ObjectQueue(() => namespace.getByName(endpointId)) };
}

/** The queue of one endpoint as the Worker calls it. A stub whose object was reset fails for ever, so each call has its own. */
class ObjectQueue implements WebhookQueue {
  readonly #object: () => DurableObjectStub<WebhookObject>;

  constructor(object: () => DurableObjectStub<WebhookObject>) {
    this.#object = object;
  }

  async add(messages: Parameters<WebhookQueue["add"]>[0]): Promise<void> {
    await this.#object().add(messages);
  }

  async counts() {
    return this.#object().counts();
  }

  /** @throws ProtocolError invalid_request for a text that is no cursor of ours. */
  async deadLetters(after: string | null, limit: number): Promise<Page<DeadLetter>> {
    return this.#object().deadLetters(parseAgeCursor(after), limit);
  }

  async resend(letterId: string | null): Promise<number> {
    return this.#object().resend(letterId);
  }

  async discard(letterId: string): Promise<boolean> {
    return this.#object().discard(letterId);
  }

  async clear(): Promise<void> {
    await this.#object().clear();
  }
}
