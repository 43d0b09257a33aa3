/** What is sent to whoever asked to be told, and how often it is tried (https://www.standardwebhooks.com). */

import { DAY, HOUR, MINUTE } from "../shared/time.ts";

/** What can be told, each by the type that stands in its message. */
export const WEBHOOK_TYPES = ["owner.gone", "resource.dropped", "grant.withdrawn", "connection.ended"] as const;
export type WebhookType = (typeof WEBHOOK_TYPES)[number];

/** Somewhere to send messages to. */
export interface WebhookEndpoint {
  readonly id: string;
  /** The resource server that is told what concerns it; null: everything is told, to the operator. */
  readonly clientId: string | null;
  readonly url: string;
  readonly types: readonly WebhookType[];
  readonly sealedSecret: string;
}

/** How long a renewed secret has the one before it beside it. */
export const SECRET_OVERLAP_SECONDS = DAY;

/** A message, written out once: every try sends the same bytes under the same id. */
export interface WebhookMessage {
  readonly id: string;
  readonly type: WebhookType;
  readonly body: string;
}

/** How a try ended: taken (2xx), refused for good (410), or not taken, with a word for why. */
export type WebhookOutcome =
  | { readonly taken: true }
  | { readonly taken: false; readonly failure: string; readonly isFinal: boolean };

/** A message is given up after this long. */
export const RETRY_PERIOD_SECONDS = 3 * DAY;
/** Of the first pause; each is four times as long as the one before, half a day at most. */
const FIRST_PAUSE_SECONDS = 5;
const PAUSE_GROWTH = 4;
const LONGEST_PAUSE_SECONDS = 12 * HOUR;
/** Of a pause is drawn, so that receivers that come back are not met by everything at once. */
const JITTER = 0.2;

/** How long a try may take (Standard Webhooks, "Failures, retries"). */
export const WEBHOOK_TIMEOUT_SECONDS = 10;

/**
 * When to try again.
 * @param attempts that were made.
 * @param draw a number from 0 to 1.
 * @returns epoch seconds; null: not any more
 */
export function nextAttemptAt(queuedAt: number, attempts: number, now: number, draw: number): number | null {
  const pause = Math.min(FIRST_PAUSE_SECONDS * PAUSE_GROWTH ** (attempts - 1), LONGEST_PAUSE_SECONDS);
  const next = now + Math.ceil(pause * (1 + JITTER * draw));
  return next > queuedAt + RETRY_PERIOD_SECONDS ? null : next;
}

/** What a receiver's status says. */
export function outcomeOf(status: number): WebhookOutcome {
  if (status >= 200 && status < 300) return { taken: true };
  return { taken: false, failure: `status ${status}`, isFinal: status === 410 };
}

/** A message that could not be delivered is kept for the operator this long. */
export const DEAD_LETTER_SECONDS = 30 * DAY;
/** What could not be looked up is tried again after this. */
export const OUTAGE_PAUSE_SECONDS = MINUTE;
