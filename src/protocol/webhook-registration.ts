import * as v from "valibot";
import { invalidRequest } from "../shared/error.ts";
import { MAX_IDENTIFIER_CHARACTERS } from "../shared/limits.ts";
import { boundedText, line, nonEmptyListOf, oneOf, parseBody, sentObject } from "../shared/parse.ts";
import { isPublicUrl } from "../shared/public-host.ts";
import { WEBHOOK_TYPES, type WebhookEndpoint, type WebhookType } from "./webhook.ts";

/** What an operator says about an endpoint. */
export type WebhookRegistration = Pick<WebhookEndpoint, "url" | "types" | "clientId">;

/** An endpoint as the operator reads it; of its secret there is nothing to read. */
interface WebhookEndpointBody {
  readonly id: string;
  readonly url: string;
  readonly events: readonly WebhookType[];
  /** The resource server that it is for; left out: the operator's own. */
  readonly client_id?: string;
}

/** What is taken of whoever says it. */
export const WebhookRegistrationBody = sentObject({
  url: boundedText(MAX_IDENTIFIER_CHARACTERS),
  events: v.pipe(
    nonEmptyListOf(oneOf(WEBHOOK_TYPES), WEBHOOK_TYPES.length),
    v.check((events) => new Set(events).size === events.length, "must not name anything twice"),
  ),
  client_id: v.exactOptional(line(MAX_IDENTIFIER_CHARACTERS)),
});

/**
 * Reads what an operator says about an endpoint.
 * @param ownIssuer ours, which tells whether plain http on loopback is in order.
 * @throws ProtocolError invalid_request that names the member and says what is wrong.
 */
export function parseWebhookRegistration(input: unknown, ownIssuer: string): WebhookRegistration {
  const { url, events, client_id } = parseBody(WebhookRegistrationBody, input);
  if (!isPublicUrl(url, ownIssuer))
    throw invalidRequest("url: must be an https URL at a public host, without a fragment");
  return { url, types: events, clientId: client_id ?? null };
}

export function renderWebhookEndpoint({ id, url, types, clientId }: WebhookEndpoint): WebhookEndpointBody {
  return { id, url, events: types, ...(clientId === null ? {} : { client_id: clientId }) };
}
