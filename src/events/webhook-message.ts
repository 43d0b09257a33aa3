import type { WebhookMessage, WebhookType } from "../protocol/webhook.ts";
import type { KeptNotice, Notice } from "./notice.ts";
import { snakeCased } from "./render-event.ts";

/** What a notice says to webhooks, and whom it concerns. */
interface Rendering {
  readonly type: WebhookType;
  readonly data: object;
  /** The resource servers that are told; the operator is told everything. */
  readonly concerns: readonly string[];
}

/** A message, and the resource servers that are told it. */
export interface AddressedMessage {
  readonly message: WebhookMessage;
  readonly concerns: readonly string[];
}

/** A notice as webhooks tell it (docs/webhooks.md). @returns null for what people alone are told */
export function webhookMessage(ownerId: string, { id, at, notice }: KeptNotice): AddressedMessage | null {
  const rendered = render(notice);
  if (rendered === null) return null;
  const { type, data, concerns } = rendered;
  const timestamp = new Date(at * 1_000).toISOString();
  const body = JSON.stringify({ type, timestamp, data: snakeCased({ ownerId, ...data }) });
  return { message: { id, type, body }, concerns };
}

function render(notice: Notice): Rendering | null {
  switch (notice.kind) {
    case "owner_gone":
      return { type: "owner.gone", data: {}, concerns: notice.clientIds };
    case "connection_ended": {
      const resources = notice.resources === "keep" ? "kept" : "removed";
      const { clientId } = notice;
      return { type: "connection.ended", data: { clientId, resources }, concerns: [clientId] };
    }
    case "resource_dropped": {
      const { kind: _, ...data } = notice;
      return { type: "resource.dropped", data, concerns: [notice.resourceServerId] };
    }
    case "grant_withdrawn": {
      const { resourceServerId, clientId, partyReference: sub, permissions } = notice;
      const data = { resourceServerId, clientId, sub, permissions };
      return { type: "grant.withdrawn", data, concerns: [resourceServerId] };
    }
    case "request_waiting":
    case "request_decided":
    case "first_access":
    case "week":
      return null;
  }
}
