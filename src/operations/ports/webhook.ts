import type { WebhookEndpoint, WebhookMessage, WebhookOutcome, WebhookType } from "../../protocol/webhook.ts";
import type { Versioned } from "../../shared/versioned.ts";
import type { Page } from "./page.ts";

/** Endpoints as they stand now. */
export interface WebhookStore {
  find(id: string): Promise<Versioned<WebhookEndpoint> | null>;
  list(cursor: string | null, limit: number): Promise<Page<WebhookEndpoint>>;
  /** Those of the operator, and those of these resource servers. */
  listFor(clientIds: readonly string[]): Promise<readonly WebhookEndpoint[]>;
  /** Whether some endpoint wants to hear of this; may be a minute old. */
  isWanted(type: WebhookType): Promise<boolean>;
  /** @returns full when there are as many of the operator, or of the client, as can be; no_client when there is none. */
  insert(endpoint: WebhookEndpoint): Promise<"done" | "full" | "no_client">;
  /** Keeps whom it is for. @returns false when there is no such endpoint in this version. */
  replace(endpoint: WebhookEndpoint, version: number): Promise<boolean>;
  /**
   * @param version the only one to be removed; null: any.
   * @returns false when there is no such endpoint in this version.
   */
  remove(id: string, version: number | null): Promise<boolean>;
}

/** A message that was given up. */
export interface DeadLetter {
  /** Of the message, as `webhook-id` names it. */
  readonly id: string;
  readonly type: WebhookType;
  readonly body: string;
  /** When it was to be sent first, and when it was given up, epoch seconds. */
  readonly queuedAt: number;
  readonly deadAt: number;
  readonly attempts: number;
  /** Why the last try failed. */
  readonly failure: string;
}

export interface QueueCounts {
  readonly waiting: number;
  readonly dead: number;
}

/** What waits to be sent to one endpoint. */
export interface WebhookQueue {
  /** What is there already, by its id, is left as it is. */
  add(messages: readonly WebhookMessage[]): Promise<void>;
  counts(): Promise<QueueCounts>;
  /** Oldest first. @param after the place to go on from; null: from the first. */
  deadLetters(after: string | null, limit: number): Promise<Page<DeadLetter>>;
  /** Sends it, or all of them, anew. @returns how many. */
  resend(letterId: string | null): Promise<number>;
  /** @returns false when there is no such letter. */
  discard(letterId: string): Promise<boolean>;
  /** Forgets everything, as of an endpoint that is gone. */
  clear(): Promise<void>;
}

export interface WebhookQueues {
  queue(endpointId: string): WebhookQueue;
}

/** Sends one message to one endpoint. Never throws for what happens there. */
export type WebhookSender = (endpoint: WebhookEndpoint, message: WebhookMessage) => Promise<WebhookOutcome>;

/** The secret of an endpoint: as its receiver is told it, once, and as it is kept. */
export interface MadeSecret {
  readonly secret: string;
  readonly sealed: string;
}

/** Secrets that sign what is sent. Times are epoch seconds. */
export interface WebhookSecrets {
  make(): Promise<MadeSecret>;
  /** Another one; the present one signs beside it for a while. */
  renew(sealed: string, now: number): Promise<MadeSecret>;
  /**
   * What stands in `webhook-signature`: one signature for each secret that counts now.
   * @returns null for a secret that was sealed elsewhere.
   */
  sign(sealed: string, message: Pick<WebhookMessage, "id" | "body">, now: number): Promise<string | null>;
}
